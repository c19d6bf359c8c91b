import ClinicRecord
import Foundation
import Testing

/// A system of the clinic, played by a program of Tests/Peers: started on a free port of this computer, ended with the
/// test.
final class Peer {
    /// Its port.
    let port: UInt16
    /// Where it keeps what it received.
    let directory: String
    private let process: Process

    /// One thing that happened at a peer.
    struct Event: Decodable {
        var event: String
        var id: String?
        var sha256: String?
        var copies: Int?
        var differs: Bool?
        var about: String?
        var fault: String?
        var status: Int?
        var problems: [String]?
        var calling: String?
        var good: Int?
        var bad: Int?
    }

    /// The package's root.
    static let root: String = (0..<3).reduce(#filePath) { path, _ in (path as NSString).deletingLastPathComponent }
    private static let python = root + "/Tests/Peers/.venv/bin/python"

    /// A peer that did not come up.
    struct NotStarted: Error {}

    /// Starts one.
    ///
    /// - Parameter port: the one that it had before it was ended, to start it again.
    init(_ script: String, in directory: String, port: UInt16 = 0, _ arguments: [String] = []) throws {
        self.directory = directory
        process = Process()
        process.executableURL = URL(fileURLWithPath: Self.python)
        process.arguments =
            [Self.root + "/Tests/Peers/" + script, directory] + (port == 0 ? [] : ["--port", "\(port)"]) + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardInput = FileHandle.nullDevice
        if ProcessInfo.processInfo.environment["PEER_ERRORS"] == nil { process.standardError = FileHandle.nullDevice }
        try process.run()
        var line = ""
        while !line.contains("\n") {
            let bytes = output.fileHandleForReading.availableData
            guard !bytes.isEmpty else { throw NotStarted() }
            line += String(decoding: bytes, as: UTF8.self)
        }
        self.port = UInt16(line.split(whereSeparator: \.isWhitespace).last ?? "") ?? 0
    }

    /// Ends it.
    func stop() {
        guard process.isRunning else { return }
        process.terminate()
        process.waitUntilExit()
    }

    deinit { stop() }

    /// What happened so far.
    var events: [Event] {
        let text = FileManager.default.contents(atPath: directory + "/events.jsonl") ?? Data()
        return String(decoding: text, as: UTF8.self).split(separator: "\n").compactMap { line in
            // Sound: a line that is being written is read the next time.
            try? JSONDecoder().decode(Event.self, from: Data(line.utf8))
        }
    }

    /// The events of one kind.
    func events(_ kind: String) -> [Event] { events.filter { $0.event == kind } }

    /// Waits until something happened, at most ten seconds.
    func wait(for kind: String, count: Int = 1) -> Bool {
        for _ in 0..<500 {
            if events(kind).count >= count { return true }
            usleep(20_000)
        }
        return false
    }
}

/// What a test needs of the computer.
enum Needs {
    /// The Python peers.
    static let python: Comment = "skipped: no Tests/Peers/.venv; run .ci/peers"
    static var hasPython: Bool {
        FileManager.default.isExecutableFile(atPath: Peer.root + "/Tests/Peers/.venv/bin/python")
    }

    /// A program of Debian, and the Python that starts it.
    static func program(_ name: String) -> Bool {
        hasPython
            && ["/usr/bin/", "/usr/sbin/"].contains { FileManager.default.isExecutableFile(atPath: $0 + name) }
    }

    /// What a test says that is skipped for want of one.
    static func comment(_ name: String, _ package: String) -> Comment {
        "skipped: no \(name); install the Debian package \(package)"
    }

    /// Runs a test in a folder of its own, which is removed afterwards.
    static func folder<Value>(_ body: (String) throws -> Value) throws -> Value {
        let path = NSTemporaryDirectory() + "dopplerbridge-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        // Sound: what is left in a temporary folder harms nothing.
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try body(path)
    }

    /// A port that was free a moment ago.
    static func freePort() -> UInt16 {
        let handle = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(handle) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        return withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                guard bind(handle, $0, length) == 0, getsockname(handle, $0, &length) == 0 else { return 0 }
                return UInt16(bigEndian: pointer.pointee.sin_port)
            }
        }
    }

    /// A page of a peer, by Python's own client.
    static func page(_ address: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = [
            "-c", "import sys, urllib.request as r; print(r.urlopen(sys.argv[1]).read().decode())", address,
        ]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: text, as: UTF8.self)
    }

    /// Certificates in a folder: `ca.pem`, `server`, `station`, `stranger-ca.pem`, `stranger`, `other-name`.
    static func certificates(in folder: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Peer.root + "/Tests/Peers/make_certs")
        process.arguments = [folder + "/tls"]
        try process.run()
        process.waitUntilExit()
        return folder + "/tls"
    }
}

/// What a call throws; `nil` where it throws nothing.
func failure(_ body: () throws(ClinicRecordError) -> Void) -> ClinicRecordError? {
    do throws(ClinicRecordError) { try body() } catch { return error }
    return nil
}
