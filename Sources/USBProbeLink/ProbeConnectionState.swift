public import ProbeLink

/// How things stand between the bridge and one probe.
public enum ProbeConnectionState: Sendable, Hashable {
    /// It is not plugged in, as far as has been seen.
    case absent
    /// It is plugged in and is all that its profile describes.
    case attached
    /// A device with the right ids is plugged in that is not the one described; nothing is sent to it.
    case mismatched(differences: [String])
    /// This user may not open it.
    case notPermitted
    /// Another program holds it.
    case busy
    /// It is opened and does not stream.
    case open
    /// It streams.
    case streaming
    /// It went away while it was open.
    case lost
    /// It is there and does not work; the last error says why.
    case failed

    /// The word for it, as in the output for programs.
    public var word: String {
        switch self {
        case .absent: "absent"
        case .attached: "attached"
        case .mismatched: "mismatched"
        case .notPermitted: "not-permitted"
        case .busy: "busy"
        case .open: "open"
        case .streaming: "streaming"
        case .lost: "lost"
        case .failed: "failed"
        }
    }

    /// Whether the bridge holds the device.
    public var isOpen: Bool { self == .open || self == .streaming }

    /// The state after something has happened.
    ///
    /// - Returns: this state where the event has no meaning in it.
    public func after(_ event: ProbeConnectionEvent) -> ProbeConnectionState {
        switch event {
        case .seen: isOpen ? self : .attached
        case .differs(let differences): isOpen ? self : .mismatched(differences: differences)
        case .opened: isOpen ? self : .open
        case .started: self == .open || self == .failed ? .streaming : self
        case .stopped: self == .streaming ? .open : self
        case .closed: isOpen || self == .failed ? .attached : self
        case .left: isOpen || self == .lost ? .lost : .absent
        case .failed(let error): after(error)
        }
    }

    private func after(_ error: TransportError) -> ProbeConnectionState {
        switch error {
        case .disconnected, .notFound: after(.left)
        case .mismatch(_, let differences): after(.differs(differences))
        case .accessDenied: isOpen ? .failed : .notPermitted
        case .busy: isOpen ? .failed : .busy
        default: .failed
        }
    }
}

/// What happens to the connection with a probe.
public enum ProbeConnectionEvent: Sendable, Equatable {
    /// A device that is all that was asked for was seen on the bus.
    case seen
    /// A device with the right ids was seen that is not what was asked for.
    case differs([String])
    /// It was opened.
    case opened
    /// It began to stream.
    case started
    /// It stopped streaming because it was told to.
    case stopped
    /// It was given back.
    case closed
    /// It left the bus, or was not seen there.
    case left
    /// Something that was done with it failed.
    case failed(TransportError)
}
