internal import Foundation
internal import GRDB

extension Archive {
    /// The longest text of an error that is kept, characters (project choice).
    private static let longestError = 1000

    /// Takes the next deliveries to a destination for a worker: they are `sending` from here on, and the attempt counts.
    ///
    /// They are due, of one exam version, the oldest first. The order within a subject is kept: a delivery waits while an
    /// earlier one of the same subject to the same destination is queued or being sent. One that needs a person holds up
    /// no other exam by itself; later ones of its own version wait only behind one that was queued with `holdsLater`, and
    /// while they wait the subject's later exams do, too. Such a one is the last of what is taken at a time.
    ///
    /// - Parameters:
    ///   - destination: the worker's destination.
    ///   - moment: now. Where it lies before the last attempt, the clock was set back, and the time to wait for the next
    ///     attempt is taken as over.
    ///   - limit: the most deliveries that are taken.
    /// - Returns: none where nothing is due.
    public func beginNextDeliveries(
        to destination: String, at moment: ArchiveTime, limit: Int
    ) throws(ArchiveError) -> [Delivery] {
        guard limit > 0 else { return [] }
        guard isWritable else { throw .openForReading(path: path) }
        // Most times nothing is due, and nothing is written.
        guard try reading({ try self.firstDue($0, destination, moment) }) != nil else { return [] }
        return try change { db in
            guard let first = try self.firstDue(db, destination, moment) else { return [] }
            let ids = try self.run(from: first, db, moment).prefix(limit)
            for id in ids {
                try db.execute(
                    sql: """
                        UPDATE delivery SET state = 'sending', attempts = attempts + 1, begunAtMs = ?,
                            nextAttemptAtMs = NULL
                        WHERE id = ?
                        """,
                    arguments: [moment.millisecondsSince1970, id])
            }
            return try ids.map { try self.delivery($0, in: db) }
        }
    }

    private static let isDue =
        "(d.nextAttemptAtMs IS NULL OR d.nextAttemptAtMs <= :now OR coalesce(d.begunAtMs > :now, 0))"

    /// The oldest delivery that may go now.
    private func firstDue(_ db: Database, _ destination: String, _ moment: ArchiveTime) throws -> Int64? {
        try Int64.fetchOne(
            db,
            sql: """
                SELECT d.id FROM delivery d
                WHERE d.destination = :to AND d.state = 'queued' AND \(Self.isDue)
                AND NOT EXISTS (
                    SELECT 1 FROM delivery b WHERE b.destination = d.destination AND b.subjectCode = d.subjectCode
                    AND b.id < d.id AND b.state IN ('queued', 'sending'))
                AND NOT EXISTS (
                    SELECT 1 FROM delivery b WHERE b.exam = d.exam AND b.destination = d.destination
                    AND b.id < d.id AND b.state = 'needs-a-person' AND b.holdsLater = 1)
                ORDER BY d.id LIMIT 1
                """,
            arguments: ["to": destination, "now": moment.millisecondsSince1970])
    }

