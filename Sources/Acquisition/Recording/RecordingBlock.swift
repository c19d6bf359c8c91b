internal import ProbeLink

/// One block of a recording file.
///
/// A recording is a sequence of blocks that are only ever appended. Each begins with 32 bytes, little-endian:
///
///     +0   "DBRB"
///     +4   u16  format version, 1
///     +6   u16  type: 1 description (JSON), 2 frame records, 3 closing (JSON)
///     +8   u32  number of the block, from 0
///     +12  u32  bytes of the payload, at most 4 MiB
///     +16  12 reserved bytes, 0
///     +28  u32  CRC-32C of bytes 0 to 27 and of the payload
///
/// After a kill or a power cut everything up to the last whole block is there.
enum RecordingBlock {
    static let magic: [UInt8] = Array("DBRB".utf8)
    static let version: UInt16 = 1
    static let headerBytes = 32
    static let maximumPayloadBytes = 4 << 20

    enum Kind: UInt16 {
        case description = 1
        case records = 2
        case closing = 3
    }

    /// A block's header over its payload.
    static func header(_ kind: Kind, number: UInt32, payload: RawSpan) -> [UInt8] {
        var bytes = magic
        append(version, to: &bytes)
        append(kind.rawValue, to: &bytes)
        append(number, to: &bytes)
        append(UInt32(payload.byteCount), to: &bytes)
        bytes.append(contentsOf: repeatElement(0, count: 12))
        append(checksum(of: bytes.span.bytes, payload), to: &bytes)
        return bytes
    }

    private static func append<Value: FixedWidthInteger>(_ value: Value, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// Reads the block at an offset of a file's bytes.
    ///
    /// - Returns: its kind, the place of its payload and the offset after it; `nil` when no whole block with the
    ///   expected number and a right checksum stands there.
    static func read(
        _ bytes: RawSpan, at offset: Int, number: UInt32
    ) -> (kind: Kind, payload: Range<Int>, next: Int)? {
        guard offset >= 0, bytes.byteCount - offset >= headerBytes else { return nil }
        func value<Value: FixedWidthInteger & BitwiseCopyable>(_ at: Int, as type: Value.Type) -> Value {
            Value(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset + at, as: type))
        }
        let length = Int(value(12, as: UInt32.self))
        let start = offset + headerBytes
        guard value(0, as: UInt32.self) == 0x4252_4244, value(4, as: UInt16.self) == version,
            let kind = Kind(rawValue: value(6, as: UInt16.self)), value(8, as: UInt32.self) == number,
            length <= maximumPayloadBytes, bytes.byteCount - start >= length
        else { return nil }
        let payload = start..<start + length
        let sum = checksum(of: bytes.extracting(offset..<offset + 28), bytes.extracting(payload))
        guard sum == value(28, as: UInt32.self) else { return nil }
        return (kind, payload, payload.upperBound)
    }
}

extension RecordingBlock {
    private static func checksum(of header: RawSpan, _ payload: RawSpan) -> UInt32 {
        var sum = CRC32C()
        sum.update(header)
        sum.update(payload)
        return sum.value
    }
}
