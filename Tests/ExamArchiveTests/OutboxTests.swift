import ExamArchive
import Foundation
import TestSupport
import Testing

@Suite("the outbox")
struct OutboxTests {
    @Test("what is to be sent comes in with the signing, and comes out byte for byte")
    func signing() throws {
        try Place.with { place in
            let archive = try place.archive(sending: [
                Place.document("1.2.3"), Place.document("1.2.3", to: "second"), Place.document("1.2.4", text: "other"),
            ])
            #expect(try archive.exam("EX-1").state == .signed)
            let found = try archive.deliveries()
            #expect(found.map(\.id) == [1, 2, 3])
            #expect(found.map(\.destination) == ["pacs", "second", "pacs"])
            #expect(found.map(\.examID) == ["EX-1", "EX-1", "EX-1"])
            #expect(found.allSatisfy { $0.state == .queued && $0.attempts == 0 && $0.subjectCode == "S001" })
            #expect(found[0].queuedAt == Place.time(2))
            #expect(found[0].byteCount == 14)
            #expect(Set(found.map(\.sha256)).count == 3)
            #expect(try archive.payload(of: found[1], secret: Place.secret) == [UInt8]("Grauwiller^Zoe".utf8))
            #expect(try archive.payload(of: found[2], secret: Place.secret) == [UInt8]("other".utf8))
            let opened = try archive.opened(Place.secret)
            #expect(try archive.payload(of: found[2], secret: opened) == [UInt8]("other".utf8))
            #expect(try archive.deliveries(to: "pacs").map(\.id) == [1, 3])
            #expect(try archive.deliveries(in: [.sent]).isEmpty)
            #expect(try archive.deliveries(in: []).isEmpty)
            #expect(try archive.deliveries(of: "EX-1", version: 2).isEmpty)
            #expect(try archive.auditLines().map(\.event).suffix(2) == ["deliveryQueued", "deliveryQueued"])
            #expect(try archive.verify(reader: Place.reader).deliveries == 3)
            #expect(try archive.verify(reader: Place.reader).isClean)
        }
    }

    @Test("an exam that cannot be signed brings nothing into the outbox, and no file is left")
    func notSigned() throws {
        try Place.with { place in
            let archive = try place.archive(with: "EX-1", isSigned: true)
            guard
                case .wrongState = try archiveError({
                    try archive.sign(
                        "EX-1", deliveries: [Place.document("1")], secret: Place.secret, act: Place.act(3))
                })
            else {
                Issue.record("signed twice")
                return
            }
            #expect(try archive.deliveries().isEmpty)
            #expect(try LossyDisk.files(below: archive.path + "/outbox").isEmpty)
        }
    }

    @Test("the same document for the same destination is refused, by name, with everything that came with it")
    func unique() throws {
        try Place.with { place in
            let archive = try place.archive(sending: [Place.document("1.2.3")])
            let files = try LossyDisk.files(below: archive.path + "/outbox")
            for documents in [
                [Place.document("1.2.9"), Place.document("1.2.3", text: "another text")],
                [Place.document("1.2.3")],
            ] {
                let error = try archiveError {
                    try archive.enqueue(documents, of: "EX-1", secret: Place.secret, act: Place.act(3))
                }
                #expect(error == .alreadyQueued(destination: "pacs", kind: "structured-report", identifier: "1.2.3"))
            }
            let twice = try archiveError {
                try archive.enqueue(
                    [Place.document("5"), Place.document("5")], of: "EX-1", secret: Place.secret, act: Place.act(3))
            }
            #expect(twice == .alreadyQueued(destination: "pacs", kind: "structured-report", identifier: "5"))
            #expect(try archive.deliveries().count == 1)
            #expect(try LossyDisk.files(below: archive.path + "/outbox") == files)
            try archive.enqueue(
                [Place.document("1.2.3", kind: "other"), Place.document("1.2.3", to: "b")], of: "EX-1",
                secret: Place.secret, act: Place.act(3))
            #expect(try archive.deliveries().count == 3)
        }
    }

