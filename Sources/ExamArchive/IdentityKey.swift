internal import Crypto
internal import CryptoExtras
internal import Foundation
internal import GRDB
internal import Glibc

/// How dear it is to try a passphrase: scrypt's parameters (RFC 7914).
public struct PassphraseCost: Sendable, Hashable {
    /// N, a power of two.
    public var rounds: Int
    /// r.
    public var blockSize: Int
    /// p.
    public var parallelism: Int

    /// N = 2^17, r = 8, p = 1: 128 MiB (OWASP Password Storage Cheat Sheet, scrypt).
    public static let usual = PassphraseCost(rounds: 1 << 17, blockSize: 8, parallelism: 1)

    /// A cost from its parameters.
    public init(rounds: Int, blockSize: Int, parallelism: Int) {
        self.rounds = rounds
        self.blockSize = blockSize
        self.parallelism = parallelism
    }

    /// The most that is computed with, so that a forged database cannot take all memory (project choice: 1 GiB).
    private static let mostRounds = 1 << 20
    private static let mostParallelism = 16
    private static let usualBlockSize = 8

    var isAllowed: Bool {
        rounds >= 2 && rounds <= Self.mostRounds && rounds.nonzeroBitCount == 1 && blockSize == Self.usualBlockSize
            && (1...Self.mostParallelism).contains(parallelism)
    }
}

/// What opens the sealed identities.
public enum IdentitySecret: Sendable {
    /// A passphrase; the key is derived from it by scrypt.
    case passphrase(String, cost: PassphraseCost = .usual)
    /// A file of 32 bytes or more that only its owner may read.
    case keyFile(path: String)
    /// The key itself, as `Archive.opened` gave it; it stays in memory.
    case opened(OpenedIdentityKey)

    /// The longest key file, bytes (project choice).
    private static let longestKeyFile: Int64 = 4096
    private static let shortestKeyFile = 32
    /// The shortest passphrase that a key is made from, characters (NIST SP 800-63B for a single factor is 15; a stolen
    /// disk can be tried at leisure).
    private static let shortestPassphrase = 15

    var kind: String {
        switch self {
        case .passphrase: "passphrase"
        case .keyFile: "keyFile"
        case .opened: "opened"
        }
    }

    /// Throws where a secret is too weak to be chosen.
    func checkStrength() throws(ArchiveError) {
        if case .opened = self {
            throw .wrongKey(reason: "an opened key belongs to another archive", remedy: "give the secret itself")
        }
        guard case .passphrase(let text, let cost) = self else { return }
        guard text.count >= Self.shortestPassphrase else {
            throw .wrongKey(
                reason: "the passphrase is shorter than \(Self.shortestPassphrase) characters",
                remedy: "choose a longer one, or a key file")
        }
        guard cost.isAllowed else {
            throw .wrongKey(reason: "scrypt cannot be run at this cost", remedy: "use the usual one")
        }
    }

    /// The bytes of a key file, which must be its owner's alone and lie outside the archive.
    static func keyBytes(_ path: String, outside root: String) throws(ArchiveError) -> Data {
        var facts = stat()
        guard lstat(path, &facts) == 0 else { throw ArchiveError(code: errno, path: path) }
        guard facts.st_mode & S_IFMT == S_IFREG, facts.st_mode & 0o077 == 0, facts.st_uid == geteuid() else {
            throw .wrongKey(
                reason: "\(path): a key file must be a file that only its owner may read",
                remedy: "make it yours and run `chmod 600` on it")
        }
        guard !(try Archive.absolute(path) + "/").hasPrefix(root + "/") else {
            throw .wrongKey(
                reason: "\(path): the key lies in the archive, so whoever has the one has the other",
                remedy: "move it to another disk")
        }
        let bytes = try Disk.contents(path, atMost: longestKeyFile)
        guard bytes.count >= shortestKeyFile else {
            throw .wrongKey(
                reason: "\(path): shorter than \(shortestKeyFile) bytes",
                remedy: "make one with `head -c 32 /dev/urandom`")
        }
        return bytes
    }
}

/// The key of an archive's identities, opened once for many documents.
public struct OpenedIdentityKey: Sendable {
    let key: SymmetricKey
}

