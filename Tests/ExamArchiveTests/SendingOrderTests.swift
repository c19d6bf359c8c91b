import ExamArchive
import Foundation
import Testing
import TestSupport

@Suite("the order of sending")
struct SendingOrderTests {
    private func enqueue(_ archive: Archive, _ documents: [(String, String)]) throws {
        for (examID, identifier) in documents {
            try archive.enqueue(
                [Place.document(identifier)], of: examID, secret: Place.secret, act: Place.act(2))
        }
    }

    @Test("the oldest goes first, with others of its exam version only, as many as are wanted")
    func oldestFirst() throws {
        try Place.with { place in
            let archive = try place.archiveOfThree()
            try enqueue(archive, [("EX-3", "a"), ("EX-1", "b"), ("EX-3", "c"), ("EX-1", "d"), ("EX-3", "e")])
            #expect(try archive.begin(limit: 0).isEmpty)
            #expect(try archive.begin(limit: 2) == ["a", "c"])
            #expect(try archive.deliveries().map(\.attempts) == [1, 0, 1, 0, 0])
            // The rest of this exam waits for what is being sent; the other subject's goes.
            #expect(try archive.begin() == ["b", "d"])
            #expect(try archive.begin().isEmpty)
            try archive.markSent([1, 3], act: Place.act(11))
            #expect(try archive.begin() == ["e"])
            #expect(try archive.begin(to: "elsewhere").isEmpty)
        }
    }

    @Test("a delivery waits for an earlier one of its subject to the same destination, and for no other")
    func withinSubject() throws {
        try Place.with { place in
            let archive = try place.archiveOfThree()
            try enqueue(archive, [("EX-1", "a"), ("EX-2", "b"), ("EX-3", "c")])
            try archive.enqueue([Place.document("b", to: "b")], of: "EX-2", secret: Place.secret, act: Place.act(3))
            #expect(try archive.begin() == ["a"])
            #expect(try archive.begin() == ["c"])
            #expect(try archive.begin(to: "b") == ["b"])
            #expect(try archive.begin().isEmpty)
            try archive.postpone(1, until: Place.time(100), error: "no answer")
            #expect(try archive.begin(at: 50).isEmpty)
            #expect(try archive.begin(at: 100) == ["a"])
            try archive.handToPerson(1, error: "refused", act: Place.act(101))
            #expect(try archive.begin(at: 102) == ["b"])
        }
    }

    @Test(
        "what was put off goes at its time and not before, and at once where the clock was set back before its attempt")
    func postponed() throws {
        try Place.with { place in
            let archive = try place.archiveOfThree()
            try enqueue(archive, [("EX-1", "a"), ("EX-1", "b")])
            #expect(try archive.begin(at: 10, limit: 1) == ["a"])
            try archive.postpone(1, until: Place.time(40), error: "no answer")
            let put = try archive.delivery(1)
            #expect(put.state == .queued && put.nextAttemptAt == Place.time(40) && put.lastError == "no answer")
            #expect(try archive.begin(at: 39).isEmpty)
            #expect(try archive.begin(at: 40) == ["a", "b"])
            #expect(try archive.delivery(1).attempts == 2)
            #expect(try archive.delivery(1).nextAttemptAt == nil)
            try archive.postpone(1, until: Place.time(400), error: "no answer")
            try archive.postpone(2, until: Place.time(300), error: "no answer")
            #expect(try archive.begin(at: 300).isEmpty)
            #expect(try archive.begin(at: 5) == ["a", "b"])
            try archive.postpone(1, until: Place.time(900), error: "no answer")
            try archive.retry(1, act: Place.act(20))
            #expect(try archive.begin(at: 20) == ["a"])
        }
    }

    @Test("behind one that needs a person later ones go, but where it holds its own exam's, and others' always go")
    func needsAPerson() throws {
        try Place.with { place in
            let archive = try place.archiveOfThree()
            for (examID, identifier, holdsLater) in [
                ("EX-1", "begin", true), ("EX-1", "end", false), ("EX-2", "other", false), ("EX-3", "third", false),
            ] {
                let document = Place.document(identifier, holdsLater: holdsLater)
                try archive.enqueue([document], of: examID, secret: Place.secret, act: Place.act(2))
            }
            // One that holds what comes later is the last of what goes together.
            #expect(try archive.begin() == ["begin"])
            try archive.handToPerson(1, error: "refused", act: Place.act(11))
            #expect(try archive.begin() == ["third"])
            // The later exam of the subject waits for the earlier one's, which is queued still.
            #expect(try archive.begin().isEmpty)
            try archive.cancel(1, reason: "wrong patient", act: Place.act(12))
            #expect(try archive.begin() == ["end"])
            try archive.handToPerson(2, error: "refused", act: Place.act(13))
            #expect(try archive.begin() == ["other"])
        }
    }

    @Test("over any course each goes once, in the order of its subject, and nothing is left", arguments: 0..<12)
    func anyCourse(_ seed: UInt64) throws {
        try Place.with { place in
            let archive = try place.archiveOfThree()
            var random = SeededGenerator(seed: seed)
            let exams = ["EX-1", "EX-2", "EX-3"]
            var queued: [String: [String]] = [:]
            for number in 0..<12 {
                let exam = exams[Int.random(in: 0..<3, using: &random)]
                try enqueue(archive, [(exam, "d\(number)")])
                queued[exam == "EX-3" ? "S003" : "S001", default: []].append("d\(number)")
            }
            var sent: [String: [String]] = [:]
            var now: Int64 = 10
            for _ in 0..<400 where try !archive.deliveries(in: [.queued, .sending]).isEmpty {
                now += Int64.random(in: -3...9, using: &random)
                let limit = Int.random(in: 1...3, using: &random)
                let begun = try archive.beginNextDeliveries(to: "pacs", at: Place.time(now), limit: limit)
                #expect(Set(begun.map(\.examID)).count <= 1)
                var isBroken = false
                for delivery in begun {
                    isBroken = isBroken || Int.random(in: 0..<4, using: &random) == 0
                    if isBroken {
                        try archive.postpone(delivery.id, until: Place.time(now + 5), error: "no answer")
                    } else {
                        try archive.markSent([delivery.id], act: Place.act(now))
                        sent[delivery.subjectCode, default: []].append(delivery.identifier)
                    }
                }
            }
            #expect(sent == queued)
            #expect(try archive.verify(reader: Place.reader).isClean)
        }
    }
}
