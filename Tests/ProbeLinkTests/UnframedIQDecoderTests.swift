import ProbeLink
import TestSupport
import Testing

@Suite struct UnframedIQDecoderTests {
    static let formats = UnframedIQFormat.SampleWidth.allCases.flatMap { width in
        UnframedIQFormat.ByteOrder.allCases.map { UnframedIQFormat(sampleWidth: width, byteOrder: $0) }
    }

    /// A Doppler signal with noise: I and Q of every pulse.
    static func samples(_ pulses: Int, width: UnframedIQFormat.SampleWidth, seed: UInt64) -> [Int64] {
        var generator = SeededGenerator(seed: seed)
        let scale: Double = width == .bits16 ? 1000 : 4_000_000
        var (cosine, sine) = (1.0, 0.0)
        // Advances by 0.1 radians each pulse.
        let (stepCosine, stepSine) = (0.995_004_165, 0.099_833_417)
        return (0..<pulses).flatMap { _ -> [Int64] in
            (cosine, sine) = (cosine * stepCosine - sine * stepSine, sine * stepCosine + cosine * stepSine)
            let noise = (0..<2).map { _ in Double.random(in: -0.05...0.05, using: &generator) }
            return [Int64(scale * (cosine + noise[0])), Int64(scale * (sine + noise[1]))]
        }
    }

    /// The samples as bytes, in a width and an order.
    static func bytes(_ samples: [Int64], as format: UnframedIQFormat) -> [UInt8] {
        samples.flatMap { sample -> [UInt8] in
            let size = format.sampleWidth.rawValue / 8
            let little = (0..<size).map { UInt8(truncatingIfNeeded: sample >> (8 * $0)) }
            return format.byteOrder == .littleEndian ? little : little.reversed()
        }
    }

    static func decode(
        _ bytes: [UInt8], as format: UnframedIQFormat, pulsesPerFrame: UInt16 = 50, transfer: Int = .max
    ) -> (sink: CollectingSink, counters: LinkCounters) {
        var decoder = UnframedIQDecoder(format: format, pulsesPerFrame: pulsesPerFrame)
        var sink = CollectingSink()
        var offset = 0
        while offset < bytes.count {
            let end = offset + min(transfer, bytes.count - offset)
            decoder.consume(bytes.span.bytes.extracting(offset..<end), into: &sink)
            offset = end
        }
        decoder.finish(into: &sink)
        return (sink, decoder.counters)
    }

    /// Every delivered pulse, little-endian, by its index.
    static func pulses(_ sink: CollectingSink, bytesPerPulse: Int) -> [UInt64: [UInt8]] {
        var pulses: [UInt64: [UInt8]] = [:]
        for case .frame(let header, let payload) in sink.items {
            for pulse in 0..<Int(header.records) {
                let start = pulse * bytesPerPulse
                pulses[header.pulseIndex + UInt64(pulse)] = Array(payload[start..<(start + bytesPerPulse)])
            }
        }
        return pulses
    }

