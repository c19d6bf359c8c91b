public import DopplerDSP
public import ProbeLink

/// Why there is no picture of a recording.
public enum LiveViewError: Error, Sendable {
    /// Settings that cannot be used.
    case signal(DSPError)
    /// The recording cannot be played.
    case source(SourceError)
    /// The recording has no such gate.
    case noSuchGate(gate: Int, gates: Int)
    /// The recording has more columns than a piece holds.
    case tooLong(most: Int)
}

extension LiveViewError: CustomStringConvertible {
    /// What happened, and what to do next.
    public var description: String {
        switch self {
        case .signal(let error): error.description
        case .source(let error): error.description
        case .noSuchGate(let gate, let gates):
            "there is no gate \(gate): the recording has \(gates); choose one from 0 on"
        case .tooLong(let most):
            "the recording has more than \(most) columns: look at it with `dopplerbridge analyse`, or in parts"
        }
    }
}
