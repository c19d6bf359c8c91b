internal import CGLib
internal import ProbeLink

/// Reads firmware that may be sent to a board, because its file's fingerprint is the one that the profile names.
enum FirmwareReading {
    /// The longest file that is read, bytes (project choice: Intel HEX of the chip's whole memory is a sixth of it).
    static let mostBytes = 1 << 18
    /// How the names of files in Intel HEX end; every other file is a plain image.
    private static let intelHexSuffixes = [".ihx", ".hex"]

    /// The firmware of a file.
    ///
    /// - Throws: `.firmware` when it is another file than the profile names, or not one for the chip.
    static func firmware(_ file: [UInt8], of cold: ColdIdentity, path: String) throws(ProfileError) -> FX2Firmware {
        guard let found = sha256(file) else {
            throw .firmware(path: path, what: "cannot be compared: this GLib has no SHA-256")
        }
        guard found == cold.firmwareSHA256 else {
            throw .firmware(path: path, what: "is another file: its SHA-256 is \(found), not \(cold.firmwareSHA256)")
        }
        do throws(FX2FirmwareError) {
            let isIntelHex = intelHexSuffixes.contains { path.hasSuffix($0) }
            return isIntelHex ? try FX2Firmware(intelHex: file) : try FX2Firmware(image: file)
        } catch {
            throw .firmware(path: path, what: "cannot be loaded: \(error.description)")
        }
    }

    /// The SHA-256 of bytes, small hexadecimal digits; `nil` where the library has none.
    static func sha256(_ bytes: [UInt8]) -> String? {
        guard let checksum = g_checksum_new(G_CHECKSUM_SHA256) else { return nil }
        defer { g_checksum_free(checksum) }
        bytes.withUnsafeBufferPointer { g_checksum_update(checksum, $0.baseAddress, gssize($0.count)) }
        return g_checksum_get_string(checksum).map { String(cString: $0) }
    }
}