    @Test("two pulses of 32 bits, big-endian, are handed on little-endian")
    func handMade() {
        let format = UnframedIQFormat(sampleWidth: .bits32, byteOrder: .bigEndian)
        let result = Self.decode(hex("00000064 ffffff9c 01020304 f1f2f3f4"), as: format)
        #expect(
            result.sink.items == [
                .frame(
                    FrameHeader(
                        kind: .iq, format: .iqInt32, flags: .first, sequence: 0, pulseIndex: 0, items: 1, records: 2),
                    hex("64000000 9cffffff 04030201 f4f3f2f1"))
            ])
        #expect(result.counters.pulses == 2)
        #expect(result.counters.cutOff == 0)
    }

    @Test("an aligned stream passes unchanged, in frames of the asked length", arguments: formats)
    func aligned(format: UnframedIQFormat) {
        let samples = Self.samples(1010, width: format.sampleWidth, seed: 1)
        let result = Self.decode(Self.bytes(samples, as: format), as: format)
        let little = UnframedIQFormat(sampleWidth: format.sampleWidth, byteOrder: .littleEndian)
        let payload = result.sink.items.flatMap { item -> [UInt8] in
            if case .frame(_, let payload) = item { payload } else { [] }
        }
        #expect(payload == Self.bytes(samples, as: little))
        #expect(result.sink.frames.map(\.records) == [UInt16](repeating: 50, count: 20) + [10])
        #expect(result.sink.frames.map(\.sequence) == Array(0..<21))
        #expect(result.counters.bad == 0)
    }

    @Test(
        "lost bytes are found and marked near their place, and what follows is right again",
        arguments: formats, 0..<6)
    func lostBytes(format: UnframedIQFormat, seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let size = format.sampleWidth.rawValue / 8
        let samples = Self.samples(2000, width: format.sampleWidth, seed: seed)
        var bytes = Self.bytes(samples, as: format)
        let lost = Int.random(in: 1..<size, using: &generator)
        let pulse = Int.random(in: 0..<1900, using: &generator)
        let place = pulse * 2 * size + Int.random(in: 0...(2 * size - lost), using: &generator)
        bytes.removeSubrange(place..<(place + lost))

        let result = Self.decode(bytes, as: format)
        #expect(result.counters.bad == 1)
        #expect(result.counters.missingPulses == 1)
        #expect(result.sink.losses.count == 1)
        let marked = Int(result.sink.losses.first?.firstPulse ?? 0)
        #expect(abs(marked - pulse) <= 1, "marked \(marked) for \(pulse)")

        let little = UnframedIQFormat(sampleWidth: format.sampleWidth, byteOrder: .littleEndian)
        let expected = Self.bytes(samples, as: little)
        let delivered = Self.pulses(result.sink, bytesPerPulse: 2 * size)
        for index in 0..<2000 where abs(index - pulse) > 1 {
            #expect(
                delivered[UInt64(index)] == Array(expected[(index * 2 * size)..<((index + 1) * 2 * size)]),
                "pulse \(index)")
        }
    }

    @Test("a stream whose very first byte is missing loses just its first pulse", arguments: formats)
    func firstByteLost(format: UnframedIQFormat) {
        let samples = Self.samples(1000, width: format.sampleWidth, seed: 9)
        let result = Self.decode(Array(Self.bytes(samples, as: format).dropFirst()), as: format)
        #expect(result.sink.losses == [StreamLoss(kind: .iq, place: .link, firstPulse: 0, pulses: 1, packets: 0)])
        #expect(result.counters.pulses == 999)
    }

    @Test("any cutting into transfers gives the same", arguments: formats, [1, 7, 512])
    func chunking(format: UnframedIQFormat, transfer: Int) {
        var bytes = Self.bytes(Self.samples(900, width: format.sampleWidth, seed: 3), as: format)
        bytes.remove(at: 1501)
        let whole = Self.decode(bytes, as: format)
        let cut = Self.decode(bytes, as: format, transfer: transfer)
        #expect(cut.sink.items == whole.sink.items)
        #expect(cut.counters == whole.counters)
        #expect(whole.counters.bad == 1)
    }

    @Test("silence, faint noise and full-scale noise raise no alarm", arguments: formats, [Int64(0), 3, .max])
    func noAlarm(format: UnframedIQFormat, amplitude: Int64) {
        var generator = SeededGenerator(seed: 5)
        let range = min(amplitude, (Int64(1) << (format.sampleWidth.rawValue - 1)) - 1)
        let samples = (0..<4000).map { _ in Int64.random(in: -range...range, using: &generator) }
        let result = Self.decode(Self.bytes(samples, as: format), as: format)
        #expect(result.counters.bad == 0)
        #expect(result.counters.pulses == 2000)
    }

    @Test("frames come two windows late at most while all is well")
    func latency() {
        let format = UnframedIQFormat(sampleWidth: .bits16, byteOrder: .littleEndian)
        let bytes = Self.bytes(Self.samples(640, width: .bits16, seed: 2), as: format)
        var decoder = UnframedIQDecoder(format: format, pulsesPerFrame: 1)
        var sink = CollectingSink()
        decoder.consume(bytes.span.bytes, into: &sink)
        #expect(decoder.counters.pulses >= 640 - 128)
    }

    @Test("an unfinished pulse at the end is cut off")
    func cutOff() {
        let format = UnframedIQFormat(sampleWidth: .bits16, byteOrder: .littleEndian)
        let result = Self.decode([1, 0, 2, 0, 3], as: format)
        #expect(result.counters.pulses == 1)
        #expect(result.counters.cutOff == 1)
    }

    @Test("random bytes neither trap nor lose time", arguments: UInt64(0)..<10)
    func garbage(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let format = Self.formats[Int(seed) % Self.formats.count]
        let bytes = (0..<5000).map { _ in
            Bool.random(using: &generator) ? UInt8.random(in: 0...255, using: &generator) : 0
        }
        let result = Self.decode(bytes, as: format)
        var next: UInt64 = 0
        for item in result.sink.items {
            switch item {
            case .frame(let header, _):
                #expect(header.pulseIndex == next)
                next += UInt64(header.records)
            case .lost(let loss):
                #expect(loss.firstPulse == next)
                next += loss.pulses
            case .event: Issue.record("an event out of nothing")
            }
        }
    }
}
