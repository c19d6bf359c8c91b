public import ProbeLink

/// The form in which frames, losses and events stand in the ring and in recordings.
///
/// Each record begins with 32 bytes, little-endian, and is filled up to a multiple of 8:
///
///     +0   u32  bytes of the whole record
///     +4   u8   kind: 1 I/Q, 2 B-mode, 4 physiology, 16 loss, 17 event
///     +5   u8   sample format (frames), place of the loss (losses)
///     +6   u8   frame flags (frames), kind of frame (losses)
///     +7   u8   0
///     +8   u32  sequence
///     +12  u32  bytes of the payload
///     +16  u64  pulse index
///     +24  u16  items
///     +26  u16  records
///     +28  u32  0
///
/// A loss carries its pulses and packets as two u64, an event its code, value and counter in its first 4 bytes.
public enum FrameRecord: Equatable, Sendable {
    /// A frame and where its payload lies in the bytes that were given.
    case frame(FrameHeader, payload: Range<Int>)
    /// The mark of a loss.
    case loss(StreamLoss)
    /// A probe's event.
    case event(ProbeEvent)

    static let headerBytes = 32
    private static let lossKind: UInt8 = 16
    private static let eventKind: UInt8 = 17
    /// The longest payload of any probe, with room to spare (ODP 1.0 allows 65,536).
    static let maximumPayloadBytes = 1 << 20

    /// Bytes that a record with such a payload takes.
    static func size(payload: Int) -> Int { (headerBytes + payload + 7) & ~7 }

