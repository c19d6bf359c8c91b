import ArgumentParser
import CCSVIAnalysis
import ExamSession
import Foundation

/// Shows an exam that was run.
struct ExamShow: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show an exam in words.")

    @Argument(help: "The exam's folder.")
    var folder: String

    @Option(help: "Show a blinded exam under this subject code: recordings and settings, and no result.")
    var blinded: String?

    @Option(help: "Open the result of a blinded exam: who does so. It is logged in the exam's folder.")
    var unblind: String?

    @Option(help: "With --unblind: why.")
    var reason: String?

    @Flag(help: "Print one JSON document: the exam.")
    var json = false

    func validate() throws {
        if blinded != nil, unblind != nil { throw ValidationError("--blinded and --unblind exclude each other") }
        if (unblind == nil) != (reason == nil) { throw ValidationError("--unblind and --reason go together") }
    }

    func run() throws {
        let console = Console()
        let examFolder = try examination { () throws(ExamSessionError) in try ExamFolder(existing: folder) }
        if let blinded { return try showBlinded(examFolder, blinded, on: console) }
        if let unblind, let reason { try open(examFolder, by: unblind, because: reason, on: console) }
        let exam = try openExam(examFolder)
        guard !json else { return try console.json(exam) }
        console.result(ExamText(exam).text)
    }

    private func showBlinded(_ folder: ExamFolder, _ code: String, on console: Console) throws {
        let exam = try examination { () throws(ExamSessionError) in try folder.exam() }
        // Another code would tell that the exam is somebody else's.
        guard code == (exam.blinding?.code ?? exam.subjectCode) else {
            throw Failure(.usage, "\(folder.path): it is not the exam of \(code): check the code")
        }
        let blinding = exam.blinding ?? Blinding(code: code, since: exam.startedAt)
        guard !json else { return try console.json(BlindedDocument(exam, blinding)) }
        console.result(BlindedText(exam: exam, blinding: blinding).text)
    }

    private func open(_ folder: ExamFolder, by name: String, because reason: String, on console: Console) throws {
        guard ![name, reason].contains(where: { $0.allSatisfy(\.isWhitespace) }) else {
            throw Failure(.usage, "--unblind: say who opens the result and why")
        }
        let exam = try examination { () throws(ExamSessionError) in try folder.exam() }
        guard exam.blinding != nil else {
            throw Failure(.usage, "\(folder.path): it is not blinded: leave out --unblind")
        }
        let unblinding = Unblinding(at: Date().formatted(.iso8601), by: name, reason: reason)
        try examination { () throws(ExamSessionError) in try folder.log(unblinding) }
        console.say("Unblinded at \(unblinding.at) by \(name): \(reason)")
    }
}

/// Does something with an exam and turns its errors into failures.
func examination<Value>(_ body: () throws(ExamSessionError) -> Value) throws -> Value {
    do throws(ExamSessionError) { return try body() } catch { throw Failure(error) }
}
