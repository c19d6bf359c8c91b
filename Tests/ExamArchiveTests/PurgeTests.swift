import ExamArchive
import Foundation
import TestSupport
import Testing

@Suite("retention and purge")
struct PurgeTests {
    /// Seconds from the beginning of 2026 to that of 2036: ten years with the leap days of 2028 and 2032.
    private static let tenYears: Int64 = 3652 * 86400

    @Test(
        "a term ends on the same day, years later, and one from a leap day a day later where there is none",
        arguments: [
            ("2016-01-31T10:15:00.000Z", 10, "2026-01-31T10:15:00.000Z"),
            ("2024-02-29T00:00:00.000Z", 1, "2025-03-01T00:00:00.000Z"),
            ("2024-02-29T23:59:59.000Z", 4, "2028-02-29T23:59:59.000Z"),
            ("2023-02-28T12:00:00.000Z", 1, "2024-02-28T12:00:00.000Z"),
            ("1999-12-31T23:59:59.000Z", 30, "2029-12-31T23:59:59.000Z"),
        ])
    func terms(_ signed: String, _ years: Int, _ end: String) throws {
        let json = Data("[\"\(signed)\"]".utf8)
        let moment = try #require(try JSONDecoder().decode([ArchiveTime].self, from: json).first)
        #expect(try RetentionRule(years: years).end(from: moment).text == end)
    }

    @Test("a term of no year, or of more than two hundred, is refused", arguments: [0, -1, 201, Int.max])
    func badTerms(_ years: Int) throws {
        guard case .badArgument = try archiveError({ _ = try RetentionRule(years: years) }) else {
            Issue.record("taken")
            return
        }
    }

    /// An archive with a signed exam `EX-1`, amended and signed again, with an identity, an order, and documents in the
    /// outbox; and one `EX-2` of another subject that was signed a year later.
    private func archive(_ place: Place) throws -> Archive {
        let archive = try place.archive(sending: [Place.document("1.1"), Place.document("1.2")])
        try archive.amend(
            "EX-1", with: try place.exam("EX-1", report: "%PDF-2", as: "corrected"), reason: "r",
            reader: Place.reader, act: Place.act(3))
        try archive.sign("EX-1", act: Place.act(4))
        try archive.setIdentity(
            PatientIdentity(familyName: "Grauwiller", givenName: "Zoe"), of: "S001", secret: Place.secret,
            act: Place.act(5))
        try archive.setOrder([UInt8]("{}".utf8), of: "EX-1", secret: Place.secret, act: Place.act(6))
        try archive.setRecordIdentifiers([UInt8]("{}".utf8), of: "EX-1", version: 1, act: Place.act(7))
        try archive.add(try place.exam("EX-2", subject: "S002"), reader: Place.reader, act: Place.act(8))
        try archive.sign("EX-2", act: Place.act(8 + 366 * 86400))
        return archive
    }

    @Test("a purge removes what is past its term, whole, and keeps the tombstone, the rest and the audit log")
    func purge() throws {
        try Place.with { place in
            let archive = try archive(place)
            let rule = try RetentionRule(years: 10)
            #expect(try archive.expired(under: rule, at: Place.time(Self.tenYears + 3)).isEmpty)
            _ = try archive.begin()
            try archive.markSent([1, 2], act: Place.act(9))
            let expired = try archive.expired(under: rule, at: Place.time(Self.tenYears + 4))
            #expect(expired.map(\.examID) == ["EX-1"])
            #expect(expired[0].versions == [1, 2])
            #expect(expired[0].files == 12)
            #expect(expired[0].obstacle == nil)
            let lines = try archive.auditLines()
            let purged = try archive.purge(
                under: rule, reason: "ten years are over", act: Place.act(Self.tenYears + 4))
            #expect(purged == expired)
            #expect(try archive.exams(withEarlierVersions: true).map(\.examID) == ["EX-2"])
            #expect(try archive.deliveries().isEmpty)
            #expect(try archive.order(of: "EX-1", secret: Place.secret) == nil)
            let identity = try archiveError {
                _ = try archive.showIdentity(of: "S001", secret: Place.secret, act: Place.act(Self.tenYears + 5))
            }
            #expect(identity == .noIdentity(subjectCode: "S001"))
            let left = try LossyDisk.files(below: archive.path).keys
            #expect(!left.contains { $0.contains("EX-1") || $0.hasPrefix("outbox/") })
            #expect(left.filter { $0.hasPrefix("exams/EX-2/") }.count == 5)
            let after = try archive.auditLines()
            #expect(Array(after.prefix(lines.count)) == lines)
            #expect(after.dropFirst(lines.count).map(\.event) == ["examPurged", "examPurged", "identityPurged"])
            #expect(after[lines.count].details.hasSuffix("; ten years are over"))
            let found = try archive.verify(reader: Place.reader)
            #expect(found.isClean, "\(found.findings)")
            guard
                case .refused = try archiveError({
                    try archive.add(try place.exam("EX-1"), reader: Place.reader, act: Place.act(Self.tenYears + 6))
                })
            else {
                Issue.record("an exam took the place of one that was purged")
                return
            }
            #expect(try archive.verify(reader: Place.reader).isClean)
        }
    }

