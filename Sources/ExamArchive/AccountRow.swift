internal import Crypto
internal import CryptoExtras
internal import Foundation
internal import GRDB

/// A row of the table `account`: the account, and the scrypt hash of its passphrase with a salt of its own.
struct AccountRow {
    var account: ArchiveAccount
    var salt: Data
    var cost: PassphraseCost
    var hash: Data

    private static let hashBytes = 32

    /// A new row; throws where the passphrase is too weak.
    init(_ account: ArchiveAccount, passphrase: String, cost: PassphraseCost) throws(ArchiveError) {
        try IdentitySecret.passphrase(passphrase, cost: cost).checkStrength()
        self.account = account
        self.cost = cost
        salt = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }
        hash = Data()
        hash = try hashed(passphrase)
    }

    init(_ row: Row, path: String) throws {
        let word: String = try row.decode(forColumn: "role")
        let name: String = try row.decode(forColumn: "name")
        guard let role = ArchiveRole(rawValue: word), ArchiveNames.isExamID(name) else {
            throw ArchiveError.damaged(path: path, reason: "a row of the table `account` holds what it may not")
        }
        account = ArchiveAccount(
            name: name, role: role,
            addedAt: ArchiveTime(millisecondsSince1970: try row.decode(forColumn: "addedAtMs")),
            failedTries: try row.decode(forColumn: "failedTries"),
            lockedUntil: try row.decode(Int64?.self, forColumn: "lockedUntilMs")
                .map { ArchiveTime(millisecondsSince1970: $0) })
        salt = try row.decode(forColumn: "salt")
        cost = PassphraseCost(
            rounds: try row.decode(forColumn: "rounds"), blockSize: try row.decode(forColumn: "blockSize"),
            parallelism: try row.decode(forColumn: "parallelism"))
        hash = try row.decode(forColumn: "hash")
    }

    /// Whether a passphrase is the account's; compared in a time that does not depend on where they differ.
    func fits(_ passphrase: String) throws(ArchiveError) -> Bool {
        let given = try hashed(passphrase)
        guard given.count == hash.count else { return false }
        return zip(given, hash).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private func hashed(_ passphrase: String) throws(ArchiveError) -> Data {
        guard cost.isAllowed else {
            throw .wrongKey(reason: "the row of account \(account.name) is damaged", remedy: "restore a backup")
        }
        do {
            // The same characters in another spelling are the same passphrase (RFC 8265 asks for NFC).
            let key = try KDF.Scrypt.deriveKey(
                from: Data(passphrase.precomposedStringWithCanonicalMapping.utf8), salt: salt,
                outputByteCount: Self.hashBytes, rounds: cost.rounds, blockSize: cost.blockSize,
                parallelism: cost.parallelism)
            return key.withUnsafeBytes { Data($0) }
        } catch {
            throw .wrongKey(reason: "scrypt failed: \(error)", remedy: "free memory and try again")
        }
    }

    func insert(_ db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO account (name, role, salt, rounds, blockSize, parallelism, hash, addedAtMs)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                account.name, account.role.rawValue, salt, cost.rounds, cost.blockSize, cost.parallelism, hash,
                account.addedAt.millisecondsSince1970,
            ])
    }

    /// Puts the passphrase of this row to the account, and opens its lock.
    func storePassphrase(_ db: Database) throws {
        try db.execute(
            sql: """
                UPDATE account SET salt = ?, rounds = ?, blockSize = ?, parallelism = ?, hash = ?, failedTries = 0,
                    lockedUntilMs = NULL
                WHERE name = ?
                """,
            arguments: [salt, cost.rounds, cost.blockSize, cost.parallelism, hash, account.name])
    }
}
