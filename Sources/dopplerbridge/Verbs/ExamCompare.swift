import ArgumentParser
import CCSVIAnalysis
import ExamSession
import FollowUp
import Foundation

/// Puts exams of one subject beside each other.
struct ExamCompare: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Compare two exams of one subject step by step; three and more give a trend.",
        discussion: """
            An exam is its folder or its exam.json. --history is a CSV file of interventions: columns date \
            (2026-01-31), procedure (angioplasty, stent, other), vein (ijv, vv, azv), side, and anticoagulant and \
            note if wanted.

            A difference stands beside its error: that of the Doppler chain as `dopplerbridge qa` limits it, and 5 \
            degrees of the angle. Exit code 1 when nothing can be compared.
            """)

    @Argument(help: "Two exams or more.")
    var exams: [String] = []

    @Option(help: "The interventions, CSV.")
    var history: String?

    @Flag(help: "Print every step, also those that neither exam has.")
    var all = false

    @Flag(help: "Print one JSON document.")
    var json = false

    @Flag(help: "Print the JSON Schema of the document and end.")
    var schema = false

    func run() throws {
        let console = Console()
        if schema { return console.result(ExamTrend.jsonSchema) }
        guard !exams.isEmpty else { throw Failure(.usage, "exam compare: name two exams or more") }
        let read = try exams.map(Self.exam)
        var interventions: [Intervention] = []
        if let history {
            let text = try readText(history)
            interventions = try followUp { () throws(FollowUpError) in
                try Intervention.history(text, file: history)
            }
        }
        let trend = try followUp { () throws(FollowUpError) in try ExamTrend(read, history: interventions) }
        if json { try console.json(trend) } else { console.result(CompareText(trend, printsAll: all).text) }
        let steps = trend.comparisons.flatMap(\.steps)
        if steps.allSatisfy({ $0.difference.state == .notComparable }) {
            throw Failure(.incomplete, "no step of these exams can be compared")
        }
    }

    /// An exam from its folder or its document.
    private static func exam(_ path: String) throws -> Exam {
        var isFolder: ObjCBool = false
        let isThere = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        guard isThere, !isFolder.boolValue else {
            return try openExam(try examination { () throws(ExamSessionError) in try ExamFolder(existing: path) })
        }
        let url = URL(fileURLWithPath: path)
        let (folder, exam) = try examination { () throws(ExamSessionError) in
            let folder = try ExamFolder(existing: url.deletingLastPathComponent().path)
            return (folder, try folder.read(Exam.self, from: url.lastPathComponent))
        }
        return try opened(exam, of: folder)
    }
}

/// Runs something of follow-up and turns its errors into failures.
func followUp<Value>(_ body: () throws(FollowUpError) -> Value) throws -> Value {
    do throws(FollowUpError) { return try body() } catch {
        switch error {
        case .tooFewExams, .sameExam: throw Failure(.usage, error.description)
        case .differentSubjects, .timeUnreadable, .sameTime, .tableNotReadable, .reading:
            throw Failure(.data, error.description)
        }
    }
}
