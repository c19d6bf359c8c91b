internal import CGLib

extension RecordingFingerprint {
    /// The SHA-256 of bytes, lower-case hexadecimal.
    public static func sha256(of bytes: [UInt8]) throws(RecordingError) -> String {
        guard let checksum = g_checksum_new(G_CHECKSUM_SHA256) else {
            throw .notReadable(file: "bytes in memory", reason: "SHA-256 is not available in this GLib")
        }
        defer { g_checksum_free(checksum) }
        bytes.withUnsafeBufferPointer { g_checksum_update(checksum, $0.baseAddress, gssize($0.count)) }
        return String(cString: g_checksum_get_string(checksum))
    }
}
