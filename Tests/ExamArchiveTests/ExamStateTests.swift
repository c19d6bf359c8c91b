import CCSVIAnalysis
import ExamArchive
import Foundation
import TestSupport
import Testing

@Suite("the states of an exam")
struct ExamStateTests {
    @Test("a step between states is allowed in these nine cases and in no other")
    func steps() {
        let allowed: Set<[ExamState]> = [
            [.draft, .draft], [.draft, .acquired], [.draft, .analysed], [.acquired, .acquired], [.acquired, .analysed],
            [.analysed, .analysed], [.analysed, .signed], [.signed, .amended],
        ]
        for from in ExamState.allCases {
            for to in ExamState.allCases { #expect(from.allows(to) == allowed.contains([from, to]), "\(from) \(to)") }
        }
    }

    @Test("an exam is taken in with every byte, and listed by what its document says")
    func add() throws {
        try Place.with { place in
            let folder = try place.exam("EX-1")
            let archive = try place.archive()
            let added = try archive.add(folder, reader: Place.reader, act: Place.act(1))
            #expect(added.state == .analysed)
            #expect(added.verdict == "positive")
            #expect(added.criteriaMet == 2)
            #expect(added.vhissHigh == 5)
            #expect(try LossyDisk.files(below: archive.folder(of: added)) == LossyDisk.files(below: folder))
            #expect(archive.folder(of: added).hasSuffix("/exams/EX-1"))
            #expect(try archive.exams() == [added])
            #expect(try archive.files(of: added).map(\.name).count == 5)
            #expect(try archive.verify(reader: Place.reader).isClean)
        }
    }

    @Test("the pictures that areas were measured in go with the exam: in, verified, backed up, restored and out")
    func pictures() throws {
        try Place.with { place in
            let archive = try place.archive()
            let folder = try place.exam("EX-1")
            try place.write("one frame", to: "EX-1/pictures/area.left.j2.supine-1.dbrec")
            let added = try archive.add(folder, reader: Place.reader, act: Place.act(1))
            let name = "pictures/area.left.j2.supine-1.dbrec"
            #expect(try archive.files(of: added).map(\.name).contains(name))
            #expect(try LossyDisk.files(below: archive.folder(of: added)) == LossyDisk.files(below: folder))
            #expect(try archive.verify(reader: Place.reader).isClean)
            _ = try archive.export("EX-1", to: place.path + "/out", act: Place.act(2))
            #expect(try LossyDisk.files(below: place.path + "/out")[name] == Data("one frame".utf8))
            _ = try Archive.backUp(archive.path, to: place.path + "/backup", act: Place.act(3))
            _ = try Archive.restore(
                place.path + "/backup", to: place.path + "/restored", reader: Place.reader, act: Place.act(4))
            let restored = try Archive(reading: place.path + "/restored")
            #expect(try restored.verify(reader: Place.reader).isClean)
            #expect(try LossyDisk.files(below: restored.folder(of: try restored.exam("EX-1")))[name] != nil)
            try place.write("more", to: "archive/exams/EX-1/pictures/other.dbrec")
            #expect(try !archive.verify(reader: Place.reader).isClean)
        }
    }

    @Test(
        "what is no picture is refused",
        arguments: ["pictures/notes.txt", "pictures/inner/a.dbrec", "others/a.dbrec"])
    func noPictures(_ name: String) throws {
        try Place.with { place in
            let archive = try place.archive()
            let folder = try place.exam("EX-1")
            try place.write("x", to: "EX-1/" + name)
            let error = try archiveError { try archive.add(folder, reader: Place.reader, act: Place.act(1)) }
            guard case .notAnExam = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(try archive.exams().isEmpty)
        }
    }

    @Test("the list withholds the result of a blinded exam until somebody has opened it")
    func blinded() throws {
        try Place.with { place in
            let archive = try place.archive()
            let blinding = Blinding(code: "B-7", since: "2026-01-01T10:00:00Z")
            let closed = try archive.add(
                try place.exam("EX-1", blinding: blinding), reader: Place.reader, act: Place.act(1))
            #expect(closed.verdict == "withheld" && closed.state == .analysed)
            #expect(closed.criteriaMet == nil && closed.criteriaOpen == nil)
            #expect(closed.vhissLow == nil && closed.vhissHigh == nil)
            #expect(try archive.verify(reader: Place.reader).isClean)

            let folder = try place.exam("EX-2", blinding: blinding)
            try place.write(
                #"[{"at":"2026-01-02T10:00:00Z","by":"anna","reason":"reading ended"}]"#, to: "EX-2/unblinding.json")
            let opened = try archive.add(folder, reader: Place.reader, act: Place.act(2))
            #expect(opened.verdict == "positive" && opened.vhissHigh == 5)
            #expect(try archive.verify(reader: Place.reader).isClean)
        }
    }

    @Test("a folder without a document is a draft, with recordings it is acquired, and then it is analysed")
    func fromDraft() throws {
        try Place.with { place in
            let archive = try place.archive()
            try place.write("{}", to: "a/bedside.json")
            let draft = try archive.add(
                place.path + "/a", subjectCode: "S001", examID: "EX-1", reader: Place.reader, act: Place.act(1))
            #expect(draft.state == .draft)
            try place.write("first recording", to: "b/recordings/01.dbrec")
            let acquired = try archive.update("EX-1", from: place.path + "/b", reader: Place.reader, act: Place.act(2))
            #expect(acquired.state == .acquired)
            #expect(acquired.verdict == nil)
            let analysed = try archive.update(
                "EX-1", from: try place.exam("EX-1"), reader: Place.reader, act: Place.act(3))
            #expect(analysed.state == .analysed)
            #expect(analysed.version == 1)
            #expect(try archive.verify(reader: Place.reader).isClean)
            let folders = try FileManager.default.contentsOfDirectory(atPath: archive.path + "/exams")
            #expect(folders == [(archive.folder(of: analysed) as NSString).lastPathComponent])
        }
    }

    @Test("a folder without a document needs an id and a subject's code, and a name is no code")
    func draftNeedsNames() throws {
        try Place.with { place in
            let archive = try place.archive()
            try place.write("{}", to: "a/bedside.json")
            for (subject, id) in [(nil, "EX-1"), ("S001", nil), ("Jane Doe", "EX-1"), ("S001", "../EX-1")] {
                let error = try archiveError {
                    try archive.add(
                        place.path + "/a", subjectCode: subject, examID: id, reader: Place.reader, act: Place.act(1))
                }
                guard case .badArgument = error else {
                    Issue.record("\(subject ?? "none") \(id ?? "none"): \(String(describing: error))")
                    continue
                }
            }
            #expect(try archive.exams().isEmpty)
        }
    }

    @Test("an update may not lose or change a recording, nor go back")
    func updateKeepsRecordings() throws {
        try Place.with { place in
            let archive = try place.archive(with: "EX-1")
            let other = try place.exam("EX-1", as: "other")
            try place.write("another recording", to: "other/recordings/02.dbrec")
            let changed = try archiveError {
                try archive.update("EX-1", from: other, reader: Place.reader, act: Place.act(2))
            }
            #expect(changed == .recordingLost(examID: "EX-1", name: "recordings/02.dbrec"))
            try place.write("first recording", to: "less/recordings/01.dbrec")
            try place.write("second recording", to: "less/recordings/02.dbrec")
            let back = try archiveError {
                try archive.update("EX-1", from: place.path + "/less", reader: Place.reader, act: Place.act(3))
            }
            guard case .wrongState(_, _, .analysed, _, _) = back else {
                Issue.record("\(String(describing: back))")
                return
            }
            #expect(try archive.verify(reader: Place.reader).isClean)
        }
    }

    @Test("a signed exam is not updated, signed or added again, and an amendment is a version that names it")
    func amend() throws {
        try Place.with { place in
            let archive = try place.archive(with: "EX-1", isSigned: true)
            let folder = try place.exam("EX-1", report: "%PDF-2", as: "corrected")
            let before = try LossyDisk.files(below: archive.folder(of: try archive.exam("EX-1")))
            let add = try archiveError { try archive.add(folder, reader: Place.reader, act: Place.act(3)) }
            #expect(add == .alreadyArchived(examID: "EX-1", state: .signed))
            for attempt in [
                { try archive.update("EX-1", from: folder, reader: Place.reader, act: Place.act(3)) },
                { try archive.sign("EX-1", act: Place.act(3)) },
            ] {
                guard case .wrongState = try archiveError({ _ = try attempt() }) else {
                    Issue.record("a signed exam was changed")
                    continue
                }
            }
            let second = try archive.amend(
                "EX-1", with: folder, reason: "side mixed up", reader: Place.reader, act: Place.act(4))
            #expect(second.version == 2)
            #expect(second.amendsVersion == 1)
            #expect(second.state == .analysed)
            #expect(try archive.exam("EX-1", version: 1).state == .signed)
            try archive.sign("EX-1", act: Place.act(5, by: "ben"))
            #expect(try archive.versions(of: "EX-1").map(\.state) == [.amended, .signed])
            #expect(try archive.exam("EX-1").signedBy == "ben")
            let first = try archive.exam("EX-1", version: 1)
            #expect(try LossyDisk.files(below: archive.folder(of: first)) == before)
            #expect(try archive.verify(reader: Place.reader).isClean)
        }
    }

    @Test("an exam without a report, or with a file that was changed, is not signed")
    func signChecks() throws {
        try Place.with { place in
            let archive = try place.archive()
            try archive.add(try place.exam("EX-1", report: ""), reader: Place.reader, act: Place.act(1))
            guard case .wrongState = try archiveError({ try archive.sign("EX-1", act: Place.act(2)) }) else {
                Issue.record("signed without a report")
                return
            }
            let second = try archive.add(try place.exam("EX-2"), reader: Place.reader, act: Place.act(3))
            try Data("%PDF-9".utf8).write(to: URL(fileURLWithPath: archive.folder(of: second) + "/report.pdf"))
            guard case .damaged = try archiveError({ try archive.sign("EX-2", act: Place.act(4)) }) else {
                Issue.record("signed a changed report")
                return
            }
        }
    }

    @Test(
        "the database itself refuses to change a signed exam",
        arguments: [
            "UPDATE exam SET verdict = 'negative'", "UPDATE exam SET state = 'analysed'",
            "UPDATE exam SET state = 'amended'", "UPDATE exam SET folder = 'other'", "UPDATE exam SET version = 2",
            "DELETE FROM examFile", "DELETE FROM exam", "UPDATE examFile SET byteCount = 1",
            "INSERT INTO examFile VALUES (1, 'new.json', 1, zeroblob(32), NULL)",
            "INSERT OR REPLACE INTO exam SELECT * FROM exam", "UPDATE audit SET actor = 'eve'", "DELETE FROM audit",
            "INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE sequence = 1", "DELETE FROM purge",
            "INSERT INTO exam SELECT 9, 'EX-9', 1, 'signed', subjectCode, 'EX-9', NULL, NULL, startedAt, isSimulated, "
                + "verdict, 1, 1, 1, 1, 1, 1, 'eve', documentsSHA256 FROM exam",
        ])
    func schema(_ sql: String) throws {
        try Place.with { place in
            do { _ = try place.archive(with: "EX-1", isSigned: true) }
            let before = try place.sqlite("SELECT * FROM exam; SELECT * FROM examFile; SELECT * FROM audit")
            guard let said = try place.sqlite(sql) else { return print("skipped: no sqlite3") }
            if !sql.contains("purge") { #expect(said.contains("Error"), "\(sql): \(said)") }
            #expect(try place.sqlite("SELECT * FROM exam; SELECT * FROM examFile; SELECT * FROM audit") == before)
        }
    }

    @Test("the database is in WAL mode with strict tables and its references hold")
    func settings() throws {
        try Place.with { place in
            let archive = try place.archive(with: "EX-1")
            guard let mode = try place.sqlite("PRAGMA journal_mode") else { return print("skipped: no sqlite3") }
            #expect(mode == "wal\n")
            let loose =
                "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND strict = 0 AND name NOT LIKE '%\\_%' ESCAPE '\\'"
            #expect(try place.sqlite(loose) == "0\n")
            #expect(try place.sqlite("INSERT INTO exam (version) VALUES ('one')")?.contains("Error") == true)
            try #expect(archive.durability == "wal, synchronous 2, foreign keys 1")
        }
    }
}
