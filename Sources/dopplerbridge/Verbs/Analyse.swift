import Acquisition
import ArgumentParser
import ExamSession
import Foundation
import ProbeLink

/// Analyses one source: spectra, velocities, envelope and reflux.
struct Analyse: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Analyse a probe, a recording or a file: velocities, envelope, direction, reflux.",
        discussion: """
            --json gives for each gate the time axis, mean velocity, envelope, direction, signal-to-noise ratio and \
            flags of every column, and the reflux episodes with their certainty. What was not measured is null.
            """)

    @OptionGroup var source: SourceOptions
    @OptionGroup var stretch: StretchOptions

    @Option(help: "With several --gates: draw depth against velocity into this file (PNG).")
    var profileOutput: String?

    @Flag(help: "Print one JSON document.")
    var json = false

    /// Profiles a second of the picture when none are asked for.
    private static let usualProfilesPerSecond = 50.0

    func run() throws {
        let console = Console()
        let document: AnalysisDocument
        var failure: Failure?
        if case .dwl(let path) = try SourceSpecifier(source.probe) {
            document = try DWLAnalysis(path: path, options: stretch).document()
        } else {
            let interrupt = StopOnSignal()
            var opened = try source.stretch(stretch, stop: interrupt.stop, console: console)
            if profileOutput != nil, opened.analysis.profilesPerSecond == nil {
                opened.analysis.profilesPerSecond = Self.usualProfilesPerSecond
            }
            (document, failure) = try analysed(opened, stop: interrupt.stop)
            try opened.capture?.finish(console: console)
        }
        if let profileOutput { try ProfilePicture(document).write(to: profileOutput) }
        if json {
            try console.json(document)
        } else {
            console.result(AnalysisText(document).text)
        }
        if let failure { throw failure }
        if !document.problems.isEmpty { throw Failure(.incomplete, document.problems.joined(separator: "; ")) }
    }

    private func analysed(
        _ opened: OpenedStretch, stop: StopSignal
    ) throws -> (AnalysisDocument, Failure?) {
        let settings = try opened.settingsInForce()
        let outcome = try examination { () throws(ExamSessionError) in
            try opened.analysis.run(opened.source, settings: settings, recorder: nil, stop: stop)
        }
        var document = AnalysisDocument(
            software: DopplerBridge.software, origin: opened.source.origin, segments: [outcome.segment],
            problems: opened.problems)
        if outcome.segment.counters?.cutOff == 1 {
            document.problems.append("the samples were cut off: the source promises more than there are")
        }
        return (document, outcome.end.failure.map { Failure($0) })
    }
}
