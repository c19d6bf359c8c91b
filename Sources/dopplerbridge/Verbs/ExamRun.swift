import ArgumentParser
import CCSVIAnalysis
import ExamSession
import Foundation
import ProbeLink

/// Runs an exam by its protocol, from the first step to the score.
struct ExamRun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run an exam by its protocol: record, analyse and score.",
        discussion: "With a simulated patient the result is compared with what the scenario states.")

    @OptionGroup var source: SourceOptions
    @OptionGroup var rules: ScoringOptions

    @Option(help: "The folder for the exam; it must not hold one.")
    var output: String

    @Option(help: "The subject's code; never a name.")
    var subject = "SUBJECT"

    @Option(help: "The exam's id; made from the time when not given.")
    var examID: String?

    @Flag(help: "Write the report too.")
    var report = false

    @Flag(help: "Print one JSON document: the exam.")
    var json = false

    func run() async throws {
        let console = Console()
        let now = Date()
        let interrupt = StopOnSignal()
        // What is wrong with the rules is said before a probe is opened and a folder is made.
        let scorer = try rules.scorer()
        let opened = try source.bedside(stop: interrupt.stop, console: console)
        let folder = try examination { () throws(ExamSessionError) in try ExamFolder(new: output) }
        let plan = ExamPlan(
            examProtocol: scorer.examProtocol, definition: scorer.definition, table: scorer.table,
            examID: examID ?? Self.identifier(now), subjectCode: subject,
            startedAt: now.formatted(.iso8601), software: DopplerBridge.software,
            quality: QAStateFile(path: nil).statement(now: now))
        console.say(plan.quality.isWarning ? "Warning: \(plan.quality.line)." : "\(plan.quality.line).")
        let session = ExamSession(plan: plan, bedside: opened.bedside, folder: folder)
        let outcome: ExamOutcome
        do throws(ExamSessionError) {
            outcome = try await session.run(stop: interrupt.stop) { Self.show($0, on: console) }
        } catch {
            throw Failure(error)
        }
        try opened.capture?.finish(console: console)
        try present(outcome, truth: opened.truth, folder: folder, console: console)
    }

    private func present(
        _ outcome: ExamOutcome, truth: ExpectedResult?, folder: ExamFolder, console: Console
    ) throws {
        let differences = truth.flatMap { $0.differences(from: outcome.exam.assessment) }
        if let differences {
            console.say(
                differences.isEmpty
                    ? "The result is what the scenario states." : "The result is not what the scenario states:")
            for difference in differences { console.say("  \(difference)") }
        }
        if report { console.say("Report: \(try ReportWriter(folder: folder).write())") }
        if json {
            try console.json(outcome.exam)
        } else {
            console.result(AssessmentText(outcome.exam.assessment).summary)
            console.result("Exam: \(folder.path)")
        }
        if let failure = outcome.failure { throw Failure(failure) }
        let isIncomplete = outcome.wasStopped || outcome.exam.assessment.unknownCount > 0
        if isIncomplete || differences?.isEmpty == false { throw Failure(.incomplete, "") }
    }

    private static func show(_ event: ExamEvent, on console: Console) {
        switch event {
        case .stepBegan(let number, let total, let site):
            if console.isTerminal { console.progress(number - 1, of: total, site.name) }
        case .lowFlowCheckBegan(let number, let total, let site):
            if console.isTerminal { console.progress(number - 1, of: total, "\(site.name), low-flow check") }
        case .stepEnded(let number, let total, let site, let observation):
            let found = observation.map(ExamText.words) ?? "not examined"
            console.progress(number, of: total, "\(site.name): \(found)")
        }
    }

    /// An id from the time, to the second.
    private static func identifier(_ now: Date) -> String {
        let digits = now.formatted(.iso8601).filter(\.isNumber)
        return "EX-\(digits)"
    }
}
