import ExamArchive
import Foundation
import Testing
import TestSupport

@Suite("archive verify")
struct VerificationTests {
    /// What a look at an archive finds after something was done to it behind its back.
    private func findings(_ place: Place, after change: () throws -> Void) throws -> [String] {
        do { _ = try place.archive(with: "EX-1", isSigned: true) }
        try change()
        let archive = try Archive(reading: place.archivePath)
        return try archive.verify(reader: Place.reader).findings.map { "\($0.place): \($0.what)" }
    }

    @Test(
        "a byte that was changed in any file is found, and the file named",
        arguments: ["exam.json", "bedside.json", "report.pdf", "recordings/01.dbrec", "recordings/02.dbrec"])
    func changedByte(_ name: String) throws {
        try Place.with { place in
            let path = place.archivePath + "/exams/EX-1/" + name
            let found = try findings(place) {
                var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
                bytes[bytes.count / 2] ^= 1
                try bytes.write(to: URL(fileURLWithPath: path))
            }
            #expect(found.first?.hasPrefix(path + ": its SHA-256 is not") == true, "\(found)")
        }
    }

    @Test("a file that is missing, cut or lengthened is found", arguments: 0..<3)
    func otherFile(_ how: Int) throws {
        try Place.with { place in
            let path = place.archivePath + "/exams/EX-1/report.pdf"
            let found = try findings(place) {
                switch how {
                case 0: try FileManager.default.removeItem(atPath: path)
                case 1: #expect(truncate(path, 3) == 0)
                default: #expect(truncate(path, 99) == 0)
                }
            }
            #expect(found.count == 1)
            #expect(found.first?.hasPrefix(path) == true)
        }
    }

    @Test(
        "what the database does not know is found",
        arguments: ["notes.txt", "exams/EX-9/exam.json", "exams/EX-1/more.json", "exams/EX-1/recordings/03.dbrec"])
    func unknown(_ name: String) throws {
        try Place.with { place in
            let found = try findings(place) { try place.write("x", to: "archive/" + name) }
            #expect(found.count == 1, "\(found)")
        }
    }

    @Test("a link in the place of a file is found, and not followed")
    func link() throws {
        try Place.with { place in
            let path = place.archivePath + "/exams/EX-1/report.pdf"
            let found = try findings(place) {
                try FileManager.default.moveItem(atPath: path, toPath: place.path + "/report.pdf")
                try FileManager.default.createSymbolicLink(
                    atPath: path, withDestinationPath: place.path + "/report.pdf")
            }
            #expect(
                found == [
                    path + ": cannot be read: \(path): it is a link: check the disk, the name and the permissions"
                ])
        }
    }

    @Test(
        "a signed exam that was changed in the database past its rules is found",
        arguments: [
            "UPDATE exam SET verdict = 'negative'", "UPDATE exam SET documentsSHA256 = zeroblob(32)",
            "DELETE FROM examFile WHERE name = 'report.pdf'", "UPDATE examFile SET recording = 'unreadable'",
            "DELETE FROM exam", "UPDATE examFile SET exam = 9",
        ])
    func database(_ sql: String) throws {
        try Place.with { place in
            var isSkipped = false
            let found = try findings(place) {
                let triggers = [
                    "signedExamUnchanged", "examKept", "signedFilesKept", "filesUnchanged", "examKeepsItsName",
                ]
                let drop = triggers.map { "DROP TRIGGER \($0); " }.joined()
                isSkipped = try place.sqlite("PRAGMA foreign_keys = 0; " + drop + sql) == nil
            }
            guard !isSkipped else { return print("skipped: no sqlite3") }
            #expect(!found.isEmpty)
        }
    }

    @Test("a forged file whose entry was forged, too, is found by what was signed")
    func forgedEntry() throws {
        try Place.with { place in
            var isSkipped = false
            let found = try findings(place) {
                try place.write("%PDF-9", to: "archive/exams/EX-1/report.pdf")
                // SHA-256 of `%PDF-9`.
                let hash = "ca0b38e6f14202462f0a81d5648934c070ab41a6018cd89aec7b6627d0ae7e74"
                isSkipped =
                    try place.sqlite(
                        "DROP TRIGGER filesUnchanged; UPDATE examFile SET sha256 = x'\(hash)' WHERE name = 'report.pdf'"
                    )
                    == nil
            }
            guard !isSkipped else { return print("skipped: no sqlite3") }
            #expect(found.contains { $0.contains("its list of files is not the signed one") })
            #expect(found.contains { $0.contains("the audit log tells of no such signing") })
        }
    }

    @Test("a recording that its reader judges otherwise than before is found")
    func reader() throws {
        try Place.with { place in
            let archive = try place.archive(with: "EX-1")
            let result = try archive.verify { $0.hasSuffix("01.dbrec") ? .cutOff(unreadableBytes: 7) : .whole }
            #expect(
                result.findings.map(\.what) == [
                    "the recordings' reader says `cut off, 7 unreadable bytes`; it was `whole`"
                ])
            let cut = try archive.add(
                try place.exam("EX-2"), reader: { _ in .cutOff(unreadableBytes: 7) }, act: Place.act(3))
            #expect(try archive.files(of: cut).compactMap(\.recording).count == 2)
        }
    }

    @Test("a database of any bytes is read, refused or found damaged, and never ends the program", arguments: 0..<4)
    func randomDamage(_ seed: UInt64) throws {
        try Place.with { place in
            do { _ = try place.archive(with: "EX-1", isSigned: true) }
            var random = SeededGenerator(seed: seed)
            for name in 0..<12 {
                let copy = place.path + "/copy-\(name)"
                try FileManager.default.copyItem(atPath: place.archivePath, toPath: copy)
                let file = URL(fileURLWithPath: copy + "/archive.sqlite")
                var bytes = try Data(contentsOf: file)
                let count = Int.random(in: 1...200, using: &random)
                let first = Int.random(in: 0..<(bytes.count - count), using: &random)
                for index in first..<first + count { bytes[index] = UInt8.random(in: 0...255, using: &random) }
                try bytes.write(to: file)
                _ = try archiveError {
                    let archive = try Archive(reading: copy)
                    _ = try archive.exams()
                    _ = try archive.verify(reader: Place.reader)
                    _ = try Archive(writing: copy, act: Place.act(9)).sign("EX-1", act: Place.act(9))
                }
            }
        }
    }

    @Test("a database whose pages were lost is called damaged, and one that is none, too")
    func lostPages() throws {
        try Place.with { place in
            do { _ = try place.archive(with: "EX-1", isSigned: true) }
            let file = place.archivePath + "/archive.sqlite"
            let whole = try Data(contentsOf: URL(fileURLWithPath: file))
            for bytes in [whole.prefix(whole.count / 2), Data("no database, only text of some length".utf8)] {
                try bytes.write(to: URL(fileURLWithPath: file))
                let error = try archiveError {
                    _ = try Archive(reading: place.archivePath).verify(reader: Place.reader)
                }
                guard case .damaged = error else {
                    Issue.record("\(String(describing: error))")
                    continue
                }
            }
            try Data().write(to: URL(fileURLWithPath: file))
            guard case .notAnArchive = try archiveError({ _ = try Archive(reading: place.archivePath) }) else {
                Issue.record("an empty database was taken for an archive")
                return
            }
        }
    }
}
