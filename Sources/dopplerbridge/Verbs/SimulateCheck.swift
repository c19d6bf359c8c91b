import ArgumentParser
import CCSVIAnalysis
import ExamSession
import Foundation
import ProbeLink
import ProbeSimulator

/// Examines simulated patients from samples to score and compares with what their scenarios state.
struct SimulateCheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Examine simulated patients and compare with what their scenarios state.",
        discussion: """
            Each exam is scored under every published definition; the columns show the first. Then its report \
            is written, and its recordings are analysed again, which must give the same exam.json, byte for byte. Ends with 0 when every exam comes to what \
            its scenario states under each definition.
            """)

    @Argument(help: "Scenarios by name or YAML file; every bundled one when none is given.")
    var scenarios: [String] = []

    @Option(help: "The seed; each scenario's own when not given.")
    var seed: UInt64?

    @Flag(help: "Print one JSON document.")
    var json = false

    /// One exam.
    struct Row: Encodable {
        var scenario: String
        var statedVerdict: String
        var verdict: String
        var criteria: String
        var vhiss: String
        var recordedSeconds: Double
        var tookSeconds: Double
        var differences: [String]
    }

    func run() async throws {
        let console = Console()
        let interrupt = StopOnSignal()
        var rows: [Row] = []
        if !json { console.result(Self.line("scenario", "stated", "obtained", "C1-C5", "VHISS", "seconds", "times")) }
        for name in scenarios.isEmpty ? ScenarioLibrary.names : scenarios where !interrupt.stop.isRequested {
            let row = try await examined(name, stop: interrupt.stop)
            rows.append(row)
            if !json { Self.show(row, on: console) }
        }
        if json { try console.json(rows) }
        let wrong = rows.count { !$0.differences.isEmpty }
        if !json {
            console.result(
                wrong == 0
                    ? "\(rows.count) of \(rows.count) exams came to what their scenarios state under every definition."
                    : "\(wrong) of \(rows.count) exams did not come to what their scenarios state.")
        }
        if wrong > 0 || interrupt.stop.isRequested { throw Failure(.incomplete, "") }
    }

    private func examined(_ name: String, stop: StopSignal) async throws -> Row {
        let scenario = try SourceOptions.scenario(name)
        let simulation = SourceSpecifier.Simulation(scenario: name, seed: seed)
        let bedside = try SimulatedBedside(scenario, simulation, statedCentreFrequencyHz: 0)
        let path = FileManager.default.temporaryDirectory.appending(path: "dopplerbridge-\(UUID().uuidString)").path
        defer { Self.remove(path) }
        let folder = try examination { () throws(ExamSessionError) in try ExamFolder(new: path) }
        let plan = ExamPlan(
            examProtocol: try ExamProtocol.standard(), definition: try .zamboni2009(), table: try .segmentsV1(),
            examID: "CHECK-\(scenario.name)", subjectCode: "SUBJECT", startedAt: Date().formatted(.iso8601),
            software: DopplerBridge.software,
            quality: QualityStatement(line: "not asked", isWarning: false))
        let session = ExamSession(plan: plan, bedside: bedside, folder: folder)
        let clock = ContinuousClock()
        let began = clock.now
        let outcome: ExamOutcome
        do throws(ExamSessionError) { outcome = try await session.run(stop: stop) { _ in } } catch {
            throw Failure(error)
        }
        if let failure = outcome.failure { throw Failure(failure) }
        let took = (clock.now - began) / .seconds(1)
        let assessment = outcome.exam.assessment
        let differences = try ExpectedResult(scenario).differences(
            from: outcome.exam.measurements, examProtocol: plan.examProtocol, table: plan.table)
        _ = try ReportWriter(folder: folder).write()
        let again = try examination { () throws(ExamSessionError) in try Self.analysedAgain(folder, plan) }
        return Row(
            scenario: scenario.name, statedVerdict: scenario.expected.verdict.rawValue,
            verdict: assessment.verdict.rawValue, criteria: Self.letters(assessment),
            vhiss: Self.span(assessment.vhiss.low, assessment.vhiss.high),
            recordedSeconds: outcome.exam.recordings.reduce(0) { $0 + $1.durationSeconds }, tookSeconds: took,
            differences: differences + again)
    }

    /// What the recordings say otherwise when they are analysed again.
    private static func analysedAgain(_ folder: ExamFolder, _ plan: ExamPlan) throws(ExamSessionError) -> [String] {
        let scorer = CriteriaScorer(definition: plan.definition, examProtocol: plan.examProtocol, table: plan.table)
        switch try ExamReanalysis(folder, scorer: scorer, software: plan.software).run(onRecording: { _, _ in }) {
        case .same: return []
        case .sameValues: return ["analysed again: other bytes"]
        case .changed(_, let differences):
            return differences.map { "analysed again: \($0.path): \($0.before ?? "-"), now \($0.now ?? "-")" }
        }
    }

    private static func remove(_ path: String) {
        do { try FileManager.default.removeItem(atPath: path) } catch {
            Console().say("\(path): cannot be removed (\(error.localizedDescription)): remove it yourself")
        }
    }

    /// The criteria that are met by their number, others as `-`, `?` for not examined and `/` for not assessable.
    private static func letters(_ assessment: Assessment) -> String {
        assessment.criteria.map { finding in
            switch finding.outcome.rawValue {
            case "met": String(finding.criterion.rawValue.dropFirst())
            case "notExamined": "?"
            case "notAssessable": "/"
            default: "-"
            }
        }.joined()
    }

    private static func span(_ low: Int, _ high: Int) -> String { low == high ? "\(low)" : "\(low)-\(high)" }

    private static let widths = [26, 14, 14, 6, 6, 8, 0]

    private static func line(_ cells: String...) -> String {
        zip(cells, widths).map { $0.padding(to: $1) }.joined(separator: " ")
    }

    private static func show(_ row: Row, on console: Console) {
        let factor = row.tookSeconds > 0 ? Int((row.recordedSeconds / row.tookSeconds).rounded()) : 0
        console.result(
            line(
                row.scenario, row.statedVerdict, row.verdict, row.criteria, row.vhiss,
                "\((row.tookSeconds * 10).rounded() / 10)", "\(factor)x"))
        for difference in row.differences { console.result("    not as stated: \(difference)") }
    }
}
