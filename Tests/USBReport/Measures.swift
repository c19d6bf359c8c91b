import Foundation
import Glibc

/// The clocks and counters of the system that the report reads.
enum Clock {
    static func nanoseconds() -> UInt64 { read(CLOCK_MONOTONIC) }
    /// Processor time of the calling thread.
    static func threadNanoseconds() -> UInt64 { read(CLOCK_THREAD_CPUTIME_ID) }
    /// Processor time of all threads.
    static func processNanoseconds() -> UInt64 { read(CLOCK_PROCESS_CPUTIME_ID) }

    private static func read(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}

enum Resources {
    /// Descriptors that this process has open.
    static func descriptors() -> Int {
        // The test bed diverts /sys and /dev alone, so this is the real folder.
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? -1
    }

    /// Memory that is present, KiB.
    static func residentKiB() -> Int {
        guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return -1 }
        for line in text.split(separator: "\n") where line.hasPrefix("VmRSS:") {
            return Int(line.split(separator: " ").dropFirst().first ?? "") ?? -1
        }
        return -1
    }
}

/// Times of many tries.
struct Spread {
    private var nanoseconds: [UInt64] = []

    mutating func add(_ value: UInt64) { nanoseconds.append(value) }

    var medianMs: Double { nanoseconds.isEmpty ? .nan : milliseconds(nanoseconds.sorted()[nanoseconds.count / 2]) }
    var worstMs: Double { nanoseconds.max().map { milliseconds($0) } ?? .nan }
    var count: Int { nanoseconds.count }

    private func milliseconds(_ value: UInt64) -> Double { Double(value) / 1e6 }

    var words: String { String(format: "median %.1f ms, worst %.1f ms", medianMs, worstMs) }
}
