import ArgumentParser
import ExamArchive
import Foundation

/// Looks at everything in an archive.
struct ArchiveVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check every file, every recording, the database and the audit log.",
        discussion: """
            Exit code 1 when something is not as it was stored. What a process that was ended left behind is cleared \
            first, where nobody else writes and the disk can be written.
            """)

    @Argument(help: "The archive's folder, or that of a backup.")
    var folder: String

    @Flag(help: "Print one JSON document.")
    var json = false

    @OptionGroup var options: ArchiveActOptions

    func run() throws {
        let console = Console()
        try clear(console)
        let archive = try Archive.opened(folder)
        let result = try archiving { () throws(ArchiveError) in
            try archive.verify(reader: RecordingCondition.read) { done, total in
                if console.isTerminal { console.progress(done, of: total, "files") }
            }
        }
        if json { try console.json(result) } else { show(result, on: console) }
        guard result.isClean else { throw Failure(.incomplete, "") }
    }

    /// Lets an opening for writing clear leftovers; where that cannot be, the look goes on without.
    private func clear(_ console: Console) throws {
        do throws(ArchiveError) { _ = try Archive(writing: folder, act: options.act) } catch {
            switch error {
            case .inUse, .readOnly, .diskFull, .auditBroken: console.say("Not cleared first: \(error.description)")
            case .storage where access(folder, R_OK) == 0: console.say("Not cleared first: \(error.description)")
            default: throw Failure(error)
            }
        }
    }

    private func show(_ result: ArchiveVerification, on console: Console) {
        for remark in result.remarks { console.say(remark) }
        for finding in result.findings { console.result("\(finding.place): \(finding.what)") }
        let cutOff = result.recordingsCutOff
        let notes = cutOff > 0 ? ", \(cutOff) recordings break off as they did when they were archived" : ""
        console.result(
            "\(result.exams) exams, \(result.files) files, \(result.deliveries) documents of the outbox, "
                + "\(result.bytes) bytes\(notes): "
                + (result.isClean ? "everything is as it was stored" : "\(result.findings.count) findings"))
        if let head = result.auditHead { console.result("Head of the audit log: \(head.text)") }
    }
}
