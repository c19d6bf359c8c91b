import Foundation

/// The word after `--probe`: which source, and its options.
enum SourceSpecifier: Equatable {
    /// A simulated probe before a simulated patient: a bundled scenario's name or a file's path.
    case simulated(Simulation)
    /// A probe on USB; with a serial number only that one.
    case usb(serial: String?)
    /// A recording, or an exam's folder.
    case replay(path: String)
    /// A stereo WAV file, I left and Q right.
    case wav(path: String)
    /// A SigMF recording, by its metadata's file.
    case sigmf(path: String)
    /// Text, a pulse a line: time in microseconds, I, Q.
    case iqText(path: String)
    /// An archive of NumPy's arrays.
    case npz(path: String)
    /// An HDF5 file of arrays.
    case hdf5(path: String)
    /// A DWL Multi-Dop recording.
    case dwl(path: String)
    /// A USB session that was captured; the profile says how its probe speaks.
    case capture(path: String, profileID: String)

    /// Which simulated patient, and before which probe.
    struct Simulation: Equatable {
        /// A bundled scenario's name, or a file's path.
        var scenario: String
        /// Where its chance begins; `nil` = the scenario's own.
        var seed: UInt64?
        /// Whether its time is that of the clock on the wall.
        var isRealTime = false
        /// The profile of the probe that is simulated.
        var profileID = SourceSpecifier.usualProfileID

        /// The word for it, with the seed that holds.
        func specifier(seed: UInt64) -> String {
            let isUsual = profileID == SourceSpecifier.usualProfileID
            return "sim:\(scenario)?seed=\(seed)" + (isUsual ? "" : "&profile=\(profileID)")
        }
    }

    /// The profile of a probe of which nothing is said.
    static let usualProfileID = "odp/reference"
    /// What can stand after `--probe`.
    static let help =
        "sim:SCENARIO[?seed=N][&pace=real][&profile=ID], usb, usb:SERIAL, replay:FILE, capture:FILE[?profile=ID], "
        + "wav:FILE, sigmf:FILE.sigmf-meta, npz:FILE, hdf5:FILE, iq-text:FILE or dwl:FILE"

    init(_ text: String) throws {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let rest = parts.count > 1 ? parts[1] : ""
        switch parts[0] {
        case "usb": self = .usb(serial: rest.isEmpty ? nil : rest)
        case "replay" where !rest.isEmpty: self = .replay(path: rest)
        case "wav" where !rest.isEmpty: self = .wav(path: rest)
        case "sigmf" where !rest.isEmpty: self = .sigmf(path: rest)
        case "iq-text" where !rest.isEmpty: self = .iqText(path: rest)
        case "npz" where !rest.isEmpty: self = .npz(path: rest)
        case "hdf5" where !rest.isEmpty: self = .hdf5(path: rest)
        case "dwl" where !rest.isEmpty: self = .dwl(path: rest)
        case "capture" where !rest.isEmpty: self = try Self.captured(rest, text: text)
        case "sim" where !rest.isEmpty: self = try Self.simulated(rest, text: text)
        default: throw Failure(.usage, "--probe \(text): not a source; give \(Self.help)")
        }
    }

    private static func simulated(_ rest: String, text: String) throws -> SourceSpecifier {
        let (name, options) = Self.options(rest)
        var simulation = Simulation(scenario: name)
        for option in options {
            switch (option.name, option.value) {
            case ("seed", let value) where UInt64(value) != nil: simulation.seed = UInt64(value)
            case ("pace", "real"): simulation.isRealTime = true
            case ("pace", "fast"): simulation.isRealTime = false
            case ("profile", let value) where !value.isEmpty: simulation.profileID = value
            default:
                throw Failure(
                    .usage,
                    "--probe \(text): unknown option `\(option.text)`; known are seed=N, pace=real|fast, profile=ID")
            }
        }
        guard !name.isEmpty else { throw Failure(.usage, "--probe \(text): the scenario's name is missing") }
        return .simulated(simulation)
    }

    private static func captured(_ rest: String, text: String) throws -> SourceSpecifier {
        let (path, options) = Self.options(rest)
        var profileID = usualProfileID
        for option in options {
            guard option.name == "profile", !option.value.isEmpty else {
                throw Failure(.usage, "--probe \(text): unknown option `\(option.text)`; known is profile=ID")
            }
            profileID = option.value
        }
        return .capture(path: path, profileID: profileID)
    }

    /// One `name=value` behind the question mark, and its text.
    private typealias Setting = (name: String, value: String, text: String)

    /// The part before the question mark, and the settings behind it.
    private static func options(_ rest: String) -> (head: String, options: [Setting]) {
        let parts = rest.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let options = (parts.count > 1 ? parts[1].split(separator: "&") : []).map { option in
            let pair = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            return (name: pair[0], value: pair.count > 1 ? pair[1] : "", text: String(option))
        }
        return (parts[0], options)
    }
}
