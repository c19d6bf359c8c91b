import ExamArchive
import Foundation
import TestSupport
import Testing

@Suite("backup and restore")
struct BackupTests {
    @Test("a backup holds every byte and verifies itself, and a restored archive has the same exams and files")
    func roundTrip() throws {
        try Place.with { place in
            do {
                let archive = try place.archive(with: "EX-1", isSigned: true)
                let corrected = try place.exam("EX-1", report: "%PDF-2", as: "corrected")
                try archive.amend("EX-1", with: corrected, reason: "r", reader: Place.reader, act: Place.act(3))
            }
            let copy = try Archive.backUp(place.archivePath, to: place.path + "/backup", act: Place.act(4))
            #expect(copy.exams == 2)
            #expect(copy.files == 10)
            #expect(copy.notAudited == nil)
            let backup = try Archive(reading: place.path + "/backup")
            #expect(try backup.verify(reader: Place.reader).isClean)
            _ = try Archive.restore(
                place.path + "/backup", to: place.path + "/restored", reader: Place.reader, act: Place.act(5))
            let restored = try Archive(reading: place.path + "/restored")
            let original = try Archive(reading: place.archivePath)
            #expect(try restored.exams(withEarlierVersions: true) == original.exams(withEarlierVersions: true))
            #expect(
                try LossyDisk.files(below: restored.path + "/exams") == LossyDisk.files(below: original.path + "/exams")
            )
            #expect(try restored.verify(reader: Place.reader).isClean)
            #expect(try restored.auditLines().map(\.event).suffix(2) == ["examAmended", "archiveRestored"])
            #expect(try original.auditLines().last?.event == "backupMade")
        }
    }

    @Test("a backup is made while another one writes, and says that the audit log does not tell of it")
    func inUse() throws {
        try Place.with { place in
            let archive = try place.archive(with: "EX-1")
            let copy = try Archive.backUp(place.archivePath, to: place.path + "/backup", act: Place.act(4))
            #expect(copy.notAudited?.contains("another process writes") == true)
            try archive.sign("EX-1", act: Place.act(5))
            let backup = try Archive(reading: place.path + "/backup")
            #expect(try backup.exam("EX-1").state == .analysed)
            #expect(try backup.verify(reader: Place.reader).isClean)
        }
    }

    @Test("a damaged file ends a backup and a restoring, by name, and leaves nothing")
    func damaged() throws {
        try Place.with { place in
            do { _ = try place.archive(with: "EX-1") }
            _ = try Archive.backUp(place.archivePath, to: place.path + "/backup", act: Place.act(4))
            for folder in ["archive", "backup"] { try place.write("other", to: folder + "/exams/EX-1/report.pdf") }
            let backUp = try archiveError {
                _ = try Archive.backUp(place.archivePath, to: place.path + "/second", act: Place.act(5))
            }
            let restore = try archiveError {
                _ = try Archive.restore(
                    place.path + "/backup", to: place.path + "/restored", reader: Place.reader, act: Place.act(6))
            }
            for error in [backUp, restore] {
                guard case .damaged(let path, _) = error else {
                    Issue.record("\(String(describing: error))")
                    continue
                }
                #expect(path.hasSuffix("/exams/EX-1/report.pdf"))
            }
            let left = try FileManager.default.contentsOfDirectory(atPath: place.path).sorted()
            #expect(left == ["EX-1", "archive", "backup"])
        }
    }

    @Test("nothing is written over, what a killed backup left is, and no backup lies in its archive")
    func targets() throws {
        try Place.with { place in
            do { _ = try place.archive(with: "EX-1") }
            try place.write("mine", to: "taken/notes.txt")
            try place.write("mine", to: "b.incomplete/notes.txt")
            for name in ["taken", "b", "archive/backup"] {
                let error = try archiveError {
                    _ = try Archive.backUp(place.archivePath, to: place.path + "/" + name, act: Place.act(4))
                }
                #expect(error != nil, "\(name)")
            }
            try place.write("half", to: "c.incomplete/exams/EX-1/exam.json")
            _ = try Archive.backUp(place.archivePath, to: place.path + "/c", act: Place.act(5))
            #expect(try Archive(reading: place.path + "/c").verify(reader: Place.reader).isClean)
        }
    }

    @Test("an archive whose audit log was cut is not backed up, because the copy would hide it")
    func cutLog() throws {
        try Place.with { place in
            do { _ = try place.archive(with: "EX-1") }
            guard try place.sqlite("DROP TRIGGER auditKept; DELETE FROM audit WHERE sequence = 2") != nil else {
                return print("skipped: no sqlite3")
            }
            let error = try archiveError {
                _ = try Archive.backUp(place.archivePath, to: place.path + "/backup", act: Place.act(4))
            }
            guard case .auditBroken = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    @Test("a backup to a name without a folder before it comes into the folder where one stands")
    func plainName() throws {
        try Place.with { place in
            do { _ = try place.archive(with: "EX-1") }
            // Every other test names its files from the root.
            let files = FileManager.default
            let before = files.currentDirectoryPath
            #expect(files.changeCurrentDirectoryPath(place.path))
            defer { _ = files.changeCurrentDirectoryPath(before) }
            let copy = try Archive.backUp("archive", to: "b", act: Place.act(4))
            #expect(copy.path == (try Archive(reading: place.path + "/b").path))
            let slash = try Archive.backUp("archive", to: "c/", act: Place.act(5))
            #expect(slash.path.hasSuffix("/c"))
            #expect(try Archive(reading: place.path + "/b").verify(reader: Place.reader).isClean)
        }
    }
}
