import Foundation
import Testing

/// A console of the program on an archive of its own, and a browser that Python plays.
final class ConsoleRig {
    private static let python = "/usr/bin/python3"
    /// What a skipped test says.
    static let comment: Comment = "skipped: no python3"
    /// Whether the browser can be played.
    static var hasPython: Bool { FileManager.default.isExecutableFile(atPath: python) }

    let folder: String
    private var process: Process?
    private var lines: FileHandle?

    var archive: String { folder + "/archive" }
    var shelf: String { folder + "/archive.console" }
    var key: String { folder + "/key" }
    /// What the console said on standard error.
    var errors: String { folder + "/errors" }

    init(_ folder: String) throws {
        self.folder = folder
        _ = FileManager.default.createFile(
            atPath: key, contents: Data((0..<32).map { UInt8($0) }), attributes: [.posixPermissions: 0o600])
        let made = try Program.run(["archive", "init", archive])
        try #require(made.status == 0, "\(made.errors)")
    }

    deinit { process?.terminate() }

    /// Starts the console and waits for its link.
    ///
    /// - Returns: the link.
    func start(_ probe: String, _ more: [String] = []) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Program.path)
        process.arguments = ["console", "--probe", probe, "--archive", archive, "--key-file", key] + more
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["XDG_STATE_HOME": folder + "/state", "RUNTIME_DIRECTORY": "", "NOTIFY_SOCKET": ""]) { _, new in new }
        process.environment?.removeValue(forKey: "RUNTIME_DIRECTORY")
        process.environment?.removeValue(forKey: "NOTIFY_SOCKET")
        let output = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        _ = FileManager.default.createFile(atPath: errors, contents: nil)
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errors))
        try process.run()
        self.process = process
        lines = output.fileHandleForReading
        var said = ""
        while true {
            let more = output.fileHandleForReading.availableData
            said += String(decoding: more, as: UTF8.self)
            if let found = said.firstMatch(of: /Open this: (\S+)\n/) { return String(found.1) }
            let told = try String(contentsOfFile: errors, encoding: .utf8)
            try #require(!more.isEmpty, "\(said) \(told)")
        }
    }

    /// A browser that was refused, or gave up.
    struct NotBrowsed: Error {
        var told: String
    }

    /// What the browser saw.
    func browse(_ link: String, _ arguments: String...) throws -> [String: Any] {
        let run = try Program.tool(Self.python, [Program.root + "/Tests/Console/whole_exam.py", link] + arguments)
        let told = "\(run.output) \(try String(contentsOfFile: errors, encoding: .utf8))"
        guard run.status == 0 else { throw NotBrowsed(told: told) }
        return try #require(
            try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any], "\(told)")
    }

    /// Ends the console with a signal.
    ///
    /// - Returns: its exit code; `nil` where the signal ended it.
    func end(_ signal: Int32) throws -> Int32? {
        let process = try #require(process)
        kill(process.processIdentifier, signal)
        process.waitUntilExit()
        self.process = nil
        return process.terminationReason == .exit ? process.terminationStatus : nil
    }
}
