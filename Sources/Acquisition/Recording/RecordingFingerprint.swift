internal import CGLib
internal import Foundation

/// The fingerprint by which a report names a recording.
public enum RecordingFingerprint {
    private static let bytesAtATime = 1 << 20

    /// The SHA-256 of a file as it stands on the disk, lower-case hexadecimal.
    public static func sha256(ofFile path: String) throws(RecordingError) -> String {
        try digest(G_CHECKSUM_SHA256, named: "SHA-256", ofFile: path)
    }

    /// The SHA-512 of a file as it stands on the disk, lower-case hexadecimal; SigMF asks for it.
    public static func sha512(ofFile path: String) throws(RecordingError) -> String {
        try digest(G_CHECKSUM_SHA512, named: "SHA-512", ofFile: path)
    }

    private static func digest(
        _ kind: GChecksumType, named name: String, ofFile path: String
    ) throws(RecordingError) -> String {
        guard let checksum = g_checksum_new(kind) else {
            throw .notReadable(file: path, reason: "\(name) is not available in this GLib")
        }
        defer { g_checksum_free(checksum) }
        do {
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            while let part = try file.read(upToCount: bytesAtATime), !part.isEmpty {
                part.withUnsafeBytes { bytes in
                    g_checksum_update(
                        checksum, bytes.bindMemory(to: guchar.self).baseAddress, gssize(bytes.count))
                }
            }
            try file.close()
        } catch {
            throw .notReadable(file: path, reason: error.localizedDescription)
        }
        return String(cString: g_checksum_get_string(checksum))
    }
}

extension RecordingFingerprint {
    /// The SHA-512 of bytes, lower-case hexadecimal; `nil` where this GLib has none.
    public static func sha512(of bytes: [UInt8]) -> String? {
        guard let digest = RunningSHA512() else { return nil }
        digest.add(bytes)
        return digest.hexadecimal()
    }
}

/// A SHA-512 that grows with the bytes that it gets.
final class RunningSHA512 {
    private let checksum: OpaquePointer

    /// - Returns: `nil` where this GLib has none.
    init?() {
        guard let checksum = g_checksum_new(G_CHECKSUM_SHA512) else { return nil }
        self.checksum = checksum
    }

    deinit { g_checksum_free(checksum) }

    /// Goes on by some bytes.
    func add(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        bytes.withUnsafeBytes { place in
            g_checksum_update(checksum, place.bindMemory(to: guchar.self).baseAddress, gssize(place.count))
        }
    }

    /// The digest of all bytes so far, lower-case hexadecimal; nothing may be added afterwards.
    func hexadecimal() -> String { String(cString: g_checksum_get_string(checksum)) }
}
