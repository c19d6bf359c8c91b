import Foundation

/// `ArchiveActs` as a process: one act on an archive.
struct ActProcess {
    /// What a run gave.
    struct Result {
        var status: Int32
        var output: String
        var errors: String

        /// The lines of standard output.
        var lines: [String] { output.split(separator: "\n").map(String.init) }
    }

    /// The built program, beside the test bundle.
    private static var path: String {
        (ProcessInfo.processInfo.arguments[0] as NSString).deletingLastPathComponent + "/ArchiveActs"
    }

    /// Runs an act to its end.
    static func run(_ arguments: [String], _ environment: [String: String] = [:]) throws -> Result {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        let output = Pipe()
        let errors = Pipe()
        process.standardOutput = output
        process.standardError = errors
        process.standardInput = FileHandle.nullDevice
        try process.run()
        // What it says is short: neither pipe is ever full.
        let out = output.fileHandleForReading.readDataToEndOfFile()
        let err = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Result(
            status: process.terminationStatus, output: String(decoding: out, as: UTF8.self),
            errors: String(decoding: err, as: UTF8.self))
    }
}
