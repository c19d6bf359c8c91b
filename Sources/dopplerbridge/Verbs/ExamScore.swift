import ArgumentParser
import CCSVIAnalysis
import Foundation

/// Scores the measurements of an exam without any recording.
struct ExamScore: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "score",
        abstract: "Score the measurements of an exam (JSON) without any recording.",
        discussion: """
            The file follows exam-measurements.schema.json, which --schema prints. With --definition all every published \
            definition is scored, side by side, with what changes and why.
            """)

    @Argument(help: "The measurements, JSON.")
    var file: String?

    @OptionGroup var rules: ScoringOptions

    @Flag(help: "Print one JSON document.")
    var json = false

    @Flag(help: "Print the JSON Schema of the file and end.")
    var schema = false

    func run() throws {
        let console = Console()
        if schema { return console.result(MeasurementsReader.jsonSchema) }
        guard let file else { throw Failure(.usage, "exam score: name the file with the measurements") }
        let definitions = try rules.loadedDefinitions()
        let bytes = Data(try readText(file).utf8)
        let comparison: DefinitionComparison
        let examProtocol = try rules.loadedProtocol()
        let table = try rules.loadedTable()
        do throws(AnalysisError) {
            comparison = try DefinitionComparison(
                try MeasurementsReader.read(bytes), under: definitions, examProtocol: examProtocol, table: table)
        } catch {
            throw Failure(.data, "\(file): \(error.description)")
        }
        try show(comparison, on: console)
        if comparison.assessments.contains(where: { $0.unknownCount > 0 }) { throw Failure(.incomplete, "") }
    }

    private func show(_ comparison: DefinitionComparison, on console: Console) throws {
        if rules.asksForAll {
            if json { return try console.json(comparison) }
            return console.result(ComparisonText(comparison).text)
        }
        for assessment in comparison.assessments {
            if json { try console.json(assessment) } else { console.result(AssessmentText(assessment).text) }
        }
    }
}
