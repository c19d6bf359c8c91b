import ArgumentParser
import ExamArchive

/// Who may do what in an archive.
struct ArchiveAccountVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "account", abstract: "Keep the accounts of an archive: technician, reader, administrator.",
        discussion: """
            Without any account whoever may write the archive's folder may do everything. The first account is an \
            administrator's; from then on each act needs somebody who is signed in (--as) and may do it: a technician \
            takes exams in and enters who was examined, a reader signs and amends, an administrator keeps accounts, the \
            key and the retention. Passphrases have 15 characters or more and are never arguments. After five wrong ones \
            an account is locked for 15 minutes, and after each further one for twice as long.
            """,
        subcommands: [Add.self, List.self, Passphrase.self, Remove.self])

    /// A role by its word.
    @Sendable
    static func role(_ word: String) throws -> ArchiveRole {
        guard let role = ArchiveRole(rawValue: word) else {
            throw ValidationError(
                "`\(word)` is no role: \(ArchiveRole.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return role
    }

    /// Makes one.
    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make an account.")

        @Argument(help: "The archive's folder.")
        var folder: String

        @Argument(help: "The account's name.")
        var name: String

        @Option(help: "technician, reader or administrator.", transform: ArchiveAccountVerb.role)
        var role: ArchiveRole

        @Option(
            help: "The new passphrase: a file of mode 0600, fd:NUMBER, or - for standard input; else it is asked for.")
        var newPassphraseFile: String?

        @OptionGroup var options: ArchiveActOptions

        func run() throws {
            let archive = try Archive.opened(for: options, folder)
            let passphrase = try SecretWord.new(newPassphraseFile, of: name)
            try archiving { () throws(ArchiveError) in
                try archive.addAccount(name, role: role, passphrase: passphrase, act: options.act)
            }
            Console().result("Account: \(name), \(role.rawValue)")
        }
    }

    /// Lists them.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the accounts.")

        @Argument(help: "The archive's folder.")
        var folder: String

        @Flag(help: "Print one JSON document.")
        var json = false

        /// The list as one document.
        struct Document: Encodable {
            var schema = "dopplerbridge-archive-accounts-1"
            var accounts: [ArchiveAccount]
        }

        func run() throws {
            let console = Console()
            let archive = try Archive.opened(folder)
            let accounts = try archiving { () throws(ArchiveError) in try archive.accounts() }
            if json { return try console.json(Document(accounts: accounts)) }
            if accounts.isEmpty { return console.result(ArchiveActOptions.openArchive) }
            for account in accounts {
                let lock = account.lockedUntil.map { ", locked until \($0.text)" } ?? ""
                console.result("\(account.name), \(account.role.rawValue), since \(account.addedAt.text)\(lock)")
            }
        }
    }

    /// Changes a passphrase.
    struct Passphrase: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give an account another passphrase: your own, or as administrator anybody's.")

        @Argument(help: "The archive's folder.")
        var folder: String

        @Argument(help: "The account's name.")
        var name: String

        @Option(
            help: "The new passphrase: a file of mode 0600, fd:NUMBER, or - for standard input; else it is asked for.")
        var newPassphraseFile: String?

        @OptionGroup var options: ArchiveActOptions

        func run() throws {
            let archive = try Archive.opened(for: options, folder)
            let passphrase = try SecretWord.new(newPassphraseFile, of: name)
            try archiving { () throws(ArchiveError) in
                try archive.setPassphrase(passphrase, of: name, act: options.act)
            }
            Console().result("Passphrase changed: \(name)")
        }
    }

    /// Removes one.
    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Remove an account; the last administrator's stays.")

        @Argument(help: "The archive's folder.")
        var folder: String

        @Argument(help: "The account's name.")
        var name: String

        @OptionGroup var options: ArchiveActOptions

        func run() throws {
            let archive = try Archive.opened(for: options, folder)
            try archiving { () throws(ArchiveError) in try archive.removeAccount(name, act: options.act) }
            Console().result("Removed: \(name)")
        }
    }
}
