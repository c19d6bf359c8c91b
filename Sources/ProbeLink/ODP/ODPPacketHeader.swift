/// The fixed 32 bytes at the head of an ODP packet (ODP 1.0, "Packet header").
struct ODPPacketHeader: Sendable, Equatable, BitwiseCopyable {
    /// `ODPS`, read as a little-endian number.
    static let magic: UInt32 = 0x5350_444F
    /// Bytes of the magic.
    static let magicByteCount = 4
    /// Bytes of the fixed part, which is also the shortest header.
    static let byteCount = 32
    /// The longest header that ODP 1.0 allows.
    static let longestHeader = 256
    /// The longest payload that ODP 1.0 allows.
    static let longestPayload = 65_536
    /// The longest packet there can be.
    static let longestPacket = longestHeader + longestPayload
    /// Bytes that the checksum covers before its own field.
    static let checkedByteCount = 28

    /// Bytes before the lines of a B-mode payload, and before the samples of a physiology payload.
    private static let payloadPreamble: UInt64 = 8
    /// Bytes of one I/Q pair.
    private static let iqPairByteCount: UInt64 = 4
    /// ECG and respiration: a physiology packet always has two channels.
    private static let physiologyChannels: UInt16 = 2

    /// The type as sent; ODP 1.0 knows 1, 2 and 4.
    let type: UInt8
    let flags: FrameFlags
    let headerLength: Int
    let payloadLength: Int
    let sequence: UInt32
    let pulseIndex: UInt64
    let items: UInt16
    let records: UInt16
    /// The checksum that the packet claims.
    let checksum: UInt32

    /// Reads a header.
    ///
    /// - Returns: `nil` when the magic or a length is wrong. The caller has seen that 32 bytes are there.
    init?(in bytes: RawSpan, at offset: Int) {
        let header = Int(bytes.uint16(at: offset + 6))
        let payload = bytes.uint32(at: offset + 8)
        guard bytes.uint32(at: offset) == Self.magic,
            (Self.byteCount...Self.longestHeader).contains(header), payload <= UInt32(Self.longestPayload)
        else { return nil }
        type = bytes.uint8(at: offset + 4)
        flags = FrameFlags(rawValue: bytes.uint8(at: offset + 5))
        headerLength = header
        payloadLength = Int(payload)
        sequence = bytes.uint32(at: offset + 12)
        pulseIndex = bytes.uint64(at: offset + 16)
        items = bytes.uint16(at: offset + 24)
        records = bytes.uint16(at: offset + 26)
        checksum = bytes.uint32(at: offset + 28)
    }

    /// Bytes of the whole packet.
    var packetLength: Int { headerLength + payloadLength }

    /// The known kind that the type stands for; `nil` for any other.
    var kind: FrameKind? { FrameKind(rawValue: type) }

    /// Whether a packet of that kind may have this payload length, items and records.
    func fits(_ kind: FrameKind) -> Bool {
        guard items > 0, records > 0 else { return false }
        let cells = UInt64(items) * UInt64(records)
        let length = UInt64(payloadLength)
        return switch kind {
        case .iq: length == Self.iqPairByteCount * cells
        case .bMode: length == Self.payloadPreamble + cells
        case .physiology: items == Self.physiologyChannels && length == Self.payloadPreamble + 2 * cells
        }
    }

    /// The header as handed on to a sink.
    func frame(of kind: FrameKind) -> FrameHeader {
        let format: SampleFormat =
            switch kind {
            case .iq: .iqInt16
            case .bMode: .odpBMode
            case .physiology: .odpPhysiology
            }
        return FrameHeader(
            kind: kind, format: format, flags: flags, sequence: sequence, pulseIndex: pulseIndex, items: items,
            records: records)
    }
}

extension RawSpan {
    /// The next place, from `start` on, where `ODPS` stands or where the last bytes may be its beginning.
    ///
    /// - Returns: that offset; the number of bytes when there is none.
    func nextPacketMagic(from start: Int) -> Int {
        var offset = start
        // The four letters differ, so the fourth byte of a window tells how far the window may move.
        while offset + 4 <= byteCount {
            switch uint8(at: offset + 3) {
            case UInt8(ascii: "S"):
                if uint32(at: offset) == ODPPacketHeader.magic { return offset }
                offset += 4
            case UInt8(ascii: "P"): offset += 1
            case UInt8(ascii: "D"): offset += 2
            case UInt8(ascii: "O"): offset += 3
            default: offset += 4
            }
        }
        while offset < byteCount, !endsWithMagicBeginning(from: offset) { offset += 1 }
        return Swift.min(offset, byteCount)
    }

    /// Whether the last bytes, three or fewer, are the first ones of `ODPS`.
    private func endsWithMagicBeginning(from start: Int) -> Bool {
        for offset in start..<byteCount {
            let letter = UInt8(truncatingIfNeeded: ODPPacketHeader.magic >> (8 * (offset - start)))
            if uint8(at: offset) != letter { return false }
        }
        return true
    }
}
