import ArgumentParser
import ExamArchive

/// Removes exams past their term.
struct ArchivePurge: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "purge", abstract: "Remove signed exams past their term; without --yes only list them.",
        discussion: """
            An exam goes with all its versions, documents, its order, and with the subject's last exam the sealed \
            identity. It stays while an amendment is not signed and while anything of it is still to be delivered. A \
            tombstone stays, so that no exam takes its place, and the audit log. Backups are not purged.
            """)

    @Argument(help: "The archive's folder.")
    var folder: String

    @Option(help: "Whole years after the last signing.")
    var olderThanYears: Int

    @Option(help: "Why, for the tombstone and the audit log; never a name. Needed with --yes.")
    var reason: String?

    @Flag(help: "Remove them.")
    var yes = false

    @Flag(help: "Only list them; this is what is done without --yes.")
    var dryRun = false

    @Flag(help: "Print one JSON document.")
    var json = false

    @OptionGroup var options: ArchiveActOptions

    /// What was found, as one document.
    struct Document: Encodable {
        var schema = "dopplerbridge-archive-purge-1"
        var isDone: Bool
        var exams: [ExpiredExam]
    }

    func validate() throws {
        if yes && dryRun { throw ValidationError("--yes and --dry-run exclude each other") }
        if yes && (reason ?? "").isEmpty { throw ValidationError("--yes needs a --reason") }
    }

    func run() throws {
        let console = Console()
        let rule = try archiving { () throws(ArchiveError) in try RetentionRule(years: olderThanYears) }
        let exams: [ExpiredExam]
        if yes {
            let archive = try Archive.opened(for: options, folder)
            exams = try archiving { () throws(ArchiveError) in
                try archive.purge(under: rule, reason: reason ?? "", act: options.act)
            }
        } else {
            let archive = try Archive.opened(folder)
            exams = try archiving { () throws(ArchiveError) in try archive.expired(under: rule, at: options.act.at) }
        }
        if json { return try console.json(Document(isDone: yes, exams: exams)) }
        for exam in exams { console.result(text(exam)) }
        let count = exams.filter { $0.obstacle == nil }.count
        console.result(yes ? "Purged: \(count) exams" : "To be purged: \(count) exams; nothing was removed")
    }

    private func text(_ exam: ExpiredExam) -> String {
        let fate = exam.obstacle.map { "stays: \($0)" } ?? (yes ? "purged" : "may go")
        return "\(exam.examID)  signed \(exam.signedAt.text), \(exam.files) files, \(exam.bytes) bytes: \(fate)"
    }
}

/// Copies one exam out.
struct ArchiveExportVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Copy one version of an exam out, verified, with the list of its SHA-256.",
        discussion: "The copy holds SHA256SUMS: `sha256sum --check SHA256SUMS` in it checks it again.")

    @Argument(help: "The archive's folder.")
    var folder: String

    @Argument(help: "The exam's id.")
    var id: String

    @Option(help: "The folder for the copy, new.")
    var into: String

    @Option(help: "The version; without it the newest.")
    var version: Int?

    @OptionGroup var options: ArchiveActOptions

    func run() throws {
        let archive = try Archive.opened(for: options, folder)
        let copy = try archiving { () throws(ArchiveError) in
            try archive.export(id, version: version, to: into, act: options.act)
        }
        Console().result(
            "Export: \(copy.path), \(copy.examID) version \(copy.version), \(copy.files) files, \(copy.bytes) bytes")
    }
}
