import CCSVIAnalysis
import ExamArchive
import Foundation

/// An empty folder for one test, with exams' folders made by hand in it; removed afterwards.
struct Place {
    /// The folder's path.
    let path: String

    /// The archive's folder.
    var archivePath: String { path + "/archive" }

    /// A moment so many seconds after the beginning of 2026.
    static func time(_ seconds: Int64) -> ArchiveTime {
        ArchiveTime(millisecondsSince1970: 1_767_225_600_000 + seconds * 1000)
    }

    /// Somebody's act so many seconds after the beginning of 2026.
    static func act(_ seconds: Int64, by name: String = "anna") -> ArchiveAct {
        ArchiveAct(by: name, at: time(seconds))
    }

    /// Takes every file for a whole recording: what is in one is another module's matter.
    @Sendable
    static func reader(_ path: String) -> RecordingCondition { .whole }

    /// Runs a test in a new folder.
    static func with(_ body: (Place) throws -> Void) throws {
        // Not below /dev: umockdev, which the tests are linked with, takes every file there for a device, and leaves a
        // socket open for each.
        let place = Place(path: NSTemporaryDirectory() + "exam-archive-\(UUID().uuidString)")
        try FileManager.default.createDirectory(atPath: place.path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: place.path) }
        try body(place)
    }

    /// Makes the archive.
    func archive() throws -> Archive {
        try Archive.make(at: archivePath, archiveID: "TEST-ARCHIVE", act: Self.act(0))
    }

    /// Makes the archive with one exam in it, signed if wanted.
    func archive(with examID: String, isSigned: Bool = false) throws -> Archive {
        let archive = try archive()
        try archive.add(try exam(examID), reader: Self.reader, act: Self.act(1))
        if isSigned { try archive.sign(examID, act: Self.act(2)) }
        return archive
    }

    /// Writes a file, with the folders above it.
    func write(_ text: String, to name: String) throws {
        let url = URL(fileURLWithPath: path + "/" + name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    /// The folder of an exam: its document, a report and two recordings.
    func exam(
        _ id: String, subject: String = "S001", startedAt: String = "2026-01-01T10:00:00Z", report: String = "%PDF-1",
        as name: String? = nil, blinding: Blinding? = nil
    ) throws -> String {
        let folder = name ?? id
        try write("{}\n", to: folder + "/bedside.json")
        try write("first recording", to: folder + "/recordings/01.dbrec")
        try write("second recording", to: folder + "/recordings/02.dbrec")
        if !report.isEmpty { try write(report, to: folder + "/report.pdf") }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        var exam = Self.document(id, subject: subject, startedAt: startedAt)
        exam.blinding = blinding
        let document = try encoder.encode(exam)
        try document.write(to: URL(fileURLWithPath: path + "/" + folder + "/exam.json"))
        return path + "/" + folder
    }

    /// An exam without measurements.
    static func document(_ id: String, subject: String, startedAt: String) -> Exam {
        let reference = Reference(id: "standard", version: "1", title: "t", citation: "c")
        return Exam(
            examID: id, subjectCode: subject, startedAt: startedAt, software: "test", algorithms: [],
            protocolReference: reference, sourceDescription: "none", sourceSpecifier: "sim:none", isSimulated: true,
            outputDeclaration: "not available", qualityAssurance: "never", recordings: [],
            measurements: ExamMeasurements(),
            assessment: Assessment(
                definition: reference, criteria: [], metCount: 2, unknownCount: 1, verdict: .positive,
                vhiss: VHISSScore(table: reference, tableIsVerified: false, parts: [], low: 3, high: 5)),
            limitations: [], statement: [])
    }

    /// Runs SQL on the archive's database with SQLite's own program, past everything that this module forbids.
    ///
    /// - Returns: what it said; `nil` where the program is not installed.
    func sqlite(_ sql: String) throws -> String? {
        let program = "/usr/bin/sqlite3"
        guard FileManager.default.isExecutableFile(atPath: program) else { return nil }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = [archivePath + "/archive.sqlite", sql]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// The error that a piece of work throws; `nil` when it throws none.
func archiveError(_ body: () throws -> Void) throws -> ArchiveError? {
    do {
        try body()
        return nil
    } catch let error as ArchiveError {
        return error
    }
}
