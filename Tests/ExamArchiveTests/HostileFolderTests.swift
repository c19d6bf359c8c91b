import ExamArchive
import Foundation
import Testing

@Suite("folders that are no exam's")
struct HostileFolderTests {
    /// Tries to take a folder in, which must fail and leave nothing.
    private func expectRefused(
        _ folder: String, _ place: Place, _ part: String, location: SourceLocation = #_sourceLocation
    ) throws {
        let archive = try place.archive()
        let error = try archiveError {
            try archive.add(folder, subjectCode: "S001", examID: "EX-1", reader: Place.reader, act: Place.act(1))
        }
        #expect(error?.description.contains(part) == true, "\(String(describing: error))", sourceLocation: location)
        #expect(try archive.exams().isEmpty, sourceLocation: location)
        #expect(try archive.auditLines().count == 1, sourceLocation: location)
        #expect(try FileManager.default.contentsOfDirectory(atPath: archive.path + "/incoming").isEmpty)
        #expect(try archive.verify(reader: Place.reader).isClean, sourceLocation: location)
    }

    @Test("a link to a file, to a folder or as `recordings` is not followed", arguments: 0..<3)
    func links(_ which: Int) throws {
        try Place.with { place in
            try place.write("secret", to: "outside/secret.json")
            let folder = try place.exam("EX-1")
            let files = FileManager.default
            switch which {
            case 0:
                try files.createSymbolicLink(atPath: folder + "/a.json", withDestinationPath: "../outside/secret.json")
            case 1: try files.createSymbolicLink(atPath: folder + "/more", withDestinationPath: "../outside")
            default:
                try files.removeItem(atPath: folder + "/recordings")
                try files.createSymbolicLink(atPath: folder + "/recordings", withDestinationPath: "../outside")
            }
            try expectRefused(folder, place, "cannot be archived")
        }
    }

    @Test("a pipe is refused and not waited for")
    func pipe() throws {
        try Place.with { place in
            let folder = try place.exam("EX-1")
            #expect(mkfifo(folder + "/late.json", 0o600) == 0)
            try expectRefused(folder, place, "`late.json` is no file of an exam")
        }
    }

    @Test(
        "names that no exam has are refused by name",
        arguments: ["notes.txt", ".hidden.json", "a b.json", "..json", "recordings/01.wav", "recordings/-.dbrec"])
    func names(_ name: String) throws {
        try Place.with { place in
            let folder = try place.exam("EX-1")
            try place.write("x", to: "EX-1/" + name)
            try expectRefused(folder, place, "`\(name)` is no file of an exam")
        }
    }

    @Test(
        "a document that is none, or has an id that leads elsewhere, is refused",
        arguments: [
            ("", "cannot be read"), ("[]", "cannot be read"),
            (String(repeating: "[", count: 100_000), "cannot be read"),
            ("EX-1|../../etc", "its id"), ("EX-1|a b", "its id"), ("S001|Jane Doe", "its subject's code"),
            ("dopplerbridge-exam-1|dopplerbridge-exam-9", "its schema is dopplerbridge-exam-9"),
        ])
    func documents(_ change: String, _ part: String) throws {
        try Place.with { place in
            let folder = try place.exam("EX-1")
            let parts = change.split(separator: "|").map(String.init)
            let whole = try String(contentsOfFile: folder + "/exam.json", encoding: .utf8)
            let text = parts.count == 2 ? whole.replacingOccurrences(of: parts[0], with: parts[1]) : change
            try place.write(text, to: "EX-1/exam.json")
            try expectRefused(folder, place, part)
        }
    }

    @Test("a document that is longer than any exam's is refused before it is read")
    func hugeDocument() throws {
        try Place.with { place in
            let folder = try place.exam("EX-1")
            // A file with a hole: as long as it must be, without the bytes on the disk.
            #expect(truncate(folder + "/exam.json", (64 << 20) + 1) == 0)
            try expectRefused(folder, place, "longer than")
        }
    }

    @Test("a folder that is not there, is a file, or is the archive itself is refused")
    func places() throws {
        try Place.with { place in
            let archive = try place.archive()
            try place.write("x", to: "file")
            for (folder, part) in [
                (place.path + "/nosuch", "no such folder"), (place.path + "/file", "no folder"),
                (archive.path + "/exams", "part of the archive"), (place.path, "part of the archive"),
            ] {
                let error = try archiveError { try archive.add(folder, reader: Place.reader, act: Place.act(1)) }
                #expect(error?.description.contains(part) == true, "\(folder): \(String(describing: error))")
            }
        }
    }
}
