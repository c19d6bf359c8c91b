internal import Foundation
internal import GRDB

extension Archive {
    /// Puts documents of an exam into the outbox, all or none: what goes before the signing, or after it.
    ///
    /// What is sent because the exam is signed comes in with `sign`.
    ///
    /// - Throws: `alreadyQueued` where the outbox has one of them for its destination already.
    @discardableResult
    public func enqueue(
        _ deliveries: [NewDelivery], of examID: String, version: Int? = nil, secret: IdentitySecret, act: ArchiveAct
    ) throws(ArchiveError) -> [Delivery] {
        let exam = try exam(examID, version: version)
        let act = own(act)
        return try queueing(deliveries, secret: secret, act: act) { insert throws(ArchiveError) in
            try self.change { db in
                // It may have been signed meanwhile, never renamed.
                try insert(try self.exam(db, examID, version: exam.version), db)
            }
        }
    }

    /// Seals documents, lets them be entered into the database, and removes them where that fails.
    func queueing<Value>(
        _ deliveries: [NewDelivery], secret: IdentitySecret?, act: ArchiveAct,
        _ enter: ((ArchivedExam, Database) throws -> [Delivery]) throws(ArchiveError) -> Value
    ) throws(ArchiveError) -> Value {
        guard isWritable else { throw .openForReading(path: path) }
        try reading { db in try self.checkUnique(deliveries, in: db) }
        let sealed = try seal(deliveries, secret: secret, act: act)
        do throws(ArchiveError) {
            return try enter { exam, db in
                try self.checkUnique(deliveries, in: db)
                return try sealed.map { try self.insert($0, of: exam, act: act, in: db) }
            }
        } catch {
            discard(sealed)
            throw error
        }
    }

    private func checkUnique(_ deliveries: [NewDelivery], in db: Database) throws {
        var seen: Set<[String]> = []
        let sql = """
            SELECT EXISTS (SELECT 1 FROM delivery WHERE destination = ? AND identifier = ? AND kind = ?)
            """
        for delivery in deliveries {
            let name = [delivery.destination, delivery.identifier, delivery.kind]
            let isThere = try Bool.fetchOne(db, sql: sql, arguments: StatementArguments(name)) == true
            guard seen.insert(name).inserted, !isThere else {
                throw ArchiveError.alreadyQueued(
                    destination: delivery.destination, kind: delivery.kind, identifier: delivery.identifier)
            }
        }
    }

    private func insert(
        _ document: SealedDocument, of exam: ArchivedExam, act: ArchiveAct, in db: Database
    ) throws -> Delivery {
        let new = document.delivery
        try db.execute(
            sql: """
                INSERT INTO delivery (
                    exam, subjectCode, destination, kind, identifier, holdsLater, sha256, byteCount, state, queuedAtMs)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?)
                """,
            arguments: [
                exam.rowID, exam.subjectCode, new.destination, new.kind, new.identifier, new.holdsLater,
                document.sha256, new.bytes.count, act.at.millisecondsSince1970,
            ])
        let delivery = try delivery(db.lastInsertedRowID, in: db)
        try tell(.deliveryQueued, of: delivery, act: act, in: db)
        return delivery
    }

    /// Appends a line about a delivery to the audit log.
    func tell(
        _ event: AuditEvent, of delivery: Delivery, _ more: String = "", act: ArchiveAct, in db: Database
    ) throws {
        try AuditLog.append(
            event, act: act, examID: delivery.examID, version: delivery.version,
            details: delivery.words + (more.isEmpty ? "" : "; \(more)"), in: db)
    }
}

extension Archive {
    /// The deliveries of the outbox, the oldest first.
    ///
    /// - Parameters:
    ///   - destination: only those to this one.
    ///   - states: only those in one of these states.
    public func deliveries(
        to destination: String? = nil, in states: Set<DeliveryState>? = nil
    ) throws(ArchiveError) -> [Delivery] {
        let words = (states ?? Set(DeliveryState.allCases)).map(\.rawValue).sorted()
        guard !words.isEmpty else { return [] }
        let places = words.map { _ in "?" }.joined(separator: ", ")
        return try reading { db in
            try self.deliveries(
                db, where: "(? IS NULL OR delivery.destination = ?) AND delivery.state IN (\(places))",
                [destination, destination] + StatementArguments(words))
        }
    }

    /// The deliveries of one version of an exam, the oldest first; of all versions without a number.
    public func deliveries(of examID: String, version: Int? = nil) throws(ArchiveError) -> [Delivery] {
        try reading { db in
            try self.deliveries(
                db, where: "exam.examID = ? AND (? IS NULL OR exam.version = ?)", [examID, version, version])
        }
    }

    /// One delivery as it stands now.
    public func delivery(_ id: Int64) throws(ArchiveError) -> Delivery { try reading { try self.delivery(id, in: $0) } }

    func deliveries(
        _ db: Database, where condition: String, _ arguments: StatementArguments
    ) throws -> [Delivery] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT \(Delivery.columns) FROM delivery JOIN exam ON exam.id = delivery.exam
                WHERE \(condition) ORDER BY delivery.id
                """,
            arguments: arguments
        ).map { try Delivery($0, path: paths.database) }
    }

    func delivery(_ id: Int64, in db: Database) throws -> Delivery {
        guard let found = try deliveries(db, where: "delivery.id = ?", [id]).first else {
            throw ArchiveError.unknownDelivery(id: id)
        }
        return found
    }
}
