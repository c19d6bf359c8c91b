import ExamArchive
import Foundation
import Testing

@Suite("opening an archive")
struct OpeningTests {
    @Test("a second one who would write is told who writes and what to do, and may read")
    func twoWriters() throws {
        try Place.with { place in
            let first = try place.archive(with: "EX-1")
            let error = try archiveError { _ = try Archive(writing: place.archivePath, act: Place.act(9, by: "ben")) }
            guard case .inUse(_, let holder) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(holder == "process \(getpid()), anna, since 2026-01-01T00:00:00.000Z")
            #expect(error?.description.contains("wait until it has ended") == true)
            #expect(try Archive(reading: place.archivePath).exams().count == 1)
            #expect(first.isWritable)
        }
    }

    @Test("when the first one has ended, the next one may write")
    func oneAfterTheOther() throws {
        try Place.with { place in
            do { _ = try place.archive() }
            #expect(try Archive(writing: place.archivePath, act: Place.act(1)).isWritable)
            #expect(try Archive(writing: place.archivePath, act: Place.act(2)).isWritable)
        }
    }

    @Test("an archive that was opened for reading is not written")
    func reading() throws {
        try Place.with { place in
            do { _ = try place.archive(with: "EX-1") }
            let archive = try Archive(reading: place.archivePath)
            let error = try archiveError { try archive.sign("EX-1", act: Place.act(3)) }
            #expect(error == .openForReading(path: archive.path))
        }
    }

    @Test("no archive is made where something is, and the making that was cut off is brought to its end")
    func making() throws {
        try Place.with { place in
            try place.write("mine", to: "archive/notes.txt")
            let taken = try archiveError { _ = try place.archive() }
            #expect(taken == .alreadyThere(path: place.archivePath))
            try FileManager.default.removeItem(atPath: place.archivePath)
            try place.write("", to: "archive/archive.lock")
            try place.write("", to: "archive/archive.sqlite")
            let cutOff = try archiveError { _ = try Archive(reading: place.archivePath) }
            guard case .notAnArchive = cutOff else {
                Issue.record("a making that was cut off was taken for an archive: \(String(describing: cutOff))")
                return
            }
            do { _ = try place.archive() }
            let again = try archiveError { _ = try place.archive() }
            #expect(again == .alreadyThere(path: place.archivePath))
            #expect(try Archive(reading: place.archivePath).exams().isEmpty)
        }
    }

    @Test("a folder of no archive, a missing one and a newer one are refused in words of their own")
    func refused() throws {
        try Place.with { place in
            guard case .storage = try archiveError({ _ = try Archive(reading: place.path + "/nosuch") }),
                case .notAnArchive = try archiveError({ _ = try Archive(reading: place.path) })
            else {
                Issue.record("a folder was taken for an archive")
                return
            }
            do { _ = try place.archive() }
            guard try place.sqlite("INSERT INTO grdb_migrations VALUES ('9999 from the future')") != nil else {
                return print("skipped: no sqlite3")
            }
            for open in [
                { _ = try Archive(reading: place.archivePath) },
                { _ = try Archive(writing: place.archivePath, act: Place.act(1)) },
            ] {
                guard case .newerSchema = try archiveError(open) else {
                    Issue.record("a newer archive was opened")
                    continue
                }
            }
        }
    }

    @Test("what a killed process left is cleared: what is in the database goes to its place, the rest goes away")
    func leftovers() throws {
        try Place.with { place in
            do { _ = try place.archive(with: "EX-1") }
            let files = FileManager.default
            try files.moveItem(
                atPath: place.archivePath + "/exams/EX-1", toPath: place.archivePath + "/incoming/EX-1")
            try place.write("half", to: "archive/incoming/.taking/recordings/01.dbrec")
            try place.write("half", to: "archive/incoming/EX-2/exam.json")
            let reading = try Archive(reading: place.archivePath)
            #expect(try reading.folder(of: reading.exam("EX-1")).hasSuffix("/incoming/EX-1"))
            let found = try reading.verify(reader: Place.reader)
            #expect(found.isClean, "\(found.findings)")
            #expect(found.remarks.count == 1)
            let archive = try Archive(writing: place.archivePath, act: Place.act(3))
            #expect(try files.contentsOfDirectory(atPath: place.archivePath + "/incoming").isEmpty)
            #expect(try files.contentsOfDirectory(atPath: place.archivePath + "/exams") == ["EX-1"])
            #expect(try archive.verify(reader: Place.reader).isClean)
        }
    }
}