    @Test("an identity stays while the subject has another exam")
    func identityStays() throws {
        try Place.with { place in
            let archive = try place.archiveOfThree()
            try archive.sign("EX-1", act: Place.act(2))
            let identity = PatientIdentity(familyName: "Grauwiller", givenName: "Zoe")
            try archive.setIdentity(identity, of: "S001", secret: Place.secret, act: Place.act(3))
            try archive.purge(
                under: try RetentionRule(years: 10), reason: "r", act: Place.act(Self.tenYears + 2))
            #expect(try archive.exams().map(\.examID).sorted() == ["EX-2", "EX-3"])
            #expect(
                try archive.showIdentity(
                    of: "S001", secret: Place.secret, act: Place.act(Self.tenYears + 3)) == identity)
        }
    }

    @Test(
        "an exam stays while anything of it is to be delivered, and goes when that is over",
        arguments: DeliveryState.allCases)
    func deliveries(_ state: DeliveryState) throws {
        try Place.with { place in
            let archive = try place.archive(with: "EX-1", isSigned: true)
            let id = try archive.bring("1.2.3", to: state)
            let rule = try RetentionRule(years: 1)
            let act = Place.act(Self.tenYears)
            let mayGo = [.sent, .committed, .cancelled].contains(state)
            #expect(try archive.expired(under: rule, at: act.at).map { $0.obstacle == nil } == [mayGo])
            if state == .sent {
                // Whoever asked a receiver to keep it waits for the answer.
                try archive.requestCommitment(transactionUID: "2.25.5", of: [id], act: Place.act(50))
                #expect(try archive.expired(under: rule, at: act.at)[0].obstacle?.contains("confirmed") == true)
                #expect(try archive.purge(under: rule, reason: "r", act: act).isEmpty)
                try archive.recordCommitment(
                    transactionUID: "2.25.5", committed: ["1.2.3"], failed: [:], act: Place.act(51))
            }
            #expect(try archive.purge(under: rule, reason: "r", act: act).count == (mayGo ? 1 : 0))
            #expect(try archive.exams().count == (mayGo ? 0 : 1))
            #expect(try archive.verify(reader: Place.reader).isClean)
        }
    }

    @Test(
        "an exam with an amendment that is not signed stays, an unsigned one is never past a term, and a reason is needed"
    )
    func others() throws {
        try Place.with { place in
            let archive = try place.archiveOfThree()
            try archive.sign("EX-1", act: Place.act(2))
            let corrected = try place.exam("EX-1", as: "corrected")
            try archive.amend("EX-1", with: corrected, reason: "r", reader: Place.reader, act: Place.act(3))
            let rule = try RetentionRule(years: 1)
            let expired = try archive.expired(under: rule, at: Place.time(Self.tenYears))
            #expect(expired.map(\.examID) == ["EX-1"])
            #expect(expired[0].obstacle == "version 2 is analysed, not signed")
            #expect(try archive.purge(under: rule, reason: "r", act: Place.act(Self.tenYears)).isEmpty)
            guard
                case .badArgument = try archiveError({
                    try archive.purge(under: rule, reason: "", act: Place.act(Self.tenYears))
                })
            else {
                Issue.record("purged without a reason")
                return
            }
        }
    }

    @Test("an exam that went with its folder and without a purge is found by the audit log, and a forged purge, too")
    func gone() throws {
        try Place.with { place in
            do { _ = try place.archive(with: "EX-1", isSigned: true) }
            let drop = "DROP TRIGGER examKept; DROP TRIGGER signedFilesKept; DROP TRIGGER purgeOfKnownExams; "
            guard try place.sqlite(drop + "DELETE FROM examFile; DELETE FROM exam") != nil else {
                return print("skipped: no sqlite3")
            }
            try FileManager.default.removeItem(atPath: place.archivePath + "/exams/EX-1")
            let archive = try Archive(reading: place.archivePath)
            #expect(
                try archive.verify(reader: Place.reader).findings.map(\.what) == [
                    "the audit log tells that it came in, and it is neither here nor purged"
                ])
            _ = try place.sqlite("INSERT INTO purge VALUES ('EX-1', 1, 5, 'r')")
            #expect(
                try archive.verify(reader: Place.reader).findings.map(\.what) == [
                    "it was purged, and the audit log tells of no purge"
                ])
        }
    }

    @Test("a delivery that went from the outbox with its file is found by the audit log")
    func goneDelivery() throws {
        try Place.with { place in
            do { _ = try place.archive(sending: [Place.document("1.1")]) }
            guard try place.sqlite("DROP TRIGGER deliveryKept; DELETE FROM delivery") != nil else {
                return print("skipped: no sqlite3")
            }
            let found = try Archive(writing: place.archivePath, act: Place.act(5)).verify(reader: Place.reader)
            #expect(
                found.findings.map(\.what) == [
                    "the outbox has more or fewer deliveries than the audit log tells of"
                ])
        }
    }
}

