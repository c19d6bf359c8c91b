import ArgumentParser
import ProbeLink

/// Options that ask a probe for B-mode pictures beside the Doppler samples.
struct BModeOptions: ParsableArguments {
    @Flag(name: .customLong("b-mode"), help: "Record B-mode pictures too, from a probe that makes them.")
    var isWanted = false

    @Option(
        name: .customLong("b-mode-frames-per-second"),
        help: "Pictures a second, 1 to 200; 25 when not given. 50 and more show a valve leaflet move.")
    var framesPerSecond: Double?

    // What is asked for (project choices: 38.4 mm by 40 mm hold the vein, the carotid and what lies beyond).
    private static let usualFramesPerSecond = 25.0
    private static let lines: UInt16 = 192
    private static let samplesPerLine: UInt16 = 512
    private static let depthUm: UInt32 = 40_000
    private static let linePitchNm: UInt32 = 200_000
    private static let possibleFramesPerSecond = 1.0...200.0

    func validate() throws {
        if let framesPerSecond, !Self.possibleFramesPerSecond.contains(framesPerSecond) {
            throw ValidationError("--b-mode-frames-per-second must be 1 to 200")
        }
        if framesPerSecond != nil, !isWanted {
            throw ValidationError("--b-mode-frames-per-second belongs to --b-mode: give both, or leave it out")
        }
    }

    /// Puts the pictures into what is wanted of a probe.
    func ask(_ settings: inout AcquisitionSettings) {
        guard isWanted else { return }
        settings.streams.insert(.bMode)
        settings.bModeFrameRateMilliHz = UInt32(((framesPerSecond ?? Self.usualFramesPerSecond) * 1000).rounded())
        settings.bModeLines = Self.lines
        settings.bModeSamplesPerLine = Self.samplesPerLine
        settings.bModeDepthUm = Self.depthUm
        settings.bModeLinePitchNm = Self.linePitchNm
    }

    /// Refuses to go on without the pictures that were asked for.
    func check(_ settings: AcquisitionSettings, source: String) throws {
        guard isWanted, !settings.streams.contains(.bMode) else { return }
        throw Failure(.device, "\(source) makes no B-mode pictures: leave out --b-mode")
    }
}
