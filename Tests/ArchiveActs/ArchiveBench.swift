import ExamArchive
import Foundation

/// What an archive of many exams costs: filling it, the list, one exam, and a look at everything.
enum ArchiveBench {
    /// What was measured at one size, milliseconds of each repetition.
    private struct Costs: Encodable {
        var exams: Int
        var megabytes = 0.0
        /// Of each exam on average, part by part.
        var fillingMsAnExam: [Double]
        var listMs: [Double] = []
        var oneMs: [Double] = []
        var verifyMs: [Double] = []
        /// What the system's own tools take for the same bytes.
        var catMs: [Double] = []
        var sumMs: [Double] = []
    }

    private static let sizes = [10, 100, 1000, 10_000]
    private static let repetitions = 9
    /// Of the system's own tools.
    private static let toolRepetitions = 3
    private static let recordingBytes = 50_000

    /// Fills a new archive up to each size and says what was measured; it is removed afterwards.
    ///
    /// - Parameters:
    ///   - most: the largest size.
    ///   - isJSON: one JSON document at the end instead of lines, which then go where errors go.
    static func run(_ path: String, most: Int, isJSON: Bool) throws {
        guard !FileManager.default.fileExists(atPath: path) else { throw ArchiveError.alreadyThere(path: path) }
        let folder = path + "/exam"
        defer { remove(path) }
        try FileManager.default.createDirectory(atPath: folder + "/recordings", withIntermediateDirectories: true)
        try Data("%PDF-1".utf8).write(to: URL(fileURLWithPath: folder + "/report.pdf"))
        try Data(repeating: 7, count: recordingBytes).write(to: URL(fileURLWithPath: folder + "/recordings/01.dbrec"))
        _ = try Archive.make(at: path + "/archive", archiveID: "BENCH", act: ArchiveActs.early)
        var all: [Costs] = []
        for size in sizes where size <= most {
            let filling = try fill(path, from: all.last?.exams ?? 0, to: size)
            let costs = try measure(path + "/archive", Costs(exams: size, fillingMsAnExam: filling))
            if isJSON {
                FileHandle.standardError.write(Data((text(costs) + "\n").utf8))
            } else {
                ArchiveActs.say(text(costs))
            }
            all.append(costs)
        }
        if isJSON { ArchiveActs.say(String(decoding: try JSONEncoder().encode(all), as: UTF8.self)) }
    }

    /// Adds exams in as many equal parts as there are repetitions; what an exam took in each, milliseconds.
    private static func fill(_ path: String, from before: Int, to size: Int) throws -> [Double] {
        let archive = try Archive(writing: path + "/archive", act: ArchiveActs.early)
        return try (0..<repetitions).map { part in
            let first = before + (size - before) * part / repetitions
            let last = before + (size - before) * (part + 1) / repetitions
            let spent = try milliseconds {
                for number in first + 1...last {
                    try archive.add(
                        path + "/exam", subjectCode: "S\(number)", examID: "EX-\(number)", reader: { _ in .whole },
                        act: ArchiveActs.early)
                }
            }
            return spent / Double(last - first)
        }
    }

    private static func measure(_ path: String, _ filled: Costs) throws -> Costs {
        var costs = filled
        for _ in 0..<repetitions {
            costs.listMs.append(try milliseconds { _ = try Archive(reading: path).exams() })
            costs.oneMs.append(
                try milliseconds {
                    let archive = try Archive(reading: path)
                    let exam = try archive.exam("EX-\(costs.exams / 2 + 1)")
                    _ = try archive.files(of: exam)
                })
            costs.verifyMs.append(
                try milliseconds {
                    let found = try Archive(reading: path).verify { _ in .whole }
                    guard found.isClean else {
                        throw ArchiveError.damaged(path: path, reason: "\(found.findings)")
                    }
                    costs.megabytes = Double(found.bytes) / 1e6
                })
        }
        for _ in 0..<toolRepetitions {
            costs.catMs.append(try milliseconds { try readAll(path, by: "cat") })
            costs.sumMs.append(try milliseconds { try readAll(path, by: "sha256sum") })
        }
        return costs
    }

    private static func text(_ costs: Costs) -> String {
        String(
            format: "%6d exams: list %.1f ms, one exam %.1f ms, verify %.0f ms for %.1f MB (cat %.0f ms, "
                + "sha256sum %.0f ms), filling %.1f ms an exam", costs.exams, median(costs.listMs), median(costs.oneMs),
            median(costs.verifyMs), costs.megabytes, median(costs.catMs), median(costs.sumMs),
            median(costs.fillingMsAnExam))
    }

    private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

    private static func milliseconds(_ body: () throws -> Void) rethrows -> Double {
        let clock = ContinuousClock()
        let duration = try clock.measure(body)
        return Double(duration.components.seconds) * 1e3 + Double(duration.components.attoseconds) / 1e15
    }

    private static func readAll(_ path: String, by tool: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/find")
        process.arguments = [path, "-type", "f", "-exec", tool, "{}", "+"]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw ArchiveError.damaged(path: path, reason: "`\(tool)` could not read it")
        }
    }

    private static func remove(_ path: String) {
        do { try FileManager.default.removeItem(atPath: path) } catch { ArchiveActs.say("\(path): \(error)") }
    }
}
