import ArgumentParser
import ClinicRecord
import ExamArchive
import Foundation

/// Everything about the exams that are kept.
struct ArchiveVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "archive", abstract: "Keep exams: nothing lost, nothing changed once it is signed.",
        discussion: """
            An archive is one folder: a database, the exams' folders beside it, and an audit log. Any number of \
            processes read, one writes. Every act is told in the audit log with who did it (--by) and when.
            """,
        subcommands: [
            ArchiveInit.self, ArchiveAdd.self, ArchiveUpdate.self, ArchiveSign.self, ArchiveAmend.self,
            ArchiveList.self, ArchiveShow.self, ArchiveVerify.self, ArchiveBackup.self, ArchiveRestore.self,
            ArchiveExportVerb.self, ArchivePurge.self, ArchiveAudit.self, ArchiveIdentity.self,
            ArchiveRegistry.self, ArchiveAccountVerb.self,
        ])
}

/// Makes an archive.
struct ArchiveInit: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "init", abstract: "Make an archive in a new folder.")

    @Argument(help: "The archive's folder, new or empty.")
    var folder: String

    @OptionGroup var options: ArchiveActOptions

    func run() throws {
        let archive = try archiving { () throws(ArchiveError) in
            try Archive.make(at: folder, archiveID: UUID().uuidString, act: options.act)
        }
        Console().result("Archive: \(archive.path)")
    }
}

/// Takes an exam in.
struct ArchiveAdd: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Copy an exam's folder into the archive, whole or not at all.",
        discussion: """
            The state follows from what is in the folder: `draft` without recordings, `acquired` with recordings, \
            `analysed` with exam.json. Without exam.json its id and subject must be given.
            """)

    @Argument(help: "The archive's folder.")
    var folder: String

    @Argument(help: "The exam's folder.")
    var exam: String

    @Option(help: "The exam's id, where there is no exam.json.")
    var examID: String?

    @Option(help: "The subject's code, where there is no exam.json; never a name.")
    var subject: String?

    @OptionGroup var options: ArchiveActOptions

    func run() throws {
        let archive = try Archive.opened(for: options, folder)
        let added = try archiving { () throws(ArchiveError) in
            try archive.add(
                exam, subjectCode: subject, examID: examID, reader: RecordingCondition.read, act: options.act)
        }
        Console().result(ArchivedExamText(added).line)
    }
}

/// Puts newer documents in the place of an unsigned exam's.
struct ArchiveUpdate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Take newer documents of an unsigned exam; recordings never go or change.")

    @Argument(help: "The archive's folder.")
    var folder: String

    @Argument(help: "The exam's id.")
    var id: String

    @Argument(help: "The exam's folder.")
    var exam: String

    @OptionGroup var options: ArchiveActOptions

    func run() throws {
        let archive = try Archive.opened(for: options, folder)
        let updated = try archiving { () throws(ArchiveError) in
            try archive.update(id, from: exam, reader: RecordingCondition.read, act: options.act)
        }
        Console().result(ArchivedExamText(updated).line)
    }
}

/// Signs an exam.
struct ArchiveSign: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign", abstract: "Sign an exam: from here on its documents are never changed.",
        discussion: """
            With --settings the clinic's documents are made and put into the outbox in the same transaction: there is no \
            signed exam whose documents are forgotten. `record send` sends them.
            """)

    @Argument(help: "The archive's folder.")
    var folder: String

    @Argument(help: "The exam's id.")
    var id: String

    @Option(help: "The settings' file of the clinic's record; with a key (--key-file or --passphrase-file).")
    var settings: String?

    @Option(help: "A key file: 32 bytes or more, mode 0600.")
    var keyFile: String?

    @Option(help: "A file whose first line is the passphrase, or - for standard input.")
    var passphraseFile: String?

    @OptionGroup var options: ArchiveActOptions

    func validate() throws {
        let keys = [keyFile, passphraseFile].compactMap { $0 }.count
        guard keys == (settings == nil ? 0 : 1) else {
            throw ValidationError("--settings goes with --key-file or --passphrase-file")
        }
    }

    func run() throws {
        let archive = try Archive.opened(for: options, folder)
        var deliveries: [NewDelivery] = []
        var opened: IdentitySecret?
        if let settings {
            var given = IdentitySecretOptions()
            given.keyFile = keyFile
            given.passphraseFile = passphraseFile
            let key = try given.secret()
            let secret = try archiving { () throws(ArchiveError) in try archive.opened(key) }
            let read = try RecordSettings.read(settings)
            opened = secret
            deliveries = try SignedDispatch(archive: archive, settings: read, secret: secret, act: options.act)
                .deliveries(of: id)
        }
        let (documents, secret) = (deliveries, opened)
        let signed = try archiving { () throws(ArchiveError) in
            try archive.sign(id, deliveries: documents, secret: secret, act: options.act)
        }
        Console().result(ArchivedExamText(signed).line)
        if !deliveries.isEmpty { Console().result("In the outbox: \(deliveries.count) documents") }
    }
}

/// Takes in a new version of a signed exam.
struct ArchiveAmend: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "amend", abstract: "Take in a new version of a signed exam, which stays as it is.",
        discussion: "The new version names the one that it amends; sign it, and the earlier one is shown as amended.")

    @Argument(help: "The archive's folder.")
    var folder: String

    @Argument(help: "The exam's id.")
    var id: String

    @Argument(help: "The folder of the corrected exam, with the same recordings.")
    var exam: String

    @Option(help: "Why the exam is amended; never a name.")
    var reason: String

    @OptionGroup var options: ArchiveActOptions

    func run() throws {
        let archive = try Archive.opened(for: options, folder)
        let amended = try archiving { () throws(ArchiveError) in
            try archive.amend(id, with: exam, reason: reason, reader: RecordingCondition.read, act: options.act)
        }
        Console().result(ArchivedExamText(amended).line)
    }
}
