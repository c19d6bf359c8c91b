import ArgumentParser
import CCSVIAnalysis
import Foundation

/// Scores the measurements of an exam without any recording.
struct ExamScore: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "score",
        abstract: "Score the measurements of an exam (JSON) without any recording.",
        discussion: "The file follows exam-measurements.schema.json, which --schema prints.")

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
        let scorer = try rules.scorer()
        let bytes = Data(try readText(file).utf8)
        let assessment: Assessment
        do throws(AnalysisError) {
            let measurements = try MeasurementsReader.read(bytes)
            assessment = try scorer.assess(measurements)
        } catch {
            throw Failure(.data, "\(file): \(error.description)")
        }
        if json { try console.json(assessment) } else { console.result(AssessmentText(assessment).text) }
        if assessment.unknownCount > 0 { throw Failure(.incomplete, "") }
    }
}
