import ArgumentParser
import CCSVIAnalysis
import ExamSession
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

    @Argument(help: "The measurements, JSON; or the folder of an exam.")
    var file: String?

    @OptionGroup var rules: ScoringOptions

    @Option(help: "The measurements of an earlier exam, JSON: how far the severity score fell from it.")
    var baseline: String?

    @Flag(help: "Print one JSON document.")
    var json = false

    @Flag(help: "Print the JSON Schema of the file and end; with --definition all that of the result.")
    var schema = false

    func run() throws {
        let console = Console()
        if schema {
            return console.result(rules.asksForAll ? DefinitionComparison.jsonSchema : MeasurementsReader.jsonSchema)
        }
        guard let file else { throw Failure(.usage, "exam score: name the file with the measurements") }
        if baseline != nil, rules.asksForAll {
            throw Failure(.usage, "--baseline with --definition all: name the one definition that both are scored by")
        }
        let comparison = try scored(file)
        if let baseline {
            try show(comparison, since: try scored(baseline), on: console)
        } else if rules.asksForAll {
            if json {
                try console.json(comparison)
            } else {
                console.result(ComparisonText(DefinitionOverview(comparison)).text)
            }
        } else {
            for assessment in comparison.assessments {
                if json { try console.json(assessment) } else { console.result(AssessmentText(assessment).text) }
            }
        }
        if comparison.assessments.contains(where: { $0.unknownCount > 0 }) { throw Failure(.incomplete, "") }
    }

    /// An exam, the one before it, and how far the severity score fell.
    struct FollowUp: Encodable {
        var schema = "dopplerbridge-follow-up-score-1"
        var assessment: Assessment
        var baseline: Assessment
        var vhissReduction: VHISSReduction
    }

    /// The protocol that is asked for, else an exam's own, else the usual one.
    private func protocolFile(for file: String) throws -> ProtocolFile {
        var isFolder: ObjCBool = false
        guard rules.protocolName == nil, FileManager.default.fileExists(atPath: file, isDirectory: &isFolder),
            isFolder.boolValue
        else { return try rules.loadedProtocol() }
        return try ProtocolFile(of: examination { () throws(ExamSessionError) in try ExamFolder(existing: file) })
    }

    /// The measurements of a file, or of an exam's folder.
    private func measurements(in file: String) throws -> ExamMeasurements {
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: file, isDirectory: &isFolder), isFolder.boolValue {
            return try openExam(try examination { () throws(ExamSessionError) in try ExamFolder(existing: file) })
                .measurements
        }
        let bytes = Data(try readText(file).utf8)
        do throws(AnalysisError) { return try MeasurementsReader.read(bytes) } catch {
            throw Failure(.data, "\(file): \(error.description)")
        }
    }

    private func scored(_ file: String) throws -> DefinitionComparison {
        let definitions = try rules.loadedDefinitions()
        let examProtocol = try protocolFile(for: file).examProtocol
        let table = try rules.loadedTable()
        let measurements = try measurements(in: file)
        do throws(AnalysisError) {
            return try DefinitionComparison(
                measurements, under: definitions, examProtocol: examProtocol, table: table)
        } catch {
            throw Failure(.data, "\(file): \(error.description)")
        }
    }

    private func show(
        _ comparison: DefinitionComparison, since earlier: DefinitionComparison, on console: Console
    ) throws {
        for (now, before) in zip(comparison.assessments, earlier.assessments) {
            let reduction = now.vhissReduction(from: before)
            if json {
                try console.json(FollowUp(assessment: now, baseline: before, vhissReduction: reduction))
                continue
            }
            console.result(AssessmentText(now).text)
            let tenths = 10.0
            let change =
                reduction.percent.map { "fell by \(($0 * tenths).rounded() / tenths) %" }
                ?? "no change in percent: \(reduction.reason ?? "not known")"
            console.result("VHISS was \(before.vhiss.words) before: \(change)")
        }
    }
}
