import ArgumentParser
import CohortStatistics

/// Prints what a two-by-two table says.
struct CohortTable: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "table",
        abstract: "Print what a two-by-two table says: prevalence, sensitivity, predictive values, ratios, tests.",
        discussion: """
            The counts come from --cases and --controls (FINDINGS/PEOPLE), from --studies, or from --subjects: a CSV \
            file with a person a row, columns subject, group (case or control) and one for each finding (yes, no, \
            met, notMet, positive, negative; notExamined, notAssessable, borderline and indeterminate are left out \
            and counted).

            \(StudyOptions.columns)
            """)

    @Option(help: "Cases with the finding and all cases: 38/1165.")
    var cases: String?

    @Option(help: "Controls with the finding and all controls: 8/376.")
    var controls: String?

    @Option(help: "A CSV file with a person a row.")
    var subjects: String?

    @OptionGroup var options: StudyOptions

    @Flag(help: "Print one JSON document.")
    var json = false

    func validate() throws {
        guard (cases == nil) == (controls == nil) else { throw ValidationError("--cases and --controls go together") }
        guard [cases, subjects, options.studies].count(where: { $0 != nil }) == 1 else {
            throw ValidationError("give --cases and --controls, or --subjects, or --studies")
        }
        if options.question != nil, options.studies == nil { throw ValidationError("--question needs --studies") }
    }

    /// One table of the JSON document.
    private struct Document: Encodable {
        var title: String
        var study: CohortStudy?
        var casesLeftOut: Int?
        var controlsLeftOut: Int?
        var table: TableSummary
    }

    func run() throws {
        let console = Console()
        let tables = try documents()
        guard !json else { return try console.json(tables) }
        let texts = tables.map { document in
            let study = document.study
            return CohortTableText(
                title: document.title, groups: (study?.caseGroup ?? "cases", study?.controlGroup ?? "controls"),
                summary: document.table, remarks: Self.remarks(document)
            ).text
        }
        console.result(texts.joined(separator: "\n\n"))
        console.result("\nLimits are 95 %; those of shares are exact (\(Self.shareMethod)).")
    }

    private static let shareMethod = "Clopper-Pearson"

    private func documents() throws -> [Document] {
        if let subjects {
            let text = try readText(subjects)
            let counts = try CohortText.fromFile { () throws(CohortError) in
                try SubjectList(text, file: subjects).counts()
            }
            return counts.map { count in
                Document(
                    title: count.finding, casesLeftOut: count.casesLeftOut, controlsLeftOut: count.controlsLeftOut,
                    table: TableSummary(count.counts))
            }
        }
        if let source = options.studies {
            return try options.chosen(from: source).studies.map { study in
                Document(title: "\(study.name), \(study.question)", study: study, table: TableSummary(study.counts))
            }
        }
        let (cases, controls) = (try Self.counts(cases, "--cases"), try Self.counts(controls, "--controls"))
        do throws(CohortError) {
            let table = try TwoByTwo(
                casesWith: cases.findings, of: cases.people, controlsWith: controls.findings, of: controls.people)
            return [Document(title: "counts as given", table: TableSummary(table))]
        } catch {
            throw Failure(.usage, error.description)
        }
    }

    /// `38/1165` as two counts.
    private static func counts(_ text: String?, _ option: String) throws -> (findings: Int, people: Int) {
        let text = text ?? ""
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let findings = parts[0], let people = parts[1] else {
            throw Failure(.usage, "\(option) \(text): give two counts, findings and people: 38/1165")
        }
        return (findings, people)
    }

    private static func remarks(_ document: Document) -> [String] {
        var lines: [String] = []
        if let cases = document.casesLeftOut, let controls = document.controlsLeftOut, cases + controls > 0 {
            lines.append("Without an answer and left out: \(cases) cases, \(controls) controls.")
        }
        if let study = document.study { lines += CohortForestText.remarks(of: study) }
        return lines
    }
}
