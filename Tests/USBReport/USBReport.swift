import Foundation
import Glibc
import Synchronization

/// Measures what the driver layer must show: `USBReport [--quick] [--json] [--update-readme] [--only TRIAL]`.
@main
struct USBReport {
    /// Length of the short throughput run: the limit of its rate leaves a hundredth for the start and for pauses of the
    /// computer, which must be longer than those.
    private static let quickSeconds = 20

    static func main() {
        let words = Set(CommandLine.arguments.dropFirst())
        let known: Set = [
            "--quick", "--json", "--update-readme", "--only", "throughput", "faults", "plugs", "starts", "latency",
        ]
        guard words.isSubset(of: known) else {
            complain(
                "usage: USBReport [--quick] [--json] [--update-readme] [--only throughput|faults|plugs|starts|latency]")
            exit(2)
        }
        do {
            let report = try measure(words)
            if words.contains("--json") {
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
                encoder.nonConformingFloatEncodingStrategy = .convertToString(
                    positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
                print(String(decoding: try encoder.encode(report), as: UTF8.self))
            } else {
                for row in report.rows {
                    print("\(row.isMet == false ? "NOT MET  " : "")\(row.what)\n    \(row.figure)")
                    if let bars = row.bars { print(bars) }
                }
            }
            for row in report.rows where row.isMet == false {
                complain("usb-report: not met: \(row.what): \(row.figure)")
            }
            if words.contains("--update-readme") { try updateReadme(report.markdown) }
            exit(report.isMet ? 0 : 1)
        } catch {
            complain("usb-report: \(error)")
            exit(3)
        }
    }

    private static func measure(_ words: Set<String>) throws -> Report {
        let isQuick = words.contains("--quick")
        // A tenth of everything.
        let part = isQuick ? 10 : 1
        let isChosen = { (name: String) in !words.contains("--only") || words.contains(name) }
        let folder = FileManager.default.temporaryDirectory.appending(path: "usb-report-\(getpid())").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { removeFolder(folder) }
        var report = Report(isQuick: isQuick)
        func measure<Outcome>(_ name: String, seconds: Int, _ body: () throws -> Outcome) -> Outcome? {
            guard isChosen(name) else { return nil }
            do {
                return try watched(name, seconds: seconds, body)
            } catch {
                report.failures[name] = "\(error)"
                return nil
            }
        }
        report.throughput = measure("throughput", seconds: 300) {
            try ThroughputTrial.run(seconds: isQuick ? Self.quickSeconds : 60)
        }
        report.faults = measure("faults", seconds: 600) { try FaultTrial.run(faults: 10_000 / part, seed: 20_260) }
        report.plugs = measure("plugs", seconds: 900) { try PlugTrial.run(times: 1_000 / part, folder: folder) }
        report.starts = measure("starts", seconds: 600) { try StartTrial.run(times: 1_000 / part) }
        report.latency = measure("latency", seconds: 300) { try LatencyTrial.run(seconds: 60 / part) }
        for problem in report.plugs?.problems.prefix(10) ?? [] { complain("usb-report: unplug \(problem)") }
        report.fuzz = FuzzSummary.read()
        report.makeRows()
        return report
    }

    /// Ends the process when a trial hangs, and says which.
    private static func watched<Value>(_ name: String, seconds: Int, _ body: () throws -> Value) rethrows -> Value {
        complain("usb-report: \(name) ...")
        let isDone = Watch()
        let watch = Thread {
            if !isDone.wait(seconds: seconds) {
                complain("usb-report: \(name) hangs: it did not end within \(seconds) s")
                exit(4)
            }
        }
        watch.start()
        defer { isDone.signal() }
        return try body()
    }

    private final class Watch: Sendable {
        private let semaphore = DispatchSemaphore(value: 0)
        func wait(seconds: Int) -> Bool { semaphore.wait(timeout: .now() + .seconds(seconds)) == .success }
        func signal() { semaphore.signal() }
    }

    private static func removeFolder(_ folder: String) {
        do { try FileManager.default.removeItem(atPath: folder) } catch { complain("usb-report: \(error)") }
    }

    private static func updateReadme(_ table: String) throws {
        let (begin, end) = ("<!-- usb-report -->", "<!-- /usb-report -->")
        let text = try String(contentsOfFile: "README.md", encoding: .utf8)
        guard let start = text.range(of: begin), let stop = text.range(of: end), start.upperBound <= stop.lowerBound
        else {
            throw ReportRig.StartFailure(description: "README.md has no \(begin) and \(end)")
        }
        // The fuzzers run by themselves: without a run here their last row stays.
        let kept = text[start.upperBound..<stop.lowerBound].split(separator: "\n").first { $0.hasPrefix("| fuzzing ") }
        var table = table
        if !table.contains("\n| fuzzing "), let kept, let end = table.range(of: "\n\n") {
            table.insert(contentsOf: "\n" + kept, at: end.lowerBound)
        }
        let updated = text[..<start.upperBound] + "\n" + table + text[stop.lowerBound...]
        try updated.write(toFile: "README.md", atomically: true, encoding: .utf8)
    }
}

/// Writes a line to standard error.
func complain(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }
