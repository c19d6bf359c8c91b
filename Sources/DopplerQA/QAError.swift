public import DopplerDSP

/// Why quality assurance cannot be run.
public enum QAError: Error, Sendable, Equatable {
    /// The protocol has no preset of this name.
    case unknownPreset(String)
    /// There is no clause of this name.
    case unknownClause(String, known: [String])
    /// The chain refused a scene.
    case chain(DSPError)
    /// A truth file cannot be used, and why.
    case truth(String)
    /// A record of earlier runs cannot be used, and why.
    case record(String)
}

extension QAError: CustomStringConvertible {
    /// What is wrong, where, and what to do next.
    public var description: String {
        switch self {
        case .unknownPreset(let name):
            "the exam protocol has no preset \(name): quality assurance runs on the standard protocol"
        case .unknownClause(let name, let known):
            "--clause \(name): no such clause; known are \(known.joined(separator: ", "))"
        case .chain(let error): "the Doppler chain refused a test scene: \(error.description)"
        case .truth(let reason): "the truth file cannot be used: \(reason)"
        case .record(let reason): "the record of quality assurance cannot be used: \(reason)"
        }
    }
}