    @Test("what stands in no name is refused: spaces, control signs, nothing, too much", arguments: 0..<7)
    func badFields(_ which: Int) throws {
        try Place.with { place in
            let archive = try place.archive(with: "EX-1")
            var document = Place.document("1.2.3")
            switch which {
            case 0: document.destination = "Dr. Who"
            case 1: document.destination = ""
            case 2: document.kind = "../x"
            case 3: document.identifier = "a b"
            case 4: document.identifier = "a\u{1}"
            case 5: document.identifier = String(repeating: "1", count: 201)
            default: document.bytes = []
            }
            guard
                case .badArgument = try archiveError({
                    try archive.enqueue([document], of: "EX-1", secret: Place.secret, act: Place.act(3))
                })
            else {
                Issue.record("taken")
                return
            }
            #expect(try LossyDisk.files(below: archive.path + "/outbox").isEmpty)
        }
    }

    @Test("documents without a key, with another key, or for an unknown exam are refused and leave nothing")
    func refused() throws {
        try Place.with { place in
            let archive = try place.archive(with: "EX-1")
            guard
                case .wrongKey = try archiveError({
                    try archive.sign("EX-1", deliveries: [Place.document("1")], act: Place.act(2))
                })
            else {
                Issue.record("signed without a key")
                return
            }
            #expect(try archive.exam("EX-1").state == .analysed)
            try archive.enqueue([Place.document("1")], of: "EX-1", secret: Place.secret, act: Place.act(2))
            let other = IdentitySecret.passphrase("another passphrase", cost: Place.cheap)
            guard
                case .wrongKey = try archiveError({
                    try archive.enqueue([Place.document("2")], of: "EX-1", secret: other, act: Place.act(3))
                }),
                case .wrongKey = try archiveError({
                    _ = try archive.payload(of: try archive.delivery(1), secret: other)
                })
            else {
                Issue.record("another key was taken")
                return
            }
            let unknown = try archiveError {
                try archive.enqueue([Place.document("2")], of: "EX-9", secret: Place.secret, act: Place.act(3))
            }
            #expect(unknown == .unknownExam(examID: "EX-9", version: 0))
            #expect(try LossyDisk.files(below: archive.path + "/outbox").count == 1)
        }
    }

