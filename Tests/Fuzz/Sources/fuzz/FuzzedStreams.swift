@testable internal import ProbeLink

/// The decoders of a stream of bytes.
enum FuzzedStreams {
    /// The first byte says how the rest is cut into transfers and whether checksums are set right.
    static func odp(_ bytes: [UInt8]) {
        guard let first = bytes.first else { return }
        var stream = Array(bytes.dropFirst())
        if first & 1 == 1 { setChecksums(of: &stream) }
        let whole = decodeODP(stream, transferBytes: max(1, stream.count))
        let cut = decodeODP(stream, transferBytes: 1 + Int(first >> 1) * 5)
        promise(whole == cut, "a stream gives the same frames however it is cut")
        promise(whole.pulses == whole.counters.pulses, "the pulses delivered are the pulses counted")
        promise(whole.missing == whole.counters.missingPulses, "the pulses marked are the pulses counted")
    }

    /// ODP's answers to requests, and its events.
    static func odpMessages(_ bytes: [UInt8]) {
        let span = bytes.span.bytes
        do throws(TransportError) { _ = try ODPIdentity(span) } catch { _ = error.description }
        do throws(TransportError) { _ = try ODPStatus(span) } catch { _ = error.description }
        do throws(TransportError) {
            let settings = try AcquisitionSettings(odp: span)
            let again = try AcquisitionSettings(odp: settings.odpBytes.span.bytes)
            promise(again == settings, "settings come back as they were sent")
            _ = settings.odpContradiction
        } catch { _ = error.description }
        for offset in 0...min(bytes.count, 64) { _ = ProbeEvent(odp: span, at: offset)?.endsStream }
    }

    /// The first byte picks width and order, the second how the rest is cut.
    static func unframed(_ bytes: [UInt8]) {
        guard bytes.count >= 2 else { return }
        let format = UnframedIQFormat(
            sampleWidth: bytes[0] & 1 == 0 ? .bits16 : .bits32,
            byteOrder: bytes[0] & 2 == 0 ? .littleEndian : .bigEndian)
        let stream = Array(bytes.dropFirst(2))
        let whole = decodeUnframed(stream, format, transferBytes: max(1, stream.count))
        let cut = decodeUnframed(stream, format, transferBytes: 1 + Int(bytes[1]))
        promise(whole == cut, "a stream gives the same frames however it is cut")
        promise(whole.pulses == whole.counters.pulses, "the pulses delivered are the pulses counted")
        promise(whole.missing == whole.counters.missingPulses, "the pulses marked are the pulses counted")
    }

    private static func decodeODP(_ bytes: [UInt8], transferBytes: Int) -> FrameTally {
        var decoder = ODPDecoder()
        var tally = FrameTally()
        for start in stride(from: 0, to: bytes.count, by: transferBytes) {
            let end = min(bytes.count, start + transferBytes)
            decoder.consume(bytes.span.bytes.extracting(start..<end), into: &tally)
        }
        decoder.finish(into: &tally)
        tally.counters = decoder.counters
        return tally
    }

    private static func decodeUnframed(_ bytes: [UInt8], _ format: UnframedIQFormat, transferBytes: Int) -> FrameTally {
        var decoder = UnframedIQDecoder(format: format, pulsesPerFrame: 64)
        var tally = FrameTally()
        for start in stride(from: 0, to: bytes.count, by: transferBytes) {
            let end = min(bytes.count, start + transferBytes)
            decoder.consume(bytes.span.bytes.extracting(start..<end), into: &tally)
        }
        decoder.finish(into: &tally)
        tally.counters = decoder.counters
        return tally
    }

    /// Gives every packet whose lengths are possible its checksum, so that what lies behind it is fuzzed too.
    private static func setChecksums(of bytes: inout [UInt8]) {
        var offset = 0
        while offset + ODPPacketHeader.byteCount <= bytes.count {
            guard let header = ODPPacketHeader(in: bytes.span.bytes, at: offset),
                offset + header.packetLength <= bytes.count
            else {
                offset += 1
                continue
            }
            var checksum = CRC32C()
            checksum.update(bytes.span.bytes.extracting(offset..<offset + ODPPacketHeader.checkedByteCount))
            let body = offset + ODPPacketHeader.byteCount
            checksum.update(bytes.span.bytes.extracting(body..<offset + header.packetLength))
            for byte in 0..<4 {
                bytes[offset + 28 + byte] = UInt8(truncatingIfNeeded: checksum.value >> (8 * UInt32(byte)))
            }
            offset += header.packetLength
        }
    }
}

/// What came of a stream, in little room.
struct FrameTally: FrameSink, Equatable {
    var pulses: UInt64 = 0
    var missing: UInt64 = 0
    var checksum = CRC32C()
    var counters = LinkCounters()

    mutating func receive(_ frame: FrameHeader, _ payload: RawSpan) {
        if frame.kind == .iq { pulses += UInt64(frame.records) }
        note([UInt64(frame.kind.rawValue), frame.pulseIndex, UInt64(frame.sequence), UInt64(payload.byteCount)])
        checksum.update(payload)
    }

    mutating func lost(_ loss: StreamLoss) {
        let (sum, overflows) = missing.addingReportingOverflow(loss.pulses)
        missing = overflows ? .max : sum
        note([loss.firstPulse, loss.pulses, loss.packets])
    }

    mutating func event(_ event: ProbeEvent) { note([UInt64(event.code), event.pulseIndex]) }
    func hasRoom(forBytes count: Int) -> Bool { true }

    private mutating func note(_ numbers: [UInt64]) { checksum.update(numbers.span.bytes) }
}
