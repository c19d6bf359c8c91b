import ClinicRecord
import Foundation
import TestSupport
import Testing

/// What a test needs of the computer.
enum Needs {
    /// The Python peers.
    static let python: Comment = "skipped: no Tests/Peers/.venv; run .ci/peers"
    static var hasPython: Bool {
        FileManager.default.isExecutableFile(atPath: Peer.python)
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
