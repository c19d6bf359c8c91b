import Foundation

/// A certificate of its own for one test, made by openssl.
struct TestCertificate {
    static let openssl = "/usr/bin/openssl"
    let folder: String
    var certificate: String { folder + "/certificate.pem" }
    var key: String { folder + "/key.pem" }

    init(_ name: String) throws {
        folder = NSTemporaryDirectory() + "dopplerbridge-tls-\(getpid())-\(name)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        _ = try Self.run([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-subj", "/CN=console.test", "-addext", "subjectAltName=DNS:console.test,IP:127.0.0.1", "-keyout", key,
            "-out", certificate,
        ])
        chmod(key, 0o600)
    }

    func remove() throws { try FileManager.default.removeItem(atPath: folder) }

    static var isThere: Bool { FileManager.default.isExecutableFile(atPath: openssl) }

    /// What openssl says on standard output to this input, and its exit code.
    static func run(_ arguments: [String], input: [UInt8] = []) throws -> (text: String, code: Int32) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: openssl)
        process.arguments = arguments
        let (from, to) = (Pipe(), Pipe())
        (process.standardInput, process.standardOutput) = (to, from)
        process.standardError = FileHandle.nullDevice
        try process.run()
        try to.fileHandleForWriting.write(contentsOf: Data(input))
        if !arguments.contains("-ign_eof") { try to.fileHandleForWriting.close() }
        let output = from.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (String(decoding: output, as: UTF8.self), process.terminationStatus)
    }

    /// The answer over TLS to one request that asks for the connection's end.
    func ask(
        _ request: String, then frames: [UInt8] = [], port: Int, _ more: [String] = []
    ) throws -> (text: String, code: Int32) {
        try Self.run(
            [
                "s_client", "-connect", "127.0.0.1:\(port)", "-servername", "console.test", "-CAfile", certificate,
                "-verify_return_error", "-verify_hostname", "console.test", "-quiet", "-ign_eof",
            ] + more, input: Array(request.utf8) + frames)
    }
}
