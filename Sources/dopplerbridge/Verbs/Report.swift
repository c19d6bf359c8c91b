import ArgumentParser
import ExamSession

/// Writes the report of an exam that was run.
struct Report: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write report.pdf from an exam's folder.",
        discussion: "The same exam gives the same bytes. Recordings that were changed since are refused.")

    @Argument(help: "The exam's folder.")
    var folder: String

    func run() throws {
        let exam = try examination { () throws(ExamSessionError) in try ExamFolder(existing: folder) }
        Console().result(try ReportWriter(folder: exam).write())
    }
}
