import ArgumentParser
import CCSVIAnalysis
import ExamSession

/// Shows an exam that was run.
struct ExamShow: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show an exam in words.")

    @Argument(help: "The exam's folder.")
    var folder: String

    @Flag(help: "Print one JSON document: the exam.")
    var json = false

    func run() throws {
        let console = Console()
        let exam = try examination { () throws(ExamSessionError) in try ExamFolder(existing: folder).exam() }
        guard !json else { return try console.json(exam) }
        console.result(ExamText(exam).text)
    }
}

/// Does something with an exam and turns its errors into failures.
func examination<Value>(_ body: () throws(ExamSessionError) -> Value) throws -> Value {
    do throws(ExamSessionError) { return try body() } catch { throw Failure(error) }
}