    @Test("no byte of a document stands in any file, while the outbox is used and after, nor in a backup")
    func sealing() throws {
        try Place.with { place in
            let archive = try place.archive(sending: [Place.document("1.2.3"), Place.document("1.2.3", to: "b")])
            _ = try archive.begin()
            try archive.postpone(1, until: Place.time(20), error: "no answer")
            _ = try archive.payload(of: try archive.delivery(1), secret: Place.secret)
            try archive.setOrder(
                [UInt8](#"{"referring":"Weissgerber"}"#.utf8), of: "EX-1", secret: Place.secret, act: Place.act(4))
            _ = try Archive.backUp(place.archivePath, to: place.path + "/backup", act: Place.act(5))
            var all: [Data] = []
            for folder in [place.archivePath, place.path + "/backup"] {
                all += try LossyDisk.files(below: folder).values
            }
            #expect(all.count >= 14)
            for text in ["Grauwiller", "Zoe", "auwille", "Weissgerber", "referring", "correct horse"] {
                #expect(all.allSatisfy { $0.range(of: Data(text.utf8)) == nil }, "\(text)")
            }
            #expect(all.contains { $0.range(of: Data("1.2.3".utf8)) != nil })
            let sealed = try LossyDisk.files(below: archive.path + "/outbox")
            #expect(Set(sealed.values).count == 2)
            #expect(sealed.values.allSatisfy { $0.count == 14 + 28 })
        }
    }

    @Test(
        "a sealed document that was changed, cut, removed or exchanged is found by name, and not given out",
        arguments: 0..<4)
    func damaged(_ how: Int) throws {
        try Place.with { place in
            let archive = try place.archive(sending: [Place.document("1.2.3"), Place.document("1.2.4")])
            let found = try archive.deliveries()
            let paths = found.map { archive.path + "/outbox/" + $0.sha256 }
            switch how {
            case 0:
                var bytes = try Data(contentsOf: URL(fileURLWithPath: paths[0]))
                bytes[20] ^= 1
                try bytes.write(to: URL(fileURLWithPath: paths[0]))
            case 1: #expect(truncate(paths[0], 20) == 0)
            case 2: try FileManager.default.removeItem(atPath: paths[0])
            default:
                try FileManager.default.removeItem(atPath: paths[0])
                try FileManager.default.copyItem(atPath: paths[1], toPath: paths[0])
            }
            let findings = try archive.verify(reader: Place.reader).findings
            #expect(findings.map(\.place) == [paths[0]])
            let error = try archiveError { _ = try archive.payload(of: found[0], secret: Place.secret) }
            if how == 2 {
                guard case .storage = error else {
                    Issue.record("\(String(describing: error))")
                    return
                }
            } else {
                guard case .damaged(paths[0], _) = error else {
                    Issue.record("\(String(describing: error))")
                    return
                }
            }
            #expect(try archive.payload(of: found[1], secret: Place.secret).count == 14)
        }
    }

    @Test("a document whose row was given to another delivery is not given out, even where the file is right")
    func exchangedRows() throws {
        try Place.with { place in
            do { _ = try place.archive(sending: [Place.document("1.2.3"), Place.document("1.2.4")]) }
            let sql = "DROP TRIGGER deliveryKeepsItsName; UPDATE delivery SET identifier = '1.2.9' WHERE id = 1"
            guard try place.sqlite(sql) != nil else { return print("skipped: no sqlite3") }
            let archive = try Archive(reading: place.archivePath)
            guard
                case .damaged = try archiveError({
                    _ = try archive.payload(of: try archive.delivery(1), secret: Place.secret)
                })
            else {
                Issue.record("given out")
                return
            }
        }
    }

    @Test("what a killed process left is cleared: files that no row names go, and what was being sent is queued again")
    func leftovers() throws {
        try Place.with { place in
            do {
                let archive = try place.archive(sending: [Place.document("1.2.3"), Place.document("1.2.4")])
                #expect(try archive.begin(limit: 1) == ["1.2.3"])
            }
            try place.write("half", to: "archive/outbox/" + String(repeating: "a", count: 64))
            let reading = try Archive(reading: place.archivePath)
            let found = try reading.verify(reader: Place.reader)
            #expect(found.isClean)
            #expect(found.remarks.count == 1)
            #expect(try reading.deliveries().map(\.state) == [.sending, .queued])
            let archive = try Archive(writing: place.archivePath, act: Place.act(3))
            #expect(try archive.deliveries().map(\.state) == [.queued, .queued])
            #expect(try archive.deliveries().map(\.attempts) == [1, 0])
            #expect(try LossyDisk.files(below: archive.path + "/outbox").count == 2)
            #expect(try archive.verify(reader: Place.reader).remarks.isEmpty)
            #expect(try archive.begin() == ["1.2.3", "1.2.4"])
        }
    }

    @Test("a backup and its restoring carry the outbox, and a damaged document ends a backup")
    func backup() throws {
        try Place.with { place in
            do {
                let archive = try place.archive(sending: [Place.document("1.2.3"), Place.document("1.2.4")])
                _ = try archive.begin(limit: 1)
                try archive.markSent([1], act: Place.act(3))
            }
            let copy = try Archive.backUp(place.archivePath, to: place.path + "/backup", act: Place.act(4))
            #expect(copy.files == 7)
            _ = try Archive.restore(
                place.path + "/backup", to: place.path + "/restored", reader: Place.reader, act: Place.act(5))
            let restored = try Archive(reading: place.path + "/restored")
            let original = try Archive(reading: place.archivePath)
            #expect(try restored.deliveries() == original.deliveries())
            #expect(try restored.verify(reader: Place.reader).isClean)
            for delivery in try restored.deliveries() {
                #expect(try restored.payload(of: delivery, secret: Place.secret).count == 14)
            }
            #expect(truncate(original.path + "/outbox/" + (try original.delivery(1).sha256), 5) == 0)
            guard
                case .damaged = try archiveError({
                    _ = try Archive.backUp(place.archivePath, to: place.path + "/second", act: Place.act(6))
                })
            else {
                Issue.record("a damaged document was copied")
                return
            }
        }
    }
}