    /// The deliveries from one on that may go together with it.
    private func run(from first: Int64, _ db: Database, _ moment: ArchiveTime) throws -> [Int64] {
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT d.id, d.holdsLater, d.exam = f.exam, d.state = 'queued' AND \(Self.isDue),
                    d.state = 'needs-a-person'
                FROM delivery f JOIN delivery d ON d.destination = f.destination AND d.subjectCode = f.subjectCode
                WHERE f.id = :first AND d.id >= f.id AND d.state IN ('queued', 'sending', 'needs-a-person')
                ORDER BY d.id
                """,
            arguments: ["first": first, "now": moment.millisecondsSince1970])
        var ids: [Int64] = []
        for row in rows {
            let holdsLater: Bool = try row.decode(atIndex: 1)
            let isOfThisExam: Bool = try row.decode(atIndex: 2)
            let needsAPerson: Bool = try row.decode(atIndex: 4)
            if needsAPerson && !(holdsLater && isOfThisExam) { continue }
            let mayGo: Bool = try row.decode(atIndex: 3)
            guard mayGo, isOfThisExam else { break }
            ids.append(try row.decode(atIndex: 0))
            if holdsLater { break }
        }
        return ids
    }
}

extension Archive {
    /// The receiver has taken these: from `sending` to `sent`, all or none.
    public func markSent(_ ids: [Int64], act: ArchiveAct) throws(ArchiveError) {
        let act = own(act)
        try change { db in
            for id in ids {
                let delivery = try self.delivery(id, .sent, in: db)
                try db.execute(
                    sql: "UPDATE delivery SET state = 'sent', sentAtMs = ?, lastError = NULL WHERE id = ?",
                    arguments: [act.at.millisecondsSince1970, id])
                try self.tell(
                    .deliverySent, of: delivery, "sealed SHA-256 \(delivery.sha256), attempt \(delivery.attempts)",
                    act: act, in: db)
            }
        }
    }

    /// It did not go, and may go later: from `sending` to `queued`.
    ///
    /// - Parameters:
    ///   - moment: not before.
    ///   - error: why, in words; never a name. Cut after 1000 characters.
    public func postpone(_ id: Int64, until moment: ArchiveTime, error: String) throws(ArchiveError) {
        try change { db in
            _ = try self.delivery(id, .queued, from: [.sending], in: db)
            try db.execute(
                sql: "UPDATE delivery SET state = 'queued', nextAttemptAtMs = ?, lastError = ? WHERE id = ?",
                arguments: [moment.millisecondsSince1970, String(error.prefix(Self.longestError)), id])
        }
    }

    /// It did not go and will not by itself, or what was sent is not kept: from `sending` or `sent` to `needs-a-person`.
    ///
    /// - Parameter error: why, in words; never a name. Cut after 1000 characters.
    public func handToPerson(_ id: Int64, error: String, act: ArchiveAct) throws(ArchiveError) {
        let act = own(act)
        try change { db in try self.hand(try self.delivery(id, .needsAPerson, in: db), error, act, in: db) }
    }

    func hand(_ delivery: Delivery, _ error: String, _ act: ArchiveAct, in db: Database) throws {
        let words = String(error.prefix(Self.longestError))
        try db.execute(
            sql: "UPDATE delivery SET state = 'needs-a-person', lastError = ? WHERE id = ?",
            arguments: [words, delivery.id])
        try tell(.deliveryGivenToPerson, of: delivery, words, act: act, in: db)
    }

    /// A person lets it go again, at once: from `needs-a-person`, or from `queued` without waiting any longer.
    public func retry(_ id: Int64, act: ArchiveAct) throws(ArchiveError) {
        let act = try permitted(.deliver, act)
        try change { db in
            let delivery = try self.delivery(id, .queued, from: [.needsAPerson, .queued], in: db)
            try db.execute(
                sql: """
                    UPDATE delivery SET state = 'queued', nextAttemptAtMs = NULL, sentAtMs = NULL, transactionUID = NULL
                    WHERE id = ?
                    """,
                arguments: [id])
            try self.tell(.deliveryRetried, of: delivery, act: act, in: db)
        }
    }

    /// A person gives it up: from `queued` or `needs-a-person` to `cancelled`, for good.
    ///
    /// - Parameter reason: why, in words; never a name.
    public func cancel(_ id: Int64, reason: String, act: ArchiveAct) throws(ArchiveError) {
        guard !reason.isEmpty else {
            throw .badArgument(what: "a cancelling without a reason", remedy: "say why it is not sent")
        }
        let act = try permitted(.deliver, act)
        try change { db in
            let delivery = try self.delivery(id, .cancelled, in: db)
            try db.execute(
                sql: "UPDATE delivery SET state = 'cancelled', nextAttemptAtMs = NULL WHERE id = ?", arguments: [id])
            try self.tell(.deliveryCancelled, of: delivery, reason, act: act, in: db)
        }
    }

    /// A delivery that may go to a state; throws where it may not.
    func delivery(
        _ id: Int64, _ next: DeliveryState, from states: Set<DeliveryState>? = nil, in db: Database
    ) throws -> Delivery {
        let delivery = try delivery(id, in: db)
        let isAllowed = states?.contains(delivery.state) ?? delivery.state.allows(next)
        guard isAllowed else {
            throw ArchiveError.wrongDeliveryState(
                id: id, state: delivery.state, what: "it cannot become \(next.rawValue)",
                remedy: delivery.state.remedy)
        }
        return delivery
    }
}

extension DeliveryState {
    /// What can be done with a delivery in this state.
    fileprivate var remedy: String {
        switch self {
        case .queued: "wait until it is sent, or use `outbox retry` or `outbox cancel`"
        case .sending: "wait until this attempt has ended"
        case .sent: "wait until the receiver confirms it"
        case .committed: "nothing more is to be done"
        case .needsAPerson: "use `outbox retry` or `outbox cancel`"
        case .cancelled: "a cancelled one stays so; send the exam under new identifiers"
        }
    }
}
