import Acquisition
import ArgumentParser
import ExamArchive
import Foundation

/// Who acts on the archive.
struct ArchiveActOptions: ParsableArguments {
    @Option(help: "Who does this, for the audit log. Without it the name of the user on this computer.")
    var by: String?

    @Option(name: .customLong("as"), help: "Sign in with this account, where the archive has accounts.")
    var account: String?

    @Option(
        help: "The account's passphrase: a file of mode 0600, fd:NUMBER, or - for standard input; else it is asked for."
    )
    var accountPassphraseFile: String?

    /// What is said of an archive without accounts.
    static let openArchive =
        "This archive has no accounts: whoever may write its folder may do everything with it (`archive account add`)."

    func validate() throws {
        if accountPassphraseFile != nil && account == nil {
            throw ValidationError("--account-passphrase-file goes with --as")
        }
    }

    /// The act, now.
    var act: ArchiveAct {
        ArchiveAct(by: by ?? NSUserName(), at: ArchiveTime(secondsSince1970: Date().timeIntervalSince1970))
    }
}

extension RecordingCondition {
    /// What the recordings' own reader says of a file.
    @Sendable
    static func read(_ path: String) -> RecordingCondition {
        do throws(RecordingError) {
            let recording = try Recording(path: path)
            return recording.isWhole ? .whole : .cutOff(unreadableBytes: recording.unreadableBytes)
        } catch {
            return .unreadable
        }
    }
}

extension Archive {
    /// Opens an archive for one act of writing, and signs in where an account is given.
    static func opened(for options: ArchiveActOptions, _ folder: String) throws -> Archive {
        let archive = try archiving { () throws(ArchiveError) in try Archive(writing: folder, act: options.act) }
        guard let name = options.account else { return archive }
        let passphrase = try SecretWord.read(options.accountPassphraseFile, prompt: "Passphrase of \(name): ")
        try archiving { () throws(ArchiveError) in
            try archive.signIn(name, passphrase: passphrase, act: options.act)
        }
        return archive
    }

    /// Opens an archive for reading.
    static func opened(_ folder: String) throws -> Archive {
        try archiving { () throws(ArchiveError) in try Archive(reading: folder) }
    }
}
