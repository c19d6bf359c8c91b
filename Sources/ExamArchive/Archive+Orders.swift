internal import Crypto
internal import Foundation
internal import GRDB

extension Archive {
    /// The longest order or list of identifiers, bytes (project choice).
    private static let longestRecord = 1 << 20

    /// Stores what the clinic asked for, sealed: what was stored before is replaced.
    ///
    /// - Parameters:
    ///   - bytes: JSON of the caller's; 1 MiB at most.
    ///   - examID: the exam's id; it need not be in the archive yet.
    public func setOrder(
        _ bytes: [UInt8], of examID: String, secret: IdentitySecret, act: ArchiveAct
    ) throws(ArchiveError) {
        try Self.check(bytes, of: examID)
        let hasKey = try reading { try IdentityKeyRow($0) != nil }
        let act = hasKey ? own(act) : try permitted(.chooseKey, act)
        try change { db in
            let archiveID = try Self.archiveID(db) ?? ""
            let key = try self.sealingKey(secret, act: act, in: db)
            let sealed = try IdentityKeyRow.seal(Data(bytes), key, about: Self.orderPlace(archiveID, examID))
            try db.execute(
                sql: "INSERT INTO examOrder VALUES (?1, ?2) ON CONFLICT (examID) DO UPDATE SET sealed = ?2",
                arguments: [examID, sealed])
            try AuditLog.append(.orderSet, act: act, examID: examID, details: "\(bytes.count) bytes", in: db)
        }
    }

    /// What the clinic asked for, opened; `nil` for an exam without an order.
    public func order(of examID: String, secret: IdentitySecret) throws(ArchiveError) -> [UInt8]? {
        try reading { db in
            let sealed = try Data.fetchOne(
                db, sql: "SELECT sealed FROM examOrder WHERE examID = ?", arguments: [examID])
            guard let sealed else { return nil }
            let archiveID = try Self.archiveID(db) ?? ""
            guard let row = try IdentityKeyRow(db) else {
                throw ArchiveError.damaged(path: self.paths.database, reason: "the key's row is missing")
            }
            let key = try row.key(secret, archiveID: archiveID, root: self.path)
            do { return [UInt8](try IdentityKeyRow.open(sealed, key, about: Self.orderPlace(archiveID, examID))) } catch
            {
                throw ArchiveError.damaged(
                    path: self.paths.database, reason: "the sealed order of exam \(examID) was changed")
            }
        }
    }

    /// What a sealed order is bound to.
    private static func orderPlace(_ archiveID: String, _ examID: String) -> String { "\(archiveID) order \(examID)" }

    /// Stores the identifiers that an exam has in the clinic's record: made once, never changed.
    ///
    /// The same bytes again are fine. They are kept as they are: no name may stand in them.
    ///
    /// - Parameter bytes: JSON of the caller's; 1 MiB at most.
    /// - Throws: `identifiersAlreadySet` where others are stored.
    public func setRecordIdentifiers(
        _ bytes: [UInt8], of examID: String, version: Int, act: ArchiveAct
    ) throws(ArchiveError) {
        try Self.check(bytes, of: examID)
        let act = own(act)
        try change { db in
            let exam = try self.exam(db, examID, version: version)
            if let stored = try Self.identifiers(db, of: exam) {
                guard stored == bytes else {
                    throw ArchiveError.identifiersAlreadySet(examID: examID, version: version)
                }
                return
            }
            try db.execute(
                sql: "INSERT INTO recordIdentifiers VALUES (?, ?)", arguments: [exam.rowID, Data(bytes)])
            let digest = Data(SHA256.hash(data: Data(bytes)))
            try AuditLog.append(
                .recordIdentifiersSet, act: act, examID: examID, version: version,
                details: "SHA-256 \(digest.hexadecimal)", in: db)
        }
    }

    /// The identifiers that an exam has in the clinic's record; `nil` before they were made.
    public func recordIdentifiers(of examID: String, version: Int) throws(ArchiveError) -> [UInt8]? {
        try reading { db in try Self.identifiers(db, of: try self.exam(db, examID, version: version)) }
    }

    private static func identifiers(_ db: Database, of exam: ArchivedExam) throws -> [UInt8]? {
        try Data.fetchOne(db, sql: "SELECT json FROM recordIdentifiers WHERE exam = ?", arguments: [exam.rowID])
            .map { [UInt8]($0) }
    }

    private static func check(_ bytes: [UInt8], of examID: String) throws(ArchiveError) {
        guard ArchiveNames.isExamID(examID) else { throw .unknownExam(examID: String(examID.prefix(64)), version: 0) }
        guard !bytes.isEmpty, bytes.count <= longestRecord else {
            throw .badArgument(
                what: "exam \(examID): a record of \(bytes.count) bytes", remedy: "give 1 to \(longestRecord) bytes")
        }
    }
}
