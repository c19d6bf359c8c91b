internal import Foundation
internal import GRDB

extension Archive {
    /// The exams whose term is over, the longest ago signed first, and of each whether it may go.
    ///
    /// An exam stays while an amendment of it is not signed, and while anything of it is still to be delivered: queued,
    /// being sent, waiting for a person, or sent with a request to keep it that was not answered.
    public func expired(under rule: RetentionRule, at moment: ArchiveTime) throws(ArchiveError) -> [ExpiredExam] {
        try reading { db in
            let byID = Dictionary(grouping: try self.exams(db, where: ""), by: \.examID)
            return try byID.values.compactMap { try self.expired($0, rule, moment, in: db) }
                .sorted { ($0.signedAt, $0.examID) < ($1.signedAt, $1.examID) }
        }
    }

    private func expired(
        _ versions: [ArchivedExam], _ rule: RetentionRule, _ moment: ArchiveTime, in db: Database
    ) throws -> ExpiredExam? {
        let signed = versions.compactMap(\.signedAt)
        guard let newest = signed.max(), let first = versions.first else { return nil }
        let end = rule.end(from: newest)
        guard end <= moment else { return nil }
        let files = try versions.flatMap { try self.files(db, of: $0.rowID) }
        let deliveries = try deliveries(db, where: "exam.examID = ?", [first.examID])
        return ExpiredExam(
            examID: first.examID, versions: versions.map(\.version).sorted(), subjectCode: first.subjectCode,
            signedAt: newest, expiredAt: end, files: files.count + deliveries.count,
            bytes: files.reduce(0) { $0 &+ $1.byteCount }
                &+ deliveries.reduce(0) { $0 &+ $1.byteCount &+ Self.sealBytes },
            obstacle: Self.obstacle(versions, deliveries))
    }

    private static func obstacle(_ versions: [ArchivedExam], _ deliveries: [Delivery]) -> String? {
        if let open = versions.first(where: { !$0.state.isSigned }) {
            return "version \(open.version) is \(open.state.rawValue), not signed"
        }
        guard let open = deliveries.first(where: { !$0.isOver }) else { return nil }
        let waits = open.state == .sent ? "sent, and nobody has confirmed that it is kept" : open.state.rawValue
        return "\(open.words) is \(waits)"
    }

    /// Removes the exams whose term is over and that may go, each whole: versions, files, sealed documents, order, and
    /// the sealed identity with the subject's last exam.
    ///
    /// What stays is the tombstone, so that no exam takes the place of one that was purged, and the audit log. Each exam
    /// is removed in a transaction of its own; its files go after it, at the latest when the archive is opened for
    /// writing again.
    ///
    /// - Parameter reason: why, in words; never a name.
    /// - Returns: what was removed.
    @discardableResult
    public func purge(
        under rule: RetentionRule, reason: String, act: ArchiveAct
    ) throws(ArchiveError) -> [ExpiredExam] {
        guard !reason.isEmpty else {
            throw .badArgument(what: "a purge without a reason", remedy: "say why the exams are removed")
        }
        let act = try permitted(.purge, act)
        var purged: [ExpiredExam] = []
        for exam in try expired(under: rule, at: act.at) where exam.obstacle == nil {
            let documents = try change { db in try self.remove(exam, reason, act, in: db) }
            for document in documents { try Disk.remove(paths.payload(document)) }
            try removeDiscarded(try reading { try String.fetchAll($0, sql: "SELECT folder FROM discardedFolder") })
            purged.append(exam)
        }
        return purged
    }

    /// Removes an exam from the database; the SHA-256 of its sealed documents, whose files are to go.
    private func remove(
        _ expired: ExpiredExam, _ reason: String, _ act: ArchiveAct, in db: Database
    ) throws -> [String] {
        let documents = try deliveries(db, where: "exam.examID = ?", [expired.examID]).map(\.sha256)
        // The newest first: each names the one before it.
        for version in try exams(db, where: "WHERE examID = ?", [expired.examID]).sorted(by: { $0.version > $1.version }
        ) {
            try db.execute(
                sql: "INSERT INTO purge (examID, version, atMs, reason) VALUES (?, ?, ?, ?)",
                arguments: [version.examID, version.version, act.at.millisecondsSince1970, reason])
            try db.execute(sql: "INSERT INTO discardedFolder (folder) VALUES (?)", arguments: [version.folder])
            for sql in [
                "DELETE FROM commitmentRequest WHERE delivery IN (SELECT id FROM delivery WHERE exam = ?)",
                "DELETE FROM delivery WHERE exam = ?", "DELETE FROM recordIdentifiers WHERE exam = ?",
                "DELETE FROM examFile WHERE exam = ?", "DELETE FROM exam WHERE id = ?",
            ] {
                try db.execute(sql: sql, arguments: [version.rowID])
            }
            try AuditLog.append(
                .examPurged, act: act, examID: version.examID, version: version.version,
                details: "\(Self.signature(Data(hexadecimal: version.documentsSHA256 ?? "") ?? Data())); \(reason)",
                in: db)
        }
        try db.execute(sql: "DELETE FROM examOrder WHERE examID = ?", arguments: [expired.examID])
        try db.execute(
            sql: """
                DELETE FROM identity WHERE subjectCode = ?1
                AND NOT EXISTS (SELECT 1 FROM exam WHERE subjectCode = ?1)
                """,
            arguments: [expired.subjectCode])
        if db.changesCount > 0 {
            try AuditLog.append(.identityPurged, act: act, details: "subject \(expired.subjectCode)", in: db)
        }
        return documents
    }
}

extension Delivery {
    /// Whether nothing more is to come: given up, kept by the receiver, or sent to one that nobody asked to keep it.
    fileprivate var isOver: Bool { state.isFinal || (state == .sent && transactionUID == nil) }
}
