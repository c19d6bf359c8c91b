import ExamArchive
import Foundation
import Testing

@Suite("the states of a delivery")
struct DeliveryStateTests {
    /// The steps between two states, by hand.
    private static let allowed: Set<[DeliveryState]> = [
        [.queued, .sending], [.queued, .cancelled], [.sending, .sent], [.sending, .queued], [.sending, .needsAPerson],
        [.sent, .committed], [.sent, .needsAPerson], [.needsAPerson, .queued], [.needsAPerson, .cancelled],
        [.needsAPerson, .committed],
    ]

    @Test("a step between states is allowed in these ten cases and in no other")
    func steps() {
        for from in DeliveryState.allCases {
            for to in DeliveryState.allCases {
                #expect(from.allows(to) == Self.allowed.contains([from, to]), "\(from) \(to)")
            }
        }
    }

    /// Something that somebody does with a delivery, and from where it may be done.
    enum Step: CaseIterable, Sendable {
        case begin, markSent, postpone, handToPerson, retry, cancel, request

        var from: Set<DeliveryState> {
            switch self {
            case .begin: [.queued]
            case .markSent, .postpone: [.sending]
            case .handToPerson: [.sending, .sent]
            case .retry: [.queued, .needsAPerson]
            case .cancel: [.queued, .needsAPerson]
            case .request: [.sent]
            }
        }

        func next(_ state: DeliveryState) -> DeliveryState {
            switch self {
            case .begin: .sending
            case .markSent: .sent
            case .postpone, .retry: .queued
            case .handToPerson: .needsAPerson
            case .cancel: .cancelled
            case .request: state
            }
        }

        func run(_ id: Int64, _ archive: Archive) throws {
            switch self {
            case .begin:
                guard try archive.begin(to: "way").isEmpty else { return }
                throw ArchiveError.unknownDelivery(id: id)
            case .markSent: try archive.markSent([id], act: Place.act(9))
            case .postpone: try archive.postpone(id, until: Place.time(99), error: "later")
            case .handToPerson: try archive.handToPerson(id, error: "look", act: Place.act(9))
            case .retry: try archive.retry(id, act: Place.act(9))
            case .cancel: try archive.cancel(id, reason: "not wanted", act: Place.act(9))
            case .request: try archive.requestCommitment(transactionUID: "2.25.77\(id)", of: [id], act: Place.act(9))
            }
        }
    }

    @Test("each act goes from its states to its next one, and from no other", arguments: Step.allCases)
    func acts(_ step: Step) throws {
        try Place.with { place in
            let archive = try place.archive(with: "EX-1")
            for state in DeliveryState.allCases {
                let id = try archive.bring("1.2.\(state.rawValue)", to: state)
                let before = try archive.delivery(id)
                #expect(before.state == state)
                let error = try archiveError { try step.run(id, archive) }
                let after = try archive.delivery(id)
                if step.from.contains(state) {
                    #expect(error == nil, "\(step) from \(state)")
                    #expect(after.state == step.next(state), "\(step) from \(state)")
                } else {
                    #expect(after == before, "\(step) from \(state)")
                    if case .wrongDeliveryState(id, state, _, _) = error {
                    } else if step != .begin {
                        Issue.record("\(step) from \(state): \(String(describing: error))")
                    }
                }
                // Out of the way of the next one.
                if after.state == .sending { try archive.handToPerson(id, error: "e", act: Place.act(9)) }
                if try archive.delivery(id).state == .queued { try archive.cancel(id, reason: "r", act: Place.act(9)) }
            }
        }
    }

    @Test(
        "the database itself allows the same steps and no other",
        arguments: DeliveryState.allCases, DeliveryState.allCases)
    func triggers(_ from: DeliveryState, _ to: DeliveryState) throws {
        guard from != to || from.isFinal else { return }
        try Place.with { place in
            let id: Int64
            do { id = try place.archive(with: "EX-1").bring("1.2.3", to: from) }
            let sql = "UPDATE delivery SET state = '\(to.rawValue)', sentAtMs = coalesce(sentAtMs, 5) WHERE id = \(id)"
            guard let said = try place.sqlite(sql) else { return print("skipped: no sqlite3") }
            // What was never sent is never committed.
            let isAllowed = from.allows(to) && !(from == .needsAPerson && to == .committed)
            #expect(said.contains("Error") == !isAllowed, "\(said)")
            let archive = try Archive(reading: place.archivePath)
            #expect(try archive.delivery(id).state == (isAllowed ? to : from))
        }
    }

    @Test(
        "the database itself keeps a delivery's document, destination and identifier",
        arguments: [
            "UPDATE delivery SET destination = 'other'", "UPDATE delivery SET identifier = '9'",
            "UPDATE delivery SET kind = 'other'", "UPDATE delivery SET sha256 = zeroblob(32)",
            "UPDATE delivery SET byteCount = 1", "UPDATE delivery SET exam = 2",
            "UPDATE delivery SET subjectCode = 'X'",
            "UPDATE delivery SET attempts = -1", "DELETE FROM delivery",
            "INSERT OR REPLACE INTO delivery SELECT * FROM delivery", "UPDATE delivery SET state = 'done'",
            "INSERT INTO delivery (exam, subjectCode, destination, kind, identifier, holdsLater, sha256, byteCount, "
                + "state, queuedAtMs) VALUES (1, 'S001', 'b', 'k', 'i', 0, zeroblob(32), 1, 'sending', 1)",
            "INSERT INTO delivery (exam, subjectCode, destination, kind, identifier, holdsLater, sha256, byteCount, "
                + "state, queuedAtMs) VALUES (1, 'S009', 'b', 'k', 'i', 0, zeroblob(32), 1, 'queued', 1)",
            "UPDATE recordIdentifiers SET json = x'7b7d'", "DELETE FROM recordIdentifiers",
            "INSERT OR REPLACE INTO recordIdentifiers SELECT exam, x'7b7d' FROM recordIdentifiers",
        ])
    func kept(_ sql: String) throws {
        try Place.with { place in
            do {
                let archive = try place.archive(sending: [Place.document("1.2.3")])
                try archive.setRecordIdentifiers(
                    [UInt8](#"{"a":1}"#.utf8), of: "EX-1", version: 1, act: Place.act(3))
            }
            let before = try place.sqlite("SELECT * FROM delivery; SELECT * FROM recordIdentifiers")
            guard let said = try place.sqlite(sql) else { return print("skipped: no sqlite3") }
            #expect(said.contains("Error"), "\(sql): \(said)")
            #expect(try place.sqlite("SELECT * FROM delivery; SELECT * FROM recordIdentifiers") == before)
        }
    }

    @Test("an act on several deliveries is done for all or for none, and one on an unknown delivery says so")
    func allOrNone() throws {
        try Place.with { place in
            let archive = try place.archive(sending: [Place.document("1"), Place.document("2")])
            let lines = try archive.auditLines().count
            #expect(try archive.begin(limit: 1) == ["1"])
            guard
                case .wrongDeliveryState(2, .queued, _, _) = try archiveError({
                    try archive.markSent([1, 2], act: Place.act(3))
                })
            else {
                Issue.record("a queued one was marked as sent")
                return
            }
            #expect(try archive.deliveries().map(\.state) == [.sending, .queued])
            #expect(try archive.auditLines().count == lines)
            #expect(
                try archiveError { try archive.markSent([9], act: Place.act(3)) } == .unknownDelivery(id: 9))
        }
    }
}
