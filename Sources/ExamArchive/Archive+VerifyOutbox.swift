internal import Foundation
internal import GRDB

extension Archive {
    /// Every sealed document of the outbox, and what lies there that the database does not know.
    func verifyOutbox(_ result: inout ArchiveVerification) throws(ArchiveError) {
        let documents = try reading { try self.sealedDocuments($0) }
        for document in documents {
            let path = paths.payload(document.sha256)
            result.deliveries += 1
            do throws(ArchiveError) {
                let found = try Disk.fingerprint(path)
                result.bytes += found.byteCount
                if found.byteCount != document.byteCount || found.sha256.hexadecimal != document.sha256 {
                    result.find(path, "is not the document that was sealed: \(document.words)")
                }
            } catch {
                // A purge may have come in between.
                guard try reading({ try self.sealedDocuments($0) }).contains(where: { $0.sha256 == document.sha256 })
                else { continue }
                result.find(path, "cannot be read: \(error.description)")
            }
        }
        guard Disk.kind(paths.outbox) != .nothing else { return }
        let known = Set(try reading { try self.sealedDocuments($0) }.map(\.sha256))
        let unknown = try Disk.names(in: paths.outbox).filter { !known.contains($0) }
        if !unknown.isEmpty {
            result.remarks.append(
                "\(unknown.count) files in `outbox` are being written, or left over from a process that was ended; "
                    + "the next opening for writing removes them.")
        }
    }

    /// What the audit log tells against what is here: exams and deliveries that came in and are gone without a purge.
    func verifyHistory(_ result: inout ArchiveVerification) throws(ArchiveError) {
        let (missing, silent, lost) = try reading { db in
            (
                try Row.fetchAll(
                    db,
                    sql: """
                        SELECT DISTINCT examID, version FROM audit WHERE event IN ('examAdded', 'examAmended')
                        AND NOT EXISTS (
                            SELECT 1 FROM exam WHERE exam.examID = audit.examID AND exam.version = audit.version)
                        AND NOT EXISTS (
                            SELECT 1 FROM purge WHERE purge.examID = audit.examID AND purge.version = audit.version)
                        """
                ).map(Self.words),
                try Row.fetchAll(
                    db,
                    sql: """
                        SELECT examID, version FROM purge WHERE NOT EXISTS (
                            SELECT 1 FROM audit WHERE event = 'examPurged' AND audit.examID = purge.examID
                            AND audit.version = purge.version)
                        """
                ).map(Self.words),
                try Row.fetchAll(
                    db,
                    sql: """
                        SELECT exam.examID, exam.version FROM exam WHERE (
                            SELECT count(*) FROM audit WHERE event = 'deliveryQueued'
                            AND audit.examID = exam.examID AND audit.version = exam.version)
                        <> (SELECT count(*) FROM delivery WHERE delivery.exam = exam.id)
                        """
                ).map(Self.words)
            )
        }
        for exam in missing {
            result.find(exam, "the audit log tells that it came in, and it is neither here nor purged")
        }
        for exam in silent { result.find(exam, "it was purged, and the audit log tells of no purge") }
        for exam in lost { result.find(exam, "the outbox has more or fewer deliveries than the audit log tells of") }
    }

    /// The accounts against those that the audit log tells of.
    func verifyAccounts(_ result: inout ArchiveVerification) throws(ArchiveError) {
        let (told, there) = try reading { db in
            let lines = try Row.fetchAll(
                db,
                sql: """
                    SELECT event, details FROM audit WHERE event IN ('accountAdded', 'accountRemoved')
                    ORDER BY sequence
                    """)
            var told: Set<String> = []
            for line in lines {
                let event: String = try line.decode(atIndex: 0)
                let details: String = try line.decode(atIndex: 1)
                if event == AuditEvent.accountAdded.rawValue { told.insert(details) } else { told.remove(details) }
            }
            return (told, Set(try String.fetchAll(db, sql: "SELECT name || ', ' || role FROM account")))
        }
        for account in told.symmetricDifference(there).sorted() {
            result.find(
                "account \(account)",
                there.contains(account)
                    ? "the audit log tells of no such account" : "it is gone, and nothing tells of it")
        }
    }

    private static func words(_ row: Row) throws -> String {
        let examID: String = try row.decode(atIndex: 0)
        let version: Int = try row.decode(atIndex: 1)
        return "exam \(examID), version \(version)"
    }
}
