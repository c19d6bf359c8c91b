import ExamArchive
import Foundation
import Testing

@Suite("the audit log")
struct AuditTests {
    /// An archive with seven lines in its log, closed.
    private func logged(_ place: Place) throws {
        let archive = try place.archive(with: "EX-1", isSigned: true)
        try archive.add(try place.exam("EX-2", subject: "S002"), reader: Place.reader, act: Place.act(3))
        try archive.sign("EX-2", act: Place.act(4))
        try archive.add(try place.exam("EX-3", subject: "S003"), reader: Place.reader, act: Place.act(5))
        try archive.sign("EX-3", act: Place.act(6))
    }

    /// Changes the log past the database's own rules.
    private func forge(_ place: Place, _ sql: String) throws -> Bool {
        let unguarded = "DROP TRIGGER auditUnchanged; DROP TRIGGER auditKept; DROP TRIGGER auditAppended; "
        guard let said = try place.sqlite(unguarded + sql) else { return false }
        #expect(said == "")
        return true
    }

    @Test("a log that nobody touched is whole, and every act is in it with who and when")
    func whole() throws {
        try Place.with { place in
            try logged(place)
            let archive = try Archive(reading: place.archivePath)
            let check = try archive.checkAudit()
            #expect(check.problems.isEmpty)
            #expect(check.lineCount == 7)
            #expect(check.setBackLines.isEmpty)
            let lines = try archive.auditLines()
            #expect(
                lines.map(\.event) == [
                    "archiveMade", "examAdded", "examSigned", "examAdded", "examSigned", "examAdded", "examSigned",
                ])
            #expect(lines.map(\.at) == (0..<7).map { Place.time($0) })
            #expect(lines.allSatisfy { $0.actor == "anna" })
            #expect(check.head.text == "7:" + lines[6].hash)
        }
    }

    @Test(
        "any line that was changed is found, in any of its fields",
        arguments: [
            "atMs = atMs + 1", "isClockSetBack = 1", "actor = 'eve'", "event = 'x'", "examID = 'EX-9'", "version = 9",
            "details = details || ' '", "hash = zeroblob(32)",
        ])
    func changed(_ change: String) throws {
        try Place.with { place in
            try logged(place)
            let file = URL(fileURLWithPath: place.archivePath + "/archive.sqlite")
            let whole = try Data(contentsOf: file)
            for line in 1...7 {
                try whole.write(to: file)
                guard try forge(place, "UPDATE audit SET \(change) WHERE sequence = \(line)") else {
                    return print("skipped: no sqlite3")
                }
                let problems = try Archive(reading: place.archivePath).checkAudit().problems
                #expect(!problems.isEmpty, "line \(line)")
            }
        }
    }

    @Test("any line that was removed is found, the last ones by the head's file", arguments: 1...7)
    func removed(_ line: Int) throws {
        try Place.with { place in
            try logged(place)
            guard try forge(place, "DELETE FROM audit WHERE sequence = \(line)") else {
                return print("skipped: no sqlite3")
            }
            let check = try Archive(reading: place.archivePath).checkAudit()
            #expect(!check.problems.isEmpty)
            let error = try archiveError { _ = try Archive(writing: place.archivePath, act: Place.act(9)) }
            if line == 7 {
                guard case .auditBroken = error else {
                    Issue.record("a log that was cut is written on: \(String(describing: error))")
                    return
                }
            }
        }
    }

    @Test("a line that was removed with all behind it moved up is found", arguments: 1...6)
    func movedUp(_ line: Int) throws {
        try Place.with { place in
            try logged(place)
            let sql = """
                DELETE FROM audit WHERE sequence = \(line);
                UPDATE audit SET sequence = -sequence; UPDATE audit SET sequence = -sequence - 1 WHERE sequence < -\(line);
                UPDATE audit SET sequence = -sequence WHERE sequence < 0
                """
            guard try forge(place, "PRAGMA ignore_check_constraints = 1; " + sql) else {
                return print("skipped: no sqlite3")
            }
            #expect(try !Archive(reading: place.archivePath).checkAudit().problems.isEmpty)
        }
    }

    @Test("two lines that changed places are found")
    func reordered() throws {
        try Place.with { place in
            try logged(place)
            let sql = """
                UPDATE audit SET sequence = 99 WHERE sequence = 3; UPDATE audit SET sequence = 3 WHERE sequence = 4;
                UPDATE audit SET sequence = 4 WHERE sequence = 99
                """
            guard try forge(place, sql) else { return print("skipped: no sqlite3") }
            #expect(try Archive(reading: place.archivePath).checkAudit().problems.count >= 2)
        }
    }

    @Test("a whole log that was exchanged with its head's file is found by a head that was noted elsewhere")
    func exchanged() throws {
        try Place.with { place in
            try logged(place)
            let noted = try Archive(reading: place.archivePath).checkAudit().head
            try FileManager.default.moveItem(atPath: place.archivePath, toPath: place.path + "/old")
            for name in ["EX-1", "EX-2", "EX-3"] { try FileManager.default.removeItem(atPath: place.path + "/" + name) }
            do {
                let archive = try place.archive(with: "EX-1", isSigned: true)
                for number in 4..<9 {
                    try archive.add(try place.exam("EX-\(number)"), reader: Place.reader, act: Place.act(Int64(number)))
                }
            }
            let archive = try Archive(reading: place.archivePath)
            #expect(try archive.checkAudit().problems.isEmpty)
            #expect(try !archive.checkAudit(noted: try AuditHead(noted: noted.text)).problems.isEmpty)
        }
    }

    @Test("an act with a time before the last line's is done, and its line says that the clock was set back")
    func clockSetBack() throws {
        try Place.with { place in
            let archive = try place.archive(with: "EX-1")
            try archive.sign("EX-1", act: Place.act(-3600))
            try archive.add(try place.exam("EX-2"), reader: Place.reader, act: Place.act(-3599))
            let lines = try archive.auditLines()
            #expect(lines.map(\.isClockSetBack) == [false, false, true, false])
            #expect(lines[2].at == Place.time(-3600))
            let check = try archive.checkAudit()
            #expect(check.setBackLines == [3])
            #expect(check.problems.isEmpty)
        }
    }

    @Test("a kill between a commit and the head's file leaves a head that is behind, which is brought up to date")
    func headBehind() throws {
        try Place.with { place in
            var early = Data()
            do {
                let archive = try place.archive(with: "EX-1")
                early = try Data(contentsOf: URL(fileURLWithPath: archive.path + "/audit.head"))
                try archive.sign("EX-1", act: Place.act(2))
            }
            let file = URL(fileURLWithPath: place.archivePath + "/audit.head")
            let late = try Data(contentsOf: file)
            #expect(late != early)
            try early.write(to: file)
            #expect(try Archive(reading: place.archivePath).checkAudit().problems.isEmpty)
            _ = try Archive(writing: place.archivePath, act: Place.act(3))
            #expect(try Data(contentsOf: file) == late)
        }
    }

    @Test("the chain is what anybody can compute: SHA-256 over the hash before and the fields with their lengths")
    func canonicalForm() throws {
        try Place.with { place in
            let line = try #require(try place.archive().auditLines().first)
            // printf '1:1,13:1767225600000,1:0,4:anna,11:archiveMade,--20:archive TEST-ARCHIVE,' behind the 32 bytes of
            // printf 'dopplerbridge-audit-1 TEST-ARCHIVE' | sha256sum, through sha256sum.
            #expect(line.hash == "5addc06ce2f2acfb02ed39a93e6de8f1747a9df3a48269a33b7844ea3009e22d")
        }
    }

    @Test(
        "a text that is no head is refused",
        arguments: ["", "7", "7:", "0:00", "x:" + String(repeating: "0", count: 64), "-1:x"])
    func noHead(_ text: String) {
        #expect(throws: ArchiveError.self) { try AuditHead(noted: text) }
    }
}
