import Acquisition
import ArgumentParser
import CCSVIAnalysis
import DopplerDSP
import ExamSession
import Foundation
import ProbeLink

/// Records one site into a file.
struct Acquire: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Record one site into a recording file.")

    @OptionGroup var source: SourceOptions
    @OptionGroup var stretch: StretchOptions
    @OptionGroup var picture: BModeOptions

    @Option(help: "The recording's file; it must not exist.")
    var output: String

    @Flag(help: "Print one JSON document.")
    var json = false

    /// What was recorded.
    struct Summary: Encodable {
        var file: String
        var sha256: String
        var origin: SourceOrigin
        var settings: AcquisitionSettings
        var pulses: UInt64
        var counters: LinkCounters
        var ring: RingCounters
        var endedEarlyBecause: String?
    }

    func run() throws {
        let console = Console()
        let interrupt = StopOnSignal()
        var opened = try source.stretch(stretch, stop: interrupt.stop, console: console)
        picture.ask(&opened.wanted)
        let settings = try opened.settingsInForce()
        try picture.check(settings, source: source.probe)
        let writer: RecordingWriter
        do throws(RecordingError) {
            writer = try RecordingWriter.create(
                path: output,
                description: RecordingDescription(
                    software: DopplerBridge.software, origin: opened.source.origin, settings: settings,
                    context: opened.context))
        } catch {
            throw Failure(error)
        }
        let outcome: StretchAnalysis.Outcome
        do throws(ExamSessionError) {
            outcome = try opened.analysis.run(
                opened.source, settings: settings, recorder: writer, stop: interrupt.stop)
        } catch {
            throw Failure(error)
        }
        try opened.capture?.finish(console: console)
        if let failure = outcome.end.recordingFailure { throw Failure(failure) }
        try show(outcome, origin: opened.source.origin, settings: settings, console: console)
        if let failure = outcome.end.failure { throw Failure(failure) }
    }

    private func show(
        _ outcome: StretchAnalysis.Outcome, origin: SourceOrigin, settings: AcquisitionSettings, console: Console
    ) throws {
        let fingerprint: String
        do throws(RecordingError) { fingerprint = try RecordingFingerprint.sha256(ofFile: output) } catch {
            throw Failure(error)
        }
        let closing = outcome.end.closing
        let summary = Summary(
            file: output, sha256: fingerprint, origin: origin, settings: settings, pulses: closing.ring.pulses,
            counters: closing.link, ring: closing.ring, endedEarlyBecause: closing.endedEarlyBecause)
        guard !json else { return try console.json(summary) }
        let seconds = ExamText.rounded(Double(summary.pulses) / settings.prfHz, 1)
        let lost = closing.link.missingPulses + closing.ring.droppedPulses
        let mark = origin.isSimulated ? ", SIMULATED" : ""
        console.result("\(output): \(seconds) s, \(summary.pulses) pulses, \(lost) lost\(mark)")
        for gate in outcome.segment.gates { console.result("  " + AnalysisText.words(gate)) }
    }
}
