public import ProbeLink

/// The state of one probe's connection and the last thing that went wrong with it.
public struct ProbeConnection: Sendable, Equatable {
    /// How things stand.
    public private(set) var state: ProbeConnectionState
    /// What failed last, kept until the probe is opened anew; `nil` = nothing has.
    public private(set) var lastError: TransportError?

    /// A connection in some state without an error; nothing seen yet unless told otherwise.
    public init(_ state: ProbeConnectionState = .absent) { self.state = state }

    /// Takes note of what happened.
    public mutating func note(_ event: ProbeConnectionEvent) {
        state = state.after(event)
        switch event {
        case .failed(let error): lastError = error
        case .opened: lastError = nil
        case .seen, .differs, .started, .stopped, .closed, .left: break
        }
    }
}

extension USBAttachedDevice {
    /// How an attached device stands to a rule, as far as its descriptors tell without sending it anything.
    public func connection(for rule: USBMatchRule) -> ProbeConnection {
        var connection = ProbeConnection()
        switch matches(rule) {
        case .match: connection.note(.seen)
        case .differences(let differences):
            if strings.contains(where: \.isUnreadable) {
                connection.note(.failed(.accessDenied(device: label)))
            } else {
                connection.note(.failed(.mismatch(device: label, differences: differences)))
            }
        }
        return connection
    }

    private var strings: [USBDeviceString] { [manufacturer, product, serialNumber] }
}

extension USBDeviceString {
    /// Whether the device could not be asked.
    var isUnreadable: Bool {
        if case .unreadable = self { true } else { false }
    }
}
