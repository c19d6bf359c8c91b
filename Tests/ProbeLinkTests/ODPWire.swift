import ProbeLink

/// Builds ODP packets from the protocol's text alone, with a checksum that goes bit by bit.
struct ODPWire {
    var type: UInt8 = 1
    var flags: UInt8 = 0
    var sequence: UInt32 = 0
    var pulseIndex: UInt64 = 0
    var items: UInt16 = 1
    var records: UInt16 = 1
    var payload: [UInt8] = [0, 0, 0, 0]
    var extraHeader: [UInt8] = []

    /// The packet's bytes.
    var bytes: [UInt8] {
        var header: [UInt8] = Array("ODPS".utf8) + [type, flags]
        header += Self.littleEndian(UInt16(32 + extraHeader.count))
        header += Self.littleEndian(UInt32(payload.count))
        header += Self.littleEndian(sequence)
        header += Self.littleEndian(pulseIndex)
        header += Self.littleEndian(items)
        header += Self.littleEndian(records)
        let checksum = Self.bitwiseCRC32C(header + extraHeader + payload)
        return header + Self.littleEndian(checksum) + extraHeader + payload
    }

    /// An I/Q packet of one gate whose payload tells the pulse: I = pulse index, Q = sequence number.
    static func iq(_ sequence: UInt32, at pulseIndex: UInt64, pulses: Int = 3, flags: UInt8 = 0) -> ODPWire {
        var payload: [UInt8] = []
        for pulse in 0..<pulses {
            payload += littleEndian(UInt16(truncatingIfNeeded: pulseIndex &+ UInt64(pulse)))
            payload += littleEndian(UInt16(truncatingIfNeeded: sequence))
        }
        return ODPWire(
            flags: flags, sequence: sequence, pulseIndex: pulseIndex, records: UInt16(pulses), payload: payload)
    }

    /// Packets of 1 to 4 pulses, one after the other, sequence from 0.
    static func iqStream(packets: Int) -> [ODPWire] {
        var pulse: UInt64 = 0
        return (0..<packets).map { number in
            let pulses = 1 + number * 7 % 4
            defer { pulse += UInt64(pulses) }
            return iq(UInt32(number), at: pulse, pulses: pulses, flags: number == 0 ? 0x08 : 0)
        }
    }

    static func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
        stride(from: 0, to: value.bitWidth, by: 8).map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    /// CRC-32C by its definition, one bit at a time.
    static func bitwiseCRC32C(_ bytes: [UInt8]) -> UInt32 {
        var register: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            register ^= UInt32(byte)
            for _ in 0..<8 { register = register & 1 == 1 ? (register >> 1) ^ 0x82F6_3B78 : register >> 1 }
        }
        return ~register
    }
}

/// Keeps everything that a decoder hands on, in order.
struct CollectingSink: FrameSink {
    enum Item: Equatable {
        case frame(FrameHeader, [UInt8])
        case lost(StreamLoss)
        case event(ProbeEvent)
    }

    var items: [Item] = []
    var frames: [FrameHeader] {
        items.compactMap { if case .frame(let header, _) = $0 { header } else { nil } }
    }
    var losses: [StreamLoss] {
        items.compactMap { if case .lost(let loss) = $0 { loss } else { nil } }
    }
    var events: [ProbeEvent] {
        items.compactMap { if case .event(let event) = $0 { event } else { nil } }
    }

    mutating func receive(_ frame: FrameHeader, _ payload: RawSpan) {
        items.append(.frame(frame, payload.withUnsafeBytes { Array($0) }))
    }
    mutating func lost(_ loss: StreamLoss) { items.append(.lost(loss)) }
    mutating func event(_ event: ProbeEvent) { items.append(.event(event)) }
    func hasRoom(forBytes count: Int) -> Bool { true }
}

/// What came of a stream.
struct Decoded: Equatable {
    var items: [CollectingSink.Item]
    var counters: LinkCounters

    /// Decodes bytes that come in transfers of the given lengths, used again and again.
    init(_ bytes: [UInt8], transfers: [Int] = [.max]) {
        var decoder = ODPDecoder()
        var sink = CollectingSink()
        var offset = 0
        var transfer = 0
        while offset < bytes.count {
            let length = min(transfers[transfer % transfers.count], bytes.count - offset)
            decoder.consume(bytes.span.bytes.extracting(offset..<(offset + length)), into: &sink)
            offset += length
            transfer += 1
        }
        decoder.finish(into: &sink)
        items = sink.items
        counters = decoder.counters
    }

    init(_ packets: [ODPWire]) { self.init(packets.flatMap(\.bytes)) }

    var sink: CollectingSink { CollectingSink(items: items) }
}

/// Bytes from hexadecimal digits; blanks are ignored.
func hex(_ digits: String) -> [UInt8] {
    let digits = digits.filter { !$0.isWhitespace }
    return stride(from: 0, to: digits.count, by: 2).map { offset in
        let start = digits.index(digits.startIndex, offsetBy: offset)
        return UInt8(digits[start..<digits.index(start, offsetBy: 2)], radix: 16) ?? 0
    }
}