/// The row that says how the key is made, with a sealed word that tells a right key from a wrong one.
struct IdentityKeyRow {
    var kind: String
    var salt: Data?
    var cost: PassphraseCost?
    var probe: Data

    private static let probeText = "dopplerbridge-identity-1"
    private static let keyFileUse = Data("dopplerbridge identity key file".utf8)
    private static let keyBytes = 32

    init?(_ db: Database) throws {
        guard let row = try Row.fetchOne(db, sql: "SELECT * FROM identityKey") else { return nil }
        kind = try row.decode(forColumn: "kind")
        salt = try row.decode(forColumn: "salt")
        probe = try row.decode(forColumn: "probe")
        guard salt != nil else { return }
        cost = PassphraseCost(
            rounds: try row.decode(forColumn: "rounds"), blockSize: try row.decode(forColumn: "blockSize"),
            parallelism: try row.decode(forColumn: "parallelism"))
    }

    /// A new row for a secret, with a salt of its own.
    init(choosing secret: IdentitySecret, archiveID: String, root: String) throws {
        try secret.checkStrength()
        kind = secret.kind
        probe = Data()
        if case .passphrase(_, let cost) = secret {
            salt = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }
            self.cost = cost
        }
        let key = try derive(secret, archiveID: archiveID, root: root)
        probe = try Self.seal(Data(Self.probeText.utf8), key, about: archiveID)
    }

    /// The key, checked.
    func key(_ secret: IdentitySecret, archiveID: String, root: String) throws -> SymmetricKey {
        if case .opened(let opened) = secret {
            return try checked(opened.key, archiveID: archiveID)
        }
        guard secret.kind == kind else {
            throw ArchiveError.wrongKey(
                reason: "the identities of this archive are not sealed with this kind of key",
                remedy: kind == "keyFile" ? "give the key file" : "give the passphrase")
        }
        return try checked(try derive(secret, archiveID: archiveID, root: root), archiveID: archiveID)
    }

    private func checked(_ key: SymmetricKey, archiveID: String) throws -> SymmetricKey {
        do { _ = try Self.open(probe, key, about: archiveID) } catch {
            throw ArchiveError.wrongKey(
                reason: "this \(kind == "keyFile" ? "key file" : "passphrase") does not open the identities",
                remedy: "give the one that the first identity was stored with")
        }
        return key
    }

    private func derive(_ secret: IdentitySecret, archiveID: String, root: String) throws -> SymmetricKey {
        switch secret {
        case .opened(let opened): return opened.key
        case .keyFile(let path):
            return HKDF<SHA256>.deriveKey(
                inputKeyMaterial: SymmetricKey(data: try IdentitySecret.keyBytes(path, outside: root)),
                salt: Data(archiveID.utf8), info: Self.keyFileUse, outputByteCount: Self.keyBytes)
        case .passphrase(let text, _):
            guard let salt, let cost, cost.isAllowed else {
                throw ArchiveError.wrongKey(reason: "the key's row is damaged", remedy: "restore a backup")
            }
            // The same characters in another spelling are the same passphrase (RFC 8265 asks for NFC).
            return try KDF.Scrypt.deriveKey(
                from: Data(text.precomposedStringWithCanonicalMapping.utf8), salt: salt,
                outputByteCount: Self.keyBytes, rounds: cost.rounds, blockSize: cost.blockSize,
                parallelism: cost.parallelism)
        }
    }

    func insert(_ db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO identityKey (id, kind, salt, rounds, blockSize, parallelism, probe)
                VALUES (1, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [kind, salt, cost?.rounds, cost?.blockSize, cost?.parallelism, probe])
    }

    /// Seals bytes by AES-256-GCM with a nonce of their own, bound to what they are about.
    static func seal(_ bytes: Data, _ key: SymmetricKey, about what: String) throws -> Data {
        let box = try AES.GCM.seal(bytes, using: key, authenticating: Data(what.utf8))
        guard let combined = box.combined else {
            throw ArchiveError.wrongKey(reason: "sealing failed", remedy: "report this with the program's version")
        }
        return combined
    }

    /// Opens what was sealed.
    static func open(_ sealed: Data, _ key: SymmetricKey, about what: String) throws -> Data {
        try AES.GCM.open(AES.GCM.SealedBox(combined: sealed), using: key, authenticating: Data(what.utf8))
    }
}
