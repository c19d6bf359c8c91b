import ExamArchive
import Foundation

extension Place {
    /// Cheap, for tests alone.
    static let cheap = PassphraseCost(rounds: 2, blockSize: 8, parallelism: 1)
    /// The key of the tests' archives.
    static let secret = IdentitySecret.passphrase("correct horse battery", cost: cheap)

    /// A document for a destination.
    static func document(
        _ identifier: String, to destination: String = "pacs", kind: String = "structured-report",
        text: String = "Grauwiller^Zoe", holdsLater: Bool = false
    ) -> NewDelivery {
        NewDelivery(
            destination: destination, kind: kind, identifier: identifier, bytes: [UInt8](text.utf8),
            holdsLater: holdsLater)
    }

    /// Makes the archive with exams that are not signed: `EX-1` of `S001`, `EX-2` of `S001`, `EX-3` of `S003`.
    func archiveOfThree() throws -> Archive {
        let archive = try archive()
        for (id, subject) in [("EX-1", "S001"), ("EX-2", "S001"), ("EX-3", "S003")] {
            try archive.add(try exam(id, subject: subject), reader: Self.reader, act: Self.act(1))
        }
        return archive
    }

    /// Makes the archive with one exam, signed with these documents.
    func archive(sending deliveries: [NewDelivery]) throws -> Archive {
        let archive = try archive(with: "EX-1")
        try archive.sign("EX-1", deliveries: deliveries, secret: Self.secret, act: Self.act(2))
        return archive
    }
}

extension Archive {
    /// Begins what is due, and tells it by identifier.
    func begin(to destination: String = "pacs", at seconds: Int64 = 10, limit: Int = 10) throws -> [String] {
        try beginNextDeliveries(to: destination, at: Place.time(seconds), limit: limit).map(\.identifier)
    }

    /// Brings a new delivery of an exam into a state by the shortest way; its number.
    func bring(_ identifier: String, of examID: String = "EX-1", to state: DeliveryState) throws -> Int64 {
        let queued = try enqueue(
            [Place.document(identifier, to: "way")], of: examID, secret: Place.secret, act: Place.act(3))
        let id = queued[0].id
        if state == .queued { return id }
        if state == .cancelled {
            try cancel(id, reason: "r", act: Place.act(5))
            return id
        }
        _ = try beginNextDeliveries(to: "way", at: Place.time(4), limit: 1)
        switch state {
        case .needsAPerson: try handToPerson(id, error: "e", act: Place.act(5))
        case .sent, .committed: try markSent([id], act: Place.act(5))
        default: break
        }
        if state == .committed {
            try requestCommitment(transactionUID: "2.25.\(id)", of: [id], act: Place.act(6))
            try recordCommitment(
                transactionUID: "2.25.\(id)", committed: [identifier], failed: [:], act: Place.act(7))
        }
        return id
    }
}
