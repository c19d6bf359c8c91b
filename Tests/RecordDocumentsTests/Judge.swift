import Foundation
import Testing

/// A program that judges documents, of the machine or of the peers' Python.
struct Judge: CustomTestStringConvertible {
    /// What it is called in a test's name.
    let name: String
    /// Where the program is; `nil` when it is missing.
    let path: String?
    /// How to get it.
    let remedy: String
    /// What stands before the arguments.
    var first: [String] = []

    var testDescription: String { name }
    var isInstalled: Bool { path != nil }
    /// What a skipped test says.
    var comment: Comment { "skipped: \(name) is missing: \(remedy)" }

    static let dciodvfy = debian("dciodvfy", "dicom3tools")
    static let dcmdump = debian("dcmdump", "dcmtk")
    static let dsrdump = debian("dsrdump", "dcmtk")

    private static func debian(_ name: String, _ package: String) -> Judge {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":")
        let path = (folders + ["/usr/sbin"]).map { "\($0)/\(name)" }.first {
            FileManager.default.isExecutableFile(atPath: $0)
        }
        return Judge(name: name, path: path, remedy: "install the Debian package \(package)")
    }

    /// A script of `Tests/Peers` under the peers' Python.
    static func script(_ name: String) -> Judge {
        let peers = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Peers")
        let python = peers.appendingPathComponent(".venv/bin/python").path
        return Judge(
            name: name, path: FileManager.default.isExecutableFile(atPath: python) ? python : nil,
            remedy: "run .ci/peers", first: [peers.appendingPathComponent(name).path])
    }

    /// Runs it and gives its status and everything that it wrote.
    func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(path))
        process.arguments = first + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }
}

/// A folder that is gone when it is no longer used.
final class ScratchFolder {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("documents-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes bytes and gives the file's path.
    func write(_ bytes: [UInt8], as name: String) throws -> String {
        let file = "\(path)/\(name)"
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        return file
    }
}