@Suite("export")
struct ExportTests {
    @Test("an export holds every byte of a version with its sums, and the audit log tells of it")
    func export() throws {
        try Place.with { place in
            let archive = try place.archive(with: "EX-1", isSigned: true)
            let corrected = try place.exam("EX-1", report: "%PDF-2", as: "corrected")
            try archive.amend("EX-1", with: corrected, reason: "r", reader: Place.reader, act: Place.act(3))
            for (version, report) in [(1, "%PDF-1"), (2, "%PDF-2")] {
                let target = place.path + "/out-\(version)"
                let result = try archive.export("EX-1", version: version, to: target, act: Place.act(4))
                #expect(result.files == 5)
                var files = try LossyDisk.files(below: target)
                let list = files.removeValue(forKey: "SHA256SUMS")
                let sums = String(decoding: try #require(list), as: UTF8.self)
                let exam = try archive.exam("EX-1", version: version)
                #expect(files == (try LossyDisk.files(below: archive.folder(of: exam))))
                #expect(files["report.pdf"] == Data(report.utf8))
                let listed = try archive.files(of: exam).map { "\($0.sha256)  \($0.name)\n" }.joined()
                #expect(sums == listed)
            }
            let lines = try archive.auditLines().filter { $0.event == "examExported" }
            #expect(lines.map(\.version) == [1, 2])
            #expect(try archive.verify(reader: Place.reader).isClean)
        }
    }

    @Test("nothing is written over, into the archive, or of a damaged exam, and what a killed export left is replaced")
    func refused() throws {
        try Place.with { place in
            let archive = try place.archive(with: "EX-1")
            try place.write("mine", to: "taken/notes.txt")
            try place.write("mine", to: "b.incomplete/notes.txt")
            for name in ["taken", "b", "archive/out", "nosuch/out"] {
                let error = try archiveError {
                    _ = try archive.export("EX-1", to: place.path + "/" + name, act: Place.act(4))
                }
                #expect(error != nil, "\(name)")
            }
            try place.write("half", to: "c.incomplete/exam.json")
            _ = try archive.export("EX-1", to: place.path + "/c", act: Place.act(4))
            #expect(try LossyDisk.files(below: place.path + "/c").count == 6)
            try place.write("other", to: "archive/exams/EX-1/report.pdf")
            guard
                case .damaged = try archiveError({
                    _ = try archive.export("EX-1", to: place.path + "/d", act: Place.act(5))
                })
            else {
                Issue.record("a damaged exam was exported")
                return
            }
            #expect(!FileManager.default.fileExists(atPath: place.path + "/d"))
            #expect(!FileManager.default.fileExists(atPath: place.path + "/d.incomplete"))
            #expect(try archive.auditLines().filter { $0.event == "examExported" }.count == 1)
        }
    }
}
