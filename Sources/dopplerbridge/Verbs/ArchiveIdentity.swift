import ArgumentParser
import ExamArchive
import Foundation

/// Who the subjects are.
struct ArchiveIdentity: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "identity", abstract: "Store and show who a subject is, sealed.",
        discussion: """
            Identities are sealed by AES-256-GCM, apart from everything clinical. The first one chooses the key: a \
            passphrase of 15 characters or more (scrypt), or a key file of mode 0600 that lies outside the archive. \
            Without the key nobody reads them again: keep a copy of it elsewhere.
            """,
        subcommands: [SetIdentity.self, ShowIdentity.self])

    /// Stores one.
    struct SetIdentity: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "set", abstract: "Store who a subject is.",
            discussion: """
                The identity is JSON with familyName and givenName, and birthDate, sex (female, male or other), patientID and \
                issuer where they are known; names in ideographic and phonetic characters as ideographicFamilyName, \
                ideographicGivenName, phoneticFamilyName and phoneticGivenName. It is never an argument, because other users see those.
                """)

        @Argument(help: "The archive's folder.")
        var folder: String

        @Argument(help: "The subject's code.")
        var subject: String

        @Option(help: "The file with the identity, or - for standard input.")
        var from: String

        @OptionGroup var secret: IdentitySecretOptions
        @OptionGroup var options: ArchiveActOptions

        func run() throws {
            if from == "-" && secret.passphraseFile == "-" {
                throw Failure(.usage, "--from - with --passphrase-file -: only one can come from standard input")
            }
            let identity: PatientIdentity
            do {
                let text = from == "-" ? try IdentitySecretOptions.standardInput() : try readText(from)
                identity = try JSONDecoder().decode(PatientIdentity.self, from: Data(text.utf8))
            } catch is DecodingError {
                // Where and what would repeat the identity.
                throw Failure(.data, "\(from): not an identity: give JSON with familyName and givenName")
            }
            let key = try secret.secret()
            let archive = try Archive.opened(for: options, folder)
            try archiving { () throws(ArchiveError) in
                try archive.setIdentity(identity, of: subject, secret: key, act: options.act)
            }
            Console().result("Stored, sealed: subject \(subject)")
        }
    }

    /// Shows one.
    struct ShowIdentity: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Show who a subject is; the audit log tells of it.")

        @Argument(help: "The archive's folder.")
        var folder: String

        @Argument(help: "The subject's code.")
        var subject: String

        @OptionGroup var secret: IdentitySecretOptions
        @OptionGroup var options: ArchiveActOptions

        func run() throws {
            let key = try secret.secret()
            let archive = try Archive.opened(for: options, folder)
            let identity = try archiving { () throws(ArchiveError) in
                try archive.showIdentity(of: subject, secret: key, act: options.act)
            }
            try Console().json(identity)
        }
    }
}

/// What opens the sealed identities.
struct IdentitySecretOptions: ParsableArguments {
    @Option(help: "A key file: 32 bytes or more, mode 0600.")
    var keyFile: String?

    @Option(help: "A file whose first line is the passphrase, or - for standard input.")
    var passphraseFile: String?

    func validate() throws {
        if (keyFile == nil) == (passphraseFile == nil) {
            throw ValidationError("give --key-file or --passphrase-file")
        }
    }

    /// The secret that was given.
    func secret() throws -> IdentitySecret {
        if let keyFile { return .keyFile(path: keyFile) }
        let file = passphraseFile ?? "-"
        let text = file == "-" ? try Self.standardInput() : try readText(file)
        guard let line = text.split(whereSeparator: \.isNewline).first else {
            throw Failure(.usage, "\(file): holds no passphrase: write it into the first line")
        }
        return .passphrase(String(line))
    }

    /// Standard input to its end, as text.
    static func standardInput() throws -> String {
        let bytes: Data
        do { bytes = try FileHandle.standardInput.read(upToCount: 1 << 16) ?? Data() } catch {
            throw Failure(.storage, "standard input: cannot be read: give a file")
        }
        guard let text = String(bytes: bytes, encoding: .utf8) else {
            throw Failure(.data, "standard input: not a UTF-8 text: give UTF-8")
        }
        return text
    }
}
