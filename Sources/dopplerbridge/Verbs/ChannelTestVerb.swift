import Acquisition
import ArgumentParser
import CCSVIAnalysis
import DopplerDSP
import ExamSession
import Foundation
import ProbeLink

/// Guides an operator through the test that shows whether a sound interface tells towards from away.
struct ChannelTestVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "channel-test",
        abstract: "Test whether a source tells flow towards the probe from flow away; sound interfaces need it.",
        discussion: """
            Shows the probe flow towards it, then flow away from it: a vessel of known direction held from both \
            sides, or a hand moved in a bowl of water. Only after a test that passed is what a sound interface brings \
            scored.
            """)

    @OptionGroup var source: SourceOptions

    @Option(help: "How long each direction is recorded, seconds.")
    var seconds = 5.0

    @Flag(help: "Print one JSON document.")
    var json = false

    /// Wall filter of the test, Hz (project choice: hand and vessel move faster).
    private static let wallFilterHz = 100.0
    private static let lengths = 1.0...60.0

    func validate() throws {
        guard Self.lengths.contains(seconds) else { throw ValidationError("--seconds must be 1 to 60") }
    }

    func run() throws {
        let console = Console()
        let interrupt = StopOnSignal()
        let bench = try Bench(source, stop: interrupt.stop, console: console)
        let towards = try stage(.towards, at: bench, stop: interrupt.stop, console: console)
        let away = try stage(.away, at: bench, stop: interrupt.stop, console: console)
        let test = ChannelTest(towards: towards, away: away)
        let record = ChannelTestRecord(
            device: bench.source.origin.device, madeAt: Date().formatted(.iso8601), test: test, outcome: test.outcome)
        let file = try record.save()
        if json {
            try console.json(record)
        } else {
            for stage in test.stages { console.result(Self.words(stage)) }
            console.result("\(test.outcome == .passed ? "passed" : "not passed"): \(test.advice)")
            console.result("Kept in \(file)")
        }
        if test.outcome != .passed { throw Failure(.incomplete, "") }
    }

    /// A source whose patient can be asked, or told, to show a direction.
    private struct Bench {
        var source: any FrameSource
        /// Shows a direction; false when the operator gave up.
        var show: (FlowDirection) -> Bool

        init(_ options: SourceOptions, stop: StopSignal, console: Console) throws {
            switch try SourceSpecifier(options.probe) {
            case .simulated(let simulation):
                let bedside = try SimulatedBedside(
                    try SourceOptions.scenario(simulation.scenario), simulation,
                    statedCentreFrequencyHz: options.statedFrequency)
                source = bedside.source
                show = { direction in
                    bedside.hold(at: direction)
                    return true
                }
            case .usb(let serial):
                source = try USBComposition(profile: options.profile)
                    .open(try options.wish(serial), until: stop, console: console).source
                show = { direction in
                    let way = direction == .towards ? "TOWARDS" : "AWAY FROM"
                    console.say("Show the probe flow \(way) it, then Enter.")
                    return readLine() != nil
                }
            case .replay, .capture, .wav, .sigmf, .npz, .hdf5, .iqText, .dwl:
                throw Failure(.usage, "--probe \(options.probe): a channel test needs a probe: usb or sim")
            }
        }
    }

    private func stage(
        _ direction: FlowDirection, at bench: Bench, stop: StopSignal, console: Console
    ) throws -> ChannelTest.Stage {
        guard bench.show(direction) else { throw Failure(.incomplete, "the channel test was given up") }
        console.say("Recording \(Int(seconds)) s ...")
        let outcome = try examination { () throws(ExamSessionError) in
            let settings: AcquisitionSettings
            do throws(SourceError) { settings = try bench.source.prepare(Self.wanted) } catch { throw .source(error) }
            return try StretchAnalysis(
                name: direction.rawValue,
                spectral: SpectralSettings(prfHz: settings.prfHz, wallFilterCutoffHz: Self.wallFilterHz), scale: nil,
                normalDirection: nil, seconds: seconds
            ).run(bench.source, settings: settings, recorder: nil, stop: stop)
        }
        if let failure = outcome.end.failure { throw Failure(failure) }
        let summary = outcome.segment.gates.first?.summary
        return ChannelTest.Stage(
            shown: direction, towardsDb: summary?.medianSignalToNoiseTowardsDb,
            awayDb: summary?.medianSignalToNoiseAwayDb)
    }

    /// What is asked of a source that can be set (project choice: a superficial vessel).
    private static let wanted = AcquisitionSettings(
        centreFrequencyHz: 4_000_000, prfMilliHz: 5_000_000, firstGateDepthUm: 20_000, gateLengthUm: 4_000,
        burstCycles: 8, streams: .iq, transmitLevelPerMille: 500)

    private static func words(_ stage: ChannelTest.Stage) -> String {
        func decibels(_ value: Double?) -> String { value.map { "\(ExamText.rounded($0, 1)) dB" } ?? "not measured" }
        return "flow shown \(stage.shown.rawValue): \(decibels(stage.towardsDb)) towards, "
            + "\(decibels(stage.awayDb)) away, over noise"
    }
}
