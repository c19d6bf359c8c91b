internal import Crypto
internal import Foundation
internal import GRDB

extension Archive {
    /// The key that the identities are sealed with; the first use of a secret chooses it.
    func sealingKey(_ secret: IdentitySecret, act: ArchiveAct, in db: Database) throws -> SymmetricKey {
        let archiveID = try Self.archiveID(db) ?? ""
        let stored = try IdentityKeyRow(db)
        let row = try stored ?? IdentityKeyRow(choosing: secret, archiveID: archiveID, root: path)
        if stored == nil {
            try row.insert(db)
            try AuditLog.append(.identityKeyChosen, act: act, details: "a \(row.kind)", in: db)
        }
        return try row.key(secret, archiveID: archiveID, root: path)
    }

    /// Opens the key once, for many documents: a passphrase is dear to try.
    ///
    /// - Returns: a secret that stands for the key itself, in memory alone.
    public func opened(_ secret: IdentitySecret) throws(ArchiveError) -> IdentitySecret {
        try reading { db in
            guard let row = try IdentityKeyRow(db) else {
                throw ArchiveError.wrongKey(
                    reason: "this archive has no key yet", remedy: "store an identity with it first")
            }
            let key = try row.key(secret, archiveID: try Self.archiveID(db) ?? "", root: self.path)
            return .opened(OpenedIdentityKey(key: key))
        }
    }

    /// A sealed document on the disk that no row names yet.
    struct SealedDocument {
        var delivery: NewDelivery
        var sha256: Data
    }

    /// A sealed document on the disk, as its delivery has it.
    struct SealedFile {
        var sha256: String
        var byteCount: Int64
        /// The delivery in words.
        var words: String
    }

    /// Seals documents and writes them, synced; on an error none is left.
    func seal(
        _ deliveries: [NewDelivery], secret: IdentitySecret?, act: ArchiveAct
    ) throws(ArchiveError) -> [SealedDocument] {
        guard !deliveries.isEmpty else { return [] }
        guard let secret else {
            throw .wrongKey(
                reason: "documents hold names and are kept sealed, and there is no key", remedy: "give the key")
        }
        for delivery in deliveries { try delivery.check() }
        let (archiveID, key) = try sealing(secret, act: act)
        var sealed: [SealedDocument] = []
        do throws(ArchiveError) {
            for delivery in deliveries {
                let bytes = try Self.sealed(delivery, key, archiveID: archiveID)
                let sha256 = Data(SHA256.hash(data: bytes))
                // Counted before it is written: what is half written is removed, too.
                sealed.append(SealedDocument(delivery: delivery, sha256: sha256))
                try Disk.create(paths.payload(sha256.hexadecimal), with: bytes)
            }
            try Disk.syncFolder(paths.outbox)
            return sealed
        } catch {
            discard(sealed)
            throw error
        }
    }

    /// Removes sealed documents that did not come into the outbox; what stays is cleared at the next opening.
    func discard(_ sealed: [SealedDocument]) {
        for document in sealed {
            do throws(ArchiveError) { try Disk.remove(paths.payload(document.sha256.hexadecimal)) } catch { return }
        }
    }

    /// The archive's id and key.
    ///
    /// The database is written where the key is chosen now, and else only read.
    private func sealing(
        _ secret: IdentitySecret, act: ArchiveAct
    ) throws(ArchiveError) -> (String, SymmetricKey) {
        guard isWritable else { throw .openForReading(path: path) }
        let hasKey = try reading { try IdentityKeyRow($0) != nil }
        let act = hasKey ? act : try permitted(.chooseKey, act)
        let body = { (db: Database) in (try Self.archiveID(db) ?? "", try self.sealingKey(secret, act: act, in: db)) }
        return hasKey ? try reading(body) : try change(body)
    }

    private static func sealed(
        _ delivery: NewDelivery, _ key: SymmetricKey, archiveID: String
    ) throws(ArchiveError) -> Data {
        let place = place(archiveID, delivery.destination, delivery.kind, delivery.identifier)
        do { return try IdentityKeyRow.seal(Data(delivery.bytes), key, about: place) } catch {
            throw .wrongKey(reason: "sealing failed", remedy: "report this with the program's version")
        }
    }

    /// What a sealed document is bound to; no part of it holds a space.
    private static func place(
        _ archiveID: String, _ destination: String, _ kind: String, _ identifier: String
    ) -> String {
        "\(archiveID) outbox \(destination) \(kind) \(identifier)"
    }

    /// The document of a delivery, opened.
    ///
    /// - Throws: `damaged` where its file is not the one that was sealed.
    public func payload(of delivery: Delivery, secret: IdentitySecret) throws(ArchiveError) -> [UInt8] {
        let (archiveID, key, stored) = try reading { db in
            let stored = try self.delivery(delivery.id, in: db)
            let archiveID = try Self.archiveID(db) ?? ""
            guard let row = try IdentityKeyRow(db) else {
                throw ArchiveError.damaged(path: self.paths.database, reason: "the key's row is missing")
            }
            return (archiveID, try row.key(secret, archiveID: archiveID, root: self.path), stored)
        }
        let file = paths.payload(stored.sha256)
        let sealed = try Disk.contents(file, atMost: stored.byteCount &+ Self.sealBytes)
        guard Data(SHA256.hash(data: sealed)).hexadecimal == stored.sha256 else {
            throw .damaged(path: file, reason: "its SHA-256 is not the one that was sealed")
        }
        let place = Self.place(archiveID, stored.destination, stored.kind, stored.identifier)
        do { return [UInt8](try IdentityKeyRow.open(sealed, key, about: place)) } catch {
            throw .damaged(path: file, reason: "it was sealed for another delivery, archive or key")
        }
    }

    /// What sealing adds to a document: 12 bytes of nonce before it, 16 of tag behind it (NIST SP 800-38D).
    static let sealBytes: Int64 = 28
}

extension Archive {
    /// Removes sealed documents that no delivery names, and queues again what a worker was sending.
    func clearOutbox() throws(ArchiveError) {
        try Disk.makeFolder(paths.outbox, isNew: false)
        let (known, isInterrupted) = try reading { db in
            (
                Set(try Data.fetchAll(db, sql: "SELECT sha256 FROM delivery").map(\.hexadecimal)),
                try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM delivery WHERE state = 'sending')") == true
            )
        }
        for name in try Disk.names(in: paths.outbox) where !known.contains(name) {
            try Disk.remove(paths.payload(name))
        }
        guard isInterrupted else { return }
        try change { try $0.execute(sql: "UPDATE delivery SET state = 'queued' WHERE state = 'sending'") }
    }

    /// The sealed documents of the outbox by their SHA-256, each with its length, bytes.
    func sealedDocuments(_ db: Database) throws -> [SealedFile] {
        try Row.fetchAll(
            db,
            sql: "SELECT \(Delivery.columns) FROM delivery JOIN exam ON exam.id = delivery.exam ORDER BY delivery.id"
        ).map { row in
            let delivery = try Delivery(row, path: self.paths.database)
            return SealedFile(
                sha256: delivery.sha256, byteCount: delivery.byteCount &+ Self.sealBytes, words: delivery.words)
        }
    }
}
