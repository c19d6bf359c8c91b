import ArgumentParser
import ExamArchive

/// Shows and checks the audit log.
struct ArchiveAudit: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Print the audit log, or check it.",
        discussion: """
            Each line's hash covers the line before: --check finds a line that was removed, changed, put elsewhere or cut \
            from the end (by the file audit.head beside the database). Somebody who may write both files can compute the \
            whole log anew; only a head that was noted elsewhere (--head) shows that.
            """)

    @Argument(help: "The archive's folder.")
    var folder: String

    @Flag(help: "Check the log instead of printing it. Exit code 1 when it is not what it was.")
    var check = false

    @Option(help: "With --check: a head that was noted before, NUMBER:HASH.")
    var head: String?

    @Flag(help: "Print one JSON document.")
    var json = false

    /// The log as one document.
    struct Document: Encodable {
        var schema = "dopplerbridge-audit-1"
        var lines: [AuditLine]
    }

    func validate() throws {
        if head != nil && !check { throw ValidationError("--head goes with --check") }
    }

    func run() throws {
        let console = Console()
        let archive = try Archive.opened(folder)
        if check { return try check(archive, on: console) }
        let lines = try archiving { () throws(ArchiveError) in try archive.auditLines() }
        if json { return try console.json(Document(lines: lines)) }
        console.result(lines.map(Self.text).joined(separator: "\n"))
    }

    private func check(_ archive: Archive, on console: Console) throws {
        let found = try archiving { () throws(ArchiveError) in
            try archive.checkAudit(noted: try head.map { text throws(ArchiveError) in try AuditHead(noted: text) })
        }
        if json {
            try console.json(found)
        } else {
            for problem in found.problems { console.result(problem) }
            if !found.setBackLines.isEmpty {
                let numbers = found.setBackLines.map { "\($0)" }.joined(separator: ", ")
                console.result("The clock was set back before line \(numbers).")
            }
            let verdict = found.problems.isEmpty ? "the chain is whole" : "\(found.problems.count) problems"
            console.result("\(found.lineCount) lines: \(verdict)")
            console.result("Head, to be noted elsewhere: \(found.head.text)")
        }
        guard found.problems.isEmpty else { throw Failure(.incomplete, "") }
    }

    private static func text(_ line: AuditLine) -> String {
        let exam = line.examID.map { "\($0)\(line.version.map { version in ", version \(version)" } ?? ""): " } ?? ""
        let clock = line.isClockSetBack ? " (the clock was set back)" : ""
        return "\(line.sequence)  \(line.at.text)\(clock)  \(line.actor)  \(line.event)  \(exam)\(line.details)"
    }
}
