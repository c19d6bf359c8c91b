import ExamArchive
import Foundation
import Testing

@Suite("storage commitment")
struct CommitmentTests {
    /// Two documents that were sent, as deliveries 1 and 2.
    private func sent(_ place: Place) throws -> Archive {
        let archive = try place.archive(sending: [Place.document("1.1"), Place.document("1.2")])
        _ = try archive.begin()
        try archive.markSent([1, 2], act: Place.act(11))
        return archive
    }

    @Test("what the receiver keeps is committed, what it does not keep needs a person, and the audit log tells of each")
    func answer() throws {
        try Place.with { place in
            let archive = try sent(place)
            try archive.requestCommitment(transactionUID: "2.25.1", of: [1, 2], act: Place.act(12))
            #expect(try archive.deliveries().map(\.transactionUID) == ["2.25.1", "2.25.1"])
            let now = try archive.recordCommitment(
                transactionUID: "2.25.1", committed: ["1.1", "9.9"], failed: ["1.2": "no such object"],
                act: Place.act(13))
            #expect(now.map(\.state) == [.committed, .needsAPerson])
            #expect(now[1].lastError == "not kept by the receiver: no such object")
            #expect(now[0].sentAt == Place.time(11))
            let lines = try archive.auditLines().suffix(4)
            #expect(
                lines.map(\.event) == [
                    "deliverySent", "deliverySent", "deliveryCommitted", "deliveryGivenToPerson",
                ])
            #expect(lines.allSatisfy { $0.examID == "EX-1" && $0.version == 1 })
            #expect(
                lines.last?.details
                    == "delivery 2 to pacs: structured-report 1.2; not kept by the receiver: no such object")
            try archive.retry(2, act: Place.act(14, by: "ben"))
            #expect(try archive.delivery(2).transactionUID == nil)
            #expect(try archive.begin(at: 15) == ["1.2"])
            #expect(try archive.checkAudit().problems.isEmpty)
        }
    }

    @Test("an answer in a transaction that nobody began has an error of its own, and changes nothing")
    func unknown() throws {
        try Place.with { place in
            let archive = try sent(place)
            let error = try archiveError {
                try archive.recordCommitment(
                    transactionUID: "2.25.9", committed: ["1.1"], failed: [:], act: Place.act(13))
            }
            #expect(error == .unknownTransaction(transactionUID: "2.25.9"))
            #expect(try archive.deliveries().map(\.state) == [.sent, .sent])
        }
    }

    @Test("an answer that comes twice, late, or to an earlier request is taken, and what is final stays so")
    func late() throws {
        try Place.with { place in
            let archive = try sent(place)
            try archive.requestCommitment(transactionUID: "2.25.1", of: [1, 2], act: Place.act(12))
            try archive.handToPerson(2, error: "no answer for a day", act: Place.act(13))
            try archive.requestCommitment(transactionUID: "2.25.2", of: [1], act: Place.act(14))
            #expect(try archive.delivery(1).transactionUID == "2.25.2")
            for _ in 0..<2 {
                try archive.recordCommitment(
                    transactionUID: "2.25.1", committed: ["1.1", "1.2"], failed: [:], act: Place.act(15))
                #expect(try archive.deliveries().map(\.state) == [.committed, .committed])
            }
            let lines = try archive.auditLines().count
            try archive.recordCommitment(
                transactionUID: "2.25.2", committed: [], failed: ["1.1": "lost"], act: Place.act(16))
            #expect(try archive.delivery(1).state == .committed)
            #expect(try archive.auditLines().count == lines)
        }
    }

    @Test("what stands in both lists has failed, and what stands in none stays as it is")
    func both() throws {
        try Place.with { place in
            let archive = try sent(place)
            try archive.requestCommitment(transactionUID: "2.25.1", of: [1, 2], act: Place.act(12))
            let now = try archive.recordCommitment(
                transactionUID: "2.25.1", committed: ["1.1"], failed: ["1.1": "x"], act: Place.act(13))
            #expect(now.map(\.state) == [.needsAPerson, .sent])
        }
    }

    @Test("an answer after the document was queued again does not end the new attempt")
    func queuedAgain() throws {
        try Place.with { place in
            let archive = try sent(place)
            try archive.requestCommitment(transactionUID: "2.25.1", of: [1], act: Place.act(12))
            try archive.handToPerson(1, error: "no answer", act: Place.act(13))
            try archive.retry(1, act: Place.act(14))
            try archive.recordCommitment(
                transactionUID: "2.25.1", committed: ["1.1"], failed: [:], act: Place.act(15))
            #expect(try archive.delivery(1).state == .queued)
        }
    }

    @Test("a request without documents, with a used UID, or for two destinations is refused whole")
    func requests() throws {
        try Place.with { place in
            let archive = try place.archive(sending: [Place.document("1.1"), Place.document("1.2", to: "b")])
            _ = try archive.begin()
            _ = try archive.begin(to: "b")
            try archive.markSent([1, 2], act: Place.act(11))
            try archive.requestCommitment(transactionUID: "2.25.1", of: [1], act: Place.act(12))
            for (uid, ids) in [("2.25.2", []), ("2.25.1", [Int64(2)]), ("2.25.3", [1, 2]), ("", [1]), ("a b", [1])] {
                guard
                    case .badArgument = try archiveError({
                        try archive.requestCommitment(transactionUID: uid, of: ids, act: Place.act(13))
                    })
                else {
                    Issue.record("\(uid) \(ids)")
                    continue
                }
            }
            #expect(try archive.deliveries().map(\.transactionUID) == ["2.25.1", nil])
        }
    }
}