    static func write(_ frame: FrameHeader, _ payload: RawSpan, to place: UnsafeMutableRawPointer) {
        writeHeader(
            kind: frame.kind.rawValue, second: frame.format.rawValue, third: frame.flags.rawValue,
            sequence: frame.sequence, payload: payload.byteCount, pulse: frame.pulseIndex, items: frame.items,
            records: frame.records, to: place)
        payload.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return }
            (place + headerBytes).copyMemory(from: start, byteCount: bytes.count)
        }
        fill(place, from: headerBytes + payload.byteCount)
    }

    static func write(_ loss: StreamLoss, to place: UnsafeMutableRawPointer) {
        let at = LossPlace.allCases.firstIndex(of: loss.place) ?? 0
        writeHeader(
            kind: lossKind, second: UInt8(at), third: loss.kind.rawValue, sequence: 0, payload: 16,
            pulse: loss.firstPulse, items: 0, records: 0, to: place)
        place.storeBytes(of: loss.pulses.littleEndian, toByteOffset: headerBytes, as: UInt64.self)
        place.storeBytes(of: loss.packets.littleEndian, toByteOffset: headerBytes + 8, as: UInt64.self)
    }

    static func write(_ event: ProbeEvent, to place: UnsafeMutableRawPointer) {
        writeHeader(
            kind: eventKind, second: 0, third: 0, sequence: 0, payload: 8, pulse: event.pulseIndex, items: 0,
            records: 0, to: place)
        place.storeBytes(of: event.code, toByteOffset: headerBytes, as: UInt8.self)
        place.storeBytes(of: event.value, toByteOffset: headerBytes + 1, as: UInt8.self)
        place.storeBytes(of: event.counter.littleEndian, toByteOffset: headerBytes + 2, as: UInt16.self)
        place.storeBytes(of: 0, toByteOffset: headerBytes + 4, as: UInt32.self)
    }

    private static func writeHeader(
        kind: UInt8, second: UInt8, third: UInt8, sequence: UInt32, payload: Int, pulse: UInt64, items: UInt16,
        records: UInt16, to place: UnsafeMutableRawPointer
    ) {
        place.storeBytes(of: UInt32(size(payload: payload)).littleEndian, as: UInt32.self)
        place.storeBytes(of: kind, toByteOffset: 4, as: UInt8.self)
        place.storeBytes(of: second, toByteOffset: 5, as: UInt8.self)
        place.storeBytes(of: third, toByteOffset: 6, as: UInt8.self)
        place.storeBytes(of: 0, toByteOffset: 7, as: UInt8.self)
        place.storeBytes(of: sequence.littleEndian, toByteOffset: 8, as: UInt32.self)
        place.storeBytes(of: UInt32(payload).littleEndian, toByteOffset: 12, as: UInt32.self)
        place.storeBytes(of: pulse.littleEndian, toByteOffset: 16, as: UInt64.self)
        place.storeBytes(of: items.littleEndian, toByteOffset: 24, as: UInt16.self)
        place.storeBytes(of: records.littleEndian, toByteOffset: 26, as: UInt16.self)
        place.storeBytes(of: 0, toByteOffset: 28, as: UInt32.self)
    }

    private static func fill(_ place: UnsafeMutableRawPointer, from end: Int) {
        for offset in end..<((end + 7) & ~7) { place.storeBytes(of: 0, toByteOffset: offset, as: UInt8.self) }
    }

    /// Reads the record at an offset of bytes that may come from anywhere.
    ///
    /// - Returns: the record and the offset of the next one; `nil` when no whole, sensible record stands there.
    static func read(_ bytes: RawSpan, at offset: Int) -> (record: FrameRecord, next: Int)? {
        guard offset >= 0, bytes.byteCount - offset >= headerBytes else { return nil }
        func value<Value: FixedWidthInteger & BitwiseCopyable>(_ at: Int, as type: Value.Type) -> Value {
            Value(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset + at, as: type))
        }
        let payloadBytes = Int(value(12, as: UInt32.self))
        guard payloadBytes <= maximumPayloadBytes, Int(value(0, as: UInt32.self)) == size(payload: payloadBytes),
            bytes.byteCount - offset >= size(payload: payloadBytes)
        else { return nil }
        let next = offset + size(payload: payloadBytes)
        let pulse = value(16, as: UInt64.self)
        switch value(4, as: UInt8.self) {
        case lossKind:
            guard payloadBytes == 16, let kind = FrameKind(rawValue: value(6, as: UInt8.self)) else { return nil }
            let at = Int(value(5, as: UInt8.self))
            guard at < LossPlace.allCases.count else { return nil }
            let loss = StreamLoss(
                kind: kind, place: LossPlace.allCases[at], firstPulse: pulse, pulses: value(32, as: UInt64.self),
                packets: value(40, as: UInt64.self))
            return (.loss(loss), next)
        case eventKind:
            guard payloadBytes == 8 else { return nil }
            let event = ProbeEvent(
                code: value(32, as: UInt8.self), value: value(33, as: UInt8.self), counter: value(34, as: UInt16.self),
                pulseIndex: pulse)
            return (.event(event), next)
        default:
            guard let kind = FrameKind(rawValue: value(4, as: UInt8.self)),
                let format = SampleFormat(rawValue: value(5, as: UInt8.self))
            else { return nil }
            let header = FrameHeader(
                kind: kind, format: format, flags: FrameFlags(rawValue: value(6, as: UInt8.self)),
                sequence: value(8, as: UInt32.self), pulseIndex: pulse, items: value(24, as: UInt16.self),
                records: value(26, as: UInt16.self))
            let start = offset + headerBytes
            guard header.accepts(payloadBytes: payloadBytes) else { return nil }
            return (.frame(header, payload: start..<start + payloadBytes), next)
        }
    }
}

extension FrameHeader {
    /// Whether a payload of so many bytes fits what the header says.
    func accepts(payloadBytes: Int) -> Bool {
        guard let pair = format.bytesPerIQPair else { return kind != .iq }
        return kind == .iq && items > 0 && records > 0 && payloadBytes == pair * Int(items) * Int(records)
    }
}

extension RawSpan {
    /// Hands every record in the bytes to a sink.
    ///
    /// - Returns: how many bytes were whole records.
    @discardableResult
    package func deliverRecords<Sink: FrameSink & ~Copyable>(to sink: inout Sink) -> Int {
        var offset = 0
        while let (record, next) = FrameRecord.read(self, at: offset) {
            switch record {
            case .frame(let header, let payload): sink.receive(header, extracting(payload))
            case .loss(let loss): sink.lost(loss)
            case .event(let event): sink.event(event)
            }
            offset = next
        }
        return offset
    }
}
