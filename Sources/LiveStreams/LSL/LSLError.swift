/// Why nothing can be streamed to the Lab Streaming Layer.
public enum LSLError: Error, Sendable, Equatable {
    /// None of the usual names is there.
    case notFound(tried: [String])
    /// The file that was named cannot be loaded.
    case notLoaded(path: String, reason: String)
    /// What was loaded is not liblsl, or too old.
    case symbolMissing(path: String, symbol: String)
    /// The library's clock is not the host's monotonic clock.
    case otherClock(path: String, offsetSeconds: Double)
    /// The library refused an outlet.
    case noOutlet(name: String)
}

extension LSLError: CustomStringConvertible {
    /// What happened, and what to do next.
    public var description: String {
        let remedy =
            "install liblsl (https://github.com/sccn/liblsl/releases, or `pip install pylsl`, which carries one) and point "
            + "to the file with --lsl-library FILE or \(LSLLibrary.environmentName)=FILE"
        return switch self {
        case .notFound(let tried):
            "the Lab Streaming Layer needs liblsl, which is not here (tried \(tried.joined(separator: ", "))): \(remedy)"
        case .notLoaded(let path, let reason): "\(path): not loaded (\(reason)): \(remedy)"
        case .symbolMissing(let path, let symbol):
            "\(path): has no `\(symbol)`, so it is not liblsl 1.13 or newer: \(remedy)"
        case .otherClock(let path, let offset):
            "\(path): its clock is \(offset) s off the host's monotonic clock, so no stamp would be right: use the liblsl "
                + "of https://github.com/sccn/liblsl/releases"
        case .noOutlet(let name): "liblsl refused the outlet \(name): see what it says on standard error"
        }
    }
}
