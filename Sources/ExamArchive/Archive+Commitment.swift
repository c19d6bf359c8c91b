internal import GRDB

extension Archive {
    /// Notes that the receiver was asked to keep what was sent; written before the request goes out.
    ///
    /// - Parameters:
    ///   - transactionUID: new for each request.
    ///   - ids: deliveries that are `sent`, to one destination.
    public func requestCommitment(transactionUID: String, of ids: [Int64], act: ArchiveAct) throws(ArchiveError) {
        guard NewDelivery.isIdentifier(transactionUID), !ids.isEmpty else {
            throw .badArgument(
                what: "a request to keep \(ids.count) documents as `\(transactionUID.prefix(64))`",
                remedy: "give a UID and one delivery or more")
        }
        try change { db in
            let isKnown = try Bool.fetchOne(
                db, sql: "SELECT EXISTS (SELECT 1 FROM commitmentRequest WHERE transactionUID = ?)",
                arguments: [transactionUID])
            guard isKnown != true else {
                throw ArchiveError.badArgument(
                    what: "transaction \(transactionUID) was begun before", remedy: "give each request a new UID")
            }
            var destinations: Set<String> = []
            for id in Set(ids).sorted() {
                let delivery = try self.delivery(id, .committed, from: [.sent], in: db)
                destinations.insert(delivery.destination)
                try db.execute(
                    sql: "INSERT INTO commitmentRequest VALUES (?, ?)", arguments: [transactionUID, id])
                try db.execute(
                    sql: "UPDATE delivery SET transactionUID = ? WHERE id = ?", arguments: [transactionUID, id])
            }
            guard destinations.count == 1 else {
                throw ArchiveError.badArgument(
                    what: "a request to keep documents of \(destinations.count) destinations",
                    remedy: "ask each destination for its own")
            }
        }
    }

    /// Notes a receiver's answer to a request: what it keeps is `committed`, what it does not keep needs a person.
    ///
    /// An answer may come twice, or late: what is final stays so, what was queued again meanwhile is sent again, and what
    /// was given to a person because no answer came becomes `committed` after all. What the answer does not name stays
    /// as it is, and what it names beyond the request is passed over. What stands in both lists has failed.
    ///
    /// - Parameters:
    ///   - committed: identifiers that the receiver keeps.
    ///   - failed: identifiers that it does not keep, with the reason in words.
    /// - Returns: the deliveries of the transaction as they are now.
    /// - Throws: `unknownTransaction` where nobody here began it.
    @discardableResult
    public func recordCommitment(
        transactionUID: String, committed identifiers: [String], failed: [String: String], act: ArchiveAct
    ) throws(ArchiveError) -> [Delivery] {
        let kept = Set(identifiers)
        let act = own(act)
        return try change { db in
            let asked = try self.deliveries(
                db, where: "delivery.id IN (SELECT delivery FROM commitmentRequest WHERE transactionUID = ?)",
                [transactionUID])
            guard !asked.isEmpty else {
                throw ArchiveError.unknownTransaction(transactionUID: String(transactionUID.prefix(64)))
            }
            for delivery in asked {
                if let reason = failed[delivery.identifier] {
                    guard delivery.state == .sent else { continue }
                    try self.hand(delivery, "not kept by the receiver: \(reason)", act, in: db)
                } else if kept.contains(delivery.identifier) {
                    try self.commit(delivery, transactionUID, act, in: db)
                }
            }
            return try asked.map { try self.delivery($0.id, in: db) }
        }
    }

    private func commit(
        _ delivery: Delivery, _ transactionUID: String, _ act: ArchiveAct, in db: Database
    ) throws {
        guard delivery.state == .sent || (delivery.state == .needsAPerson && delivery.sentAt != nil) else { return }
        try db.execute(
            sql: "UPDATE delivery SET state = 'committed', lastError = NULL WHERE id = ?", arguments: [delivery.id])
        try tell(.deliveryCommitted, of: delivery, "transaction \(transactionUID)", act: act, in: db)
    }
}
