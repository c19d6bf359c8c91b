import Foundation

/// The program as a user runs it: its own process, its output and its exit code.
struct Program {
    /// What a run gave.
    struct Result {
        var status: Int32
        var output: String
        var errors: String
    }

    /// The built program, beside the test bundle.
    static var path: String {
        let tests = ProcessInfo.processInfo.arguments[0]
        return (tests as NSString).deletingLastPathComponent + "/dopplerbridge"
    }

    /// The package's root.
    static let root: String = (0..<3).reduce(#filePath) { path, _ in (path as NSString).deletingLastPathComponent }

    /// Runs the program to its end.
    ///
    /// - Parameter through: a shell prefix such as `ulimit -f 64;`.
    static func run(_ arguments: [String], through prefix: String = "") throws -> Result {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-c", prefix + " exec \"$0\" \"$@\"", path] + arguments
        let output = Pipe()
        let errors = Pipe()
        process.standardOutput = output
        process.standardError = errors
        process.standardInput = FileHandle.nullDevice
        try process.run()
        // Both are drained at once: a full pipe would hold the program up.
        let group = DispatchGroup()
        let kept = Kept()
        DispatchQueue.global().async(group: group) { kept.errors = errors.fileHandleForReading.readDataToEndOfFile() }
        let out = output.fileHandleForReading.readDataToEndOfFile()
        group.wait()
        process.waitUntilExit()
        return Result(
            status: process.terminationStatus, output: String(decoding: out, as: UTF8.self),
            errors: String(decoding: kept.errors, as: UTF8.self))
    }

    /// Starts the program without waiting for it; what it says is dropped.
    static func start(_ arguments: [String]) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    /// A file that did not grow in time.
    struct TooSlow: Error {}

    /// Waits until a file has so many bytes, at most 20 s.
    static func wait(until file: String, has bytes: Int) throws {
        for _ in 0..<2000 {
            var facts = stat()
            if stat(file, &facts) == 0, facts.st_size >= bytes { return }
            usleep(10_000)
        }
        throw TooSlow()
    }

    /// Runs another program of the machine to its end.
    static func tool(_ path: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: bytes, as: UTF8.self))
    }

    /// What another thread read; looked at only after the group has ended.
    private final class Kept: @unchecked Sendable {
        var errors = Data()
    }

    /// An empty folder that the test removes.
    static func temporaryFolder() throws -> String {
        let path = NSTemporaryDirectory() + "dopplerbridge-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    /// An empty folder for a test, removed afterwards.
    static func inTemporaryFolder(_ body: (String) throws -> Void) throws {
        let path = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }
}