@Suite("orders and identifiers")
struct OrderTests {
    private static let json = [UInt8](#"{"accessionNumber":"A-77"}"#.utf8)

    @Test("an order comes back with the key, may be stored before the exam and replaced, and none is none")
    func order() throws {
        try Place.with { place in
            let archive = try place.archive()
            #expect(try archive.order(of: "EX-1", secret: Place.secret) == nil)
            try archive.setOrder(Self.json, of: "EX-1", secret: Place.secret, act: Place.act(1))
            try archive.add(try place.exam("EX-1"), reader: Place.reader, act: Place.act(2))
            #expect(try archive.order(of: "EX-1", secret: Place.secret) == Self.json)
            try archive.setOrder([UInt8]("{}".utf8), of: "EX-1", secret: Place.secret, act: Place.act(3))
            #expect(try archive.order(of: "EX-1", secret: Place.secret) == [UInt8]("{}".utf8))
            let other = IdentitySecret.passphrase("another passphrase", cost: Place.cheap)
            guard case .wrongKey = try archiveError({ _ = try archive.order(of: "EX-1", secret: other) }) else {
                Issue.record("another key was taken")
                return
            }
            for (bytes, id) in [([UInt8](), "EX-1"), (Self.json, "../x")] {
                #expect(
                    try archiveError {
                        try archive.setOrder(bytes, of: id, secret: Place.secret, act: Place.act(4))
                    } != nil)
            }
        }
    }

    @Test("an order that was put to another exam is called damaged")
    func moved() throws {
        try Place.with { place in
            do {
                try place.archive().setOrder(Self.json, of: "EX-1", secret: Place.secret, act: Place.act(1))
            }
            guard try place.sqlite("INSERT INTO examOrder SELECT 'EX-2', sealed FROM examOrder") != nil else {
                return print("skipped: no sqlite3")
            }
            let archive = try Archive(reading: place.archivePath)
            guard case .damaged = try archiveError({ _ = try archive.order(of: "EX-2", secret: Place.secret) }) else {
                Issue.record("given out")
                return
            }
        }
    }

    @Test("identifiers are set once for a version, the same ones again are fine, and others are refused")
    func identifiers() throws {
        try Place.with { place in
            let archive = try place.archive(with: "EX-1", isSigned: true)
            #expect(try archive.recordIdentifiers(of: "EX-1", version: 1) == nil)
            for _ in 0..<2 {
                try archive.setRecordIdentifiers(Self.json, of: "EX-1", version: 1, act: Place.act(3))
            }
            let lines = try archive.auditLines().filter { $0.event == "recordIdentifiersSet" }
            #expect(lines.count == 1)
            let error = try archiveError {
                try archive.setRecordIdentifiers([1], of: "EX-1", version: 1, act: Place.act(4))
            }
            #expect(error == .identifiersAlreadySet(examID: "EX-1", version: 1))
            #expect(try archive.recordIdentifiers(of: "EX-1", version: 1) == Self.json)
            let unknown = try archiveError {
                try archive.setRecordIdentifiers(Self.json, of: "EX-1", version: 2, act: Place.act(5))
            }
            #expect(unknown == .unknownExam(examID: "EX-1", version: 2))
        }
    }
}
