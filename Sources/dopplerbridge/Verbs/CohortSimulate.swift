import ArgumentParser
import CCSVIAnalysis
import CohortStatistics
import ExamSession
import Foundation
import ProbeLink

/// Draws a population from published prevalences, examines it, and counts it by several rules.
struct CohortSimulate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Draw a population from published prevalences, examine it, and count it by definition and threshold.",
        discussion: """
            Each person's criteria are drawn from the prevalences of a published study, one by one and independent of \
            each other, because only single criteria are published. Each person is examined by the shortest protocol \
            that decides, from samples to verdict, once without an operator's error and once with each one that is \
            given. The same exams are counted under every published definition, and under zamboni-2009 with one \
            criterion instead of two, other cut-offs of reflux and another limit of the area.
            """)

    @Option(help: "People with the disease.")
    var cases = 65

    @Option(help: "People without it.")
    var controls = 235

    @Option(help: "Where chance begins.")
    var seed: UInt64 = 1

    @Option(help: "The prevalences: \(CriterionPrevalences.all.map(\.id).joined(separator: ", ")).")
    var prevalences = CriterionPrevalences.zamboni2009.id

    @Option(help: "What the operator does wrong: \(OperatorError.help); may be given again.")
    var operatorError: [OperatorError] = []

    @Option(help: "Another cut-off of reflux in the neck, seconds; may be given again.")
    var refluxCutoffSeconds: [Double] = [0.5, 0.3]

    @Option(help: "Another limit of the jugular area, mm2; may be given again.")
    var areaLimitMm2: [Double] = [60]

    @Option(help: "The picture's file (PNG).")
    var output: String?

    @Option(help: "Keep the exams without an operator's error, and who they are, in this new folder.")
    var keep: String?

    @Flag(help: "Print one JSON document.")
    var json = false

    /// What `--json` prints.
    struct Document: Encodable {
        var schema = "dopplerbridge-cohort-simulation-1"
        var prevalences: CriterionPrevalences
        var cases: Int
        var controls: Int
        var seed: UInt64
        /// Exams that were made: everybody once for each error, and once without.
        var exams: Int
        var seconds: Double
        var countings: [CohortCounting]
        var recovery: [CriterionRecovery]
    }

    /// The most people of a group (project choice: what a long night examines).
    private static let mostPeople = 100_000

    func validate() throws {
        for (name, count) in [("--cases", cases), ("--controls", controls)]
        where !(1...Self.mostPeople).contains(count) {
            throw ValidationError("\(name) must be 1 to \(Self.mostPeople)")
        }
        guard refluxCutoffSeconds.allSatisfy({ (0.05...10).contains($0) }) else {
            throw ValidationError("--reflux-cutoff-seconds must be 0.05 to 10")
        }
        guard areaLimitMm2.allSatisfy({ (1...600).contains($0) }) else {
            throw ValidationError("--area-limit-mm2 must be 1 to 600")
        }
        guard CriterionPrevalences.all.contains(where: { $0.id == prevalences }) else {
            throw ValidationError(
                "--prevalences must be one of \(CriterionPrevalences.all.map(\.id).joined(separator: ", "))")
        }
    }

    func run() async throws {
        let console = Console()
        guard let source = CriterionPrevalences.all.first(where: { $0.id == prevalences }) else { return }
        let people = (0..<(cases + controls)).map {
            DrawnSubject($0, isCase: $0 < cases, prevalences: source, seed: seed)
        }
        if let keep { try writePeople(people, into: keep) }
        let clock = ContinuousClock()
        let began = clock.now
        var document = Document(
            prevalences: source, cases: cases, controls: controls, seed: seed, exams: 0, seconds: 0, countings: [],
            recovery: [])
        try await examine(people, into: &document, console)
        document.seconds = (clock.now - began) / .seconds(1)
        let text = SimulatedCohortText(document: document)
        if let output { try text.draw(to: output) }
        if json { try console.json(document) } else { console.result(text.text) }
    }

    private func examine(_ people: [DrawnSubject], into document: inout Document, _ console: Console) async throws {
        let rules = try self.rules()
        guard let base = rules.first else { return }
        let plan = try CohortProtocol()
        let table = try loadedTable()
        let exams = SimulatedExams(
            plan: plan, seed: seed, keptIn: keep, definition: base.definition, table: table)
        let interrupt = StopOnSignal()
        let errors: [OperatorError?] = [nil] + operatorError
        let told = ToldProgress(console, of: people.count * errors.count)
        for error in errors {
            let measured = try await exams.measured(people, error, stop: interrupt.stop) { told.next() }
            document.exams += measured.count
            func count(_ rule: CountingRule) throws {
                document.countings.append(
                    try rule.counted(people, measured, error, plan: plan.examProtocol, table: table))
            }
            if let error {
                var rule = base
                rule.setting = "\(base.definition.reference.id), \(error.words)"
                try count(rule)
            } else {
                for rule in rules { try count(rule) }
                document.recovery = try CriterionRecovery.all(
                    people, measured,
                    CriteriaScorer(definition: base.definition, examProtocol: plan.examProtocol, table: table))
            }
        }
    }

    private func loadedTable() throws -> VHISSTable {
        var options = ScoringOptions()
        options.table = "segments-v1"
        return try options.loadedTable()
    }

    /// The definitions as published, and what is changed of the first.
    private func rules() throws -> [CountingRule] {
        var options = ScoringOptions()
        options.definition = "all"
        let published = try options.loadedDefinitions()
        var rules = published.map { CountingRule(setting: $0.reference.id, definition: $0) }
        guard let base = published.first else { return rules }
        let name = base.reference.id
        rules.append(CountingRule(setting: "\(name), one criterion is enough", definition: base, criteriaAtLeast: 1))
        rules.append(CountingRule(setting: "\(name), three criteria", definition: base, criteriaAtLeast: 3))
        for seconds in refluxCutoffSeconds {
            var changed = base
            changed.c1.durationAboveSeconds.value = seconds
            rules.append(
                CountingRule(
                    setting: "\(name), reflux above \(ExamText.rounded(seconds, 2)) s", definition: changed))
        }
        for limit in areaLimitMm2 {
            var changed = base
            changed.c3.areaLimitMm2.value = limit
            rules.append(
                CountingRule(
                    setting: "\(name), area at most \(ExamText.rounded(limit, 0)) mm2", definition: changed))
        }
        return rules
    }

    /// Who is who, as `cohort table --subjects` reads it: what was drawn, not what was found.
    private func writePeople(_ people: [DrawnSubject], into folder: String) throws {
        let head = "subject,group,c1,c2,c3,c4,c5\n"
        let lines = people.map { person in
            let words = person.criteria.map { $0 ? "met" : "notMet" }.joined(separator: ",")
            return "\(person.code),\(person.isCase ? "case" : "control"),\(words)\n"
        }
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            guard try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty else {
                throw Failure(.storage, "\(folder): not empty: give a new folder with --keep")
            }
            try Data((head + lines.joined()).utf8).write(to: URL(fileURLWithPath: folder + "/drawn.csv"))
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(.storage, "\(folder): cannot be written (\(error.localizedDescription)): give another --keep")
        }
    }
}
