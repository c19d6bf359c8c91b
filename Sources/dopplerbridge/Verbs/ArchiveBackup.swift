import ArgumentParser
import ExamArchive

/// Copies an archive.
struct ArchiveBackup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copy the archive while it is in use; the copy can be verified itself.")

    @Argument(help: "The archive's folder.")
    var folder: String

    @Argument(help: "The backup's folder, new.")
    var target: String

    @OptionGroup var options: ArchiveActOptions

    func run() throws {
        let console = Console()
        let copy = try archiving { () throws(ArchiveError) in
            try Archive.backUp(folder, to: target, act: options.act)
        }
        if let reason = copy.notAudited { console.say("Not in the audit log: \(reason)") }
        console.result("Backup: \(copy.path), \(copy.exams) exams, \(copy.files) files, \(copy.bytes) bytes")
    }
}

/// Makes an archive from a backup.
struct ArchiveRestore: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Make an archive from a backup, which is verified first.")

    @Argument(help: "The backup's folder.")
    var backup: String

    @Argument(help: "The new archive's folder.")
    var folder: String

    @OptionGroup var options: ArchiveActOptions

    func run() throws {
        let copy = try archiving { () throws(ArchiveError) in
            try Archive.restore(backup, to: folder, reader: RecordingCondition.read, act: options.act)
        }
        Console().result("Archive: \(copy.path), \(copy.exams) exams, \(copy.files) files, \(copy.bytes) bytes")
    }
}
