import Foundation
import TestSupport
import Testing

/// Readers that others wrote, in the Python of Tests/Peers.
enum OtherReader {
    /// What a skipped test says.
    static let comment: Comment = "skipped: no readers in Tests/Peers/.venv; run .ci/peers"

    /// Whether they are there.
    static let isThere: Bool = {
        guard FileManager.default.isExecutableFile(atPath: Peer.python) else { return false }
        do { return try run("import numpy, sigmf, pyxdf, h5py, pyedflib", []).status == 0 } catch { return false }
    }()

    /// Runs a script with arguments.
    static func run(_ script: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Peer.python)
        process.arguments = ["-W", "ignore", "-c", script] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: bytes, as: UTF8.self))
    }

    /// What a script prints.
    static func says(_ script: String, _ arguments: [String]) throws -> String {
        let (status, output) = try run(script, arguments)
        return (status == 0 ? "" : "status \(status): ") + output.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
