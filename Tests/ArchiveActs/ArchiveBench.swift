import ExamArchive
import Foundation

/// What an archive of many exams costs: the list, one exam, and a look at everything.
enum ArchiveBench {
    private static let sizes = [10, 100, 1000, 10_000]
    private static let repetitions = 7

    /// Fills a new archive up to each size and prints what was measured; it is removed afterwards.
    static func run(_ path: String) throws {
        guard !FileManager.default.fileExists(atPath: path) else { throw ArchiveError.alreadyThere(path: path) }
        let folder = path + "/exam"
        defer { remove(path) }
        try FileManager.default.createDirectory(atPath: folder + "/recordings", withIntermediateDirectories: true)
        try Data("%PDF-1".utf8).write(to: URL(fileURLWithPath: folder + "/report.pdf"))
        try Data(repeating: 7, count: recordingBytes).write(to: URL(fileURLWithPath: folder + "/recordings/01.dbrec"))
        _ = try Archive.make(at: path + "/archive", archiveID: "BENCH", act: ArchiveActs.early)
        var count = 0
        for size in sizes {
            let filling = try milliseconds {
                let archive = try Archive(writing: path + "/archive", act: ArchiveActs.early)
                while count < size {
                    count += 1
                    try archive.add(
                        folder, subjectCode: "S\(count)", examID: "EX-\(count)", reader: { _ in .whole },
                        act: ArchiveActs.early)
                }
            }
            try measure(path + "/archive", size, filling)
        }
    }

    private static let recordingBytes = 50_000

    private static func measure(_ path: String, _ size: Int, _ fillingMs: Double) throws {
        let listMs = try median { _ = try Archive(reading: path).exams() }
        let oneMs = try median {
            let archive = try Archive(reading: path)
            let exam = try archive.exam("EX-\(size / 2 + 1)")
            _ = try archive.files(of: exam)
        }
        var bytes: Int64 = 0
        let verifyMs = try milliseconds {
            let found = try Archive(reading: path).verify { _ in .whole }
            guard found.isClean else { throw ArchiveError.damaged(path: path, reason: "\(found.findings)") }
            bytes = found.bytes
        }
        let catMs = try milliseconds { try shell("find '\(path)' -type f -exec cat {} + > /dev/null") }
        let sumMs = try milliseconds { try shell("find '\(path)' -type f -exec sha256sum {} + > /dev/null") }
        ArchiveActs.say(
            String(
                format: "%6d exams: list %.1f ms, one exam %.1f ms, verify %.0f ms for %.1f MB (cat %.0f ms, "
                    + "sha256sum %.0f ms), filling %.0f ms", size, listMs, oneMs, verifyMs, Double(bytes) / 1e6, catMs,
                sumMs, fillingMs))
    }

    private static func median(_ body: () throws -> Void) throws -> Double {
        try (0..<repetitions).map { _ in try milliseconds(body) }.sorted()[repetitions / 2]
    }

    private static func milliseconds(_ body: () throws -> Void) rethrows -> Double {
        let clock = ContinuousClock()
        let duration = try clock.measure(body)
        return Double(duration.components.seconds) * 1e3 + Double(duration.components.attoseconds) / 1e15
    }

    private static func shell(_ script: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", script]
        try process.run()
        process.waitUntilExit()
    }

    private static func remove(_ path: String) {
        do { try FileManager.default.removeItem(atPath: path) } catch { ArchiveActs.say("\(path): \(error)") }
    }
}
