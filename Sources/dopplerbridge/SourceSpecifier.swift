import Foundation

/// The word after `--probe`: which source, and its options.
enum SourceSpecifier: Equatable {
    /// A simulated probe before a simulated patient: a bundled scenario's name or a file's path.
    case simulated(scenario: String, seed: UInt64?, realTime: Bool)
    /// A probe on USB; with a serial number only that one.
    case usb(serial: String?)
    /// A recording, or an exam's folder.
    case replay(path: String)
    /// A stereo WAV file, I left and Q right.
    case wav(path: String)
    /// A DWL Multi-Dop recording.
    case dwl(path: String)

    /// What can stand after `--probe`.
    static let help = "sim:SCENARIO[?seed=N][&pace=real], usb, usb:SERIAL, replay:FILE, wav:FILE or dwl:FILE"

    init(_ text: String) throws {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let rest = parts.count > 1 ? parts[1] : ""
        switch parts[0] {
        case "usb": self = .usb(serial: rest.isEmpty ? nil : rest)
        case "replay" where !rest.isEmpty: self = .replay(path: rest)
        case "wav" where !rest.isEmpty: self = .wav(path: rest)
        case "dwl" where !rest.isEmpty: self = .dwl(path: rest)
        case "sim" where !rest.isEmpty: self = try Self.simulated(rest, text: text)
        default: throw Failure(.usage, "--probe \(text): not a source; give \(Self.help)")
        }
    }

    private static func simulated(_ rest: String, text: String) throws -> SourceSpecifier {
        let parts = rest.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        var seed: UInt64?
        var realTime = false
        for option in parts.count > 1 ? parts[1].split(separator: "&") : [] {
            let pair = option.split(separator: "=", maxSplits: 1).map(String.init)
            switch (pair.first, pair.last) {
            case ("seed", let value?) where UInt64(value) != nil: seed = UInt64(value)
            case ("pace", "real"): realTime = true
            case ("pace", "fast"): realTime = false
            default:
                throw Failure(.usage, "--probe \(text): unknown option `\(option)`; known are seed=N, pace=real|fast")
            }
        }
        guard !parts[0].isEmpty else { throw Failure(.usage, "--probe \(text): the scenario's name is missing") }
        return .simulated(scenario: parts[0], seed: seed, realTime: realTime)
    }
}
