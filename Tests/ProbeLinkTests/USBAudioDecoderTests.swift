import ProbeLink
import TestSupport
import Testing

@Suite struct USBAudioDecoderTests {
    static func stream(
        _ channels: USBAudioStream.Channels, bits: Int = 16, rateHz: Int = 48_000, inverts: Bool = false,
        gain: Double = 1, phase: Double = 0
    ) -> USBAudioStream {
        USBAudioStream(
            sampleRateHz: rateHz, sampleBits: bits, channels: channels, invertsDirection: inverts, rightGain: gain,
            rightPhaseDegrees: phase)
    }

    @Test("I and Q of 16 bits, written by hand, pass as they are")
    func handMade16() {
        let result = USBAudioWire.decode([.packet(hex("0100 feff 3412 cdab"))], as: Self.stream(.iq))
        #expect(
            result.sink.items == [
                .frame(
                    FrameHeader(
                        kind: .iq, format: .iqInt16, flags: [.first, .transmitting], sequence: 0, pulseIndex: 0,
                        items: 1, records: 2),
                    hex("0100 feff 3412 cdab"))
            ])
        #expect(result.counters.pulses == 2)
    }

    @Test("24 bits fill the upper bits of 32")
    func handMade24() {
        let result = USBAudioWire.decode([.packet(hex("563412 feffff"))], as: Self.stream(.iq, bits: 24))
        #expect(result.sink.items.count == 1)
        guard case .frame(let header, let payload) = result.sink.items.first else { return }
        #expect(header.format == .iqInt32)
        #expect(payload == hex("00563412 00feffff"))
    }

    @Test("Q left and I right change places, and an inverted direction turns Q's sign")
    func channels() {
        let packet = [USBAudioWire.Part.packet(USBAudioWire.bytes([(10, 20), (-30, 40)]))]
        func read(_ channels: USBAudioStream.Channels, inverts: Bool = false) -> [UInt64: [Int]] {
            USBAudioWire.pulses(USBAudioWire.decode(packet, as: Self.stream(channels, inverts: inverts)).sink)
        }
        #expect(read(.iq) == [0: [10, 20], 1: [-30, 40]])
        #expect(read(.qi) == [0: [20, 10], 1: [40, -30]])
        #expect(read(.iq, inverts: true) == [0: [10, -20], 1: [-30, -40]])
        #expect(read(.qi, inverts: true) == [0: [20, -10], 1: [40, 30]])
        #expect(read(.mono) == [0: [10, 0], 1: [-30, 0]])
    }

    @Test("one channel has no Q and no direction")
    func mono() {
        let result = USBAudioWire.decode(
            [.packet(USBAudioWire.bytes(mono: [7, -8, 9]))], as: Self.stream(.mono), wireChannels: 1)
        #expect(USBAudioWire.pulses(result.sink) == [0: [7, 0], 1: [-8, 0], 2: [9, 0]])
        #expect(USBAudioStream.Channels.allCases.filter(\.haveDirection) == [.forwardReverse, .iq, .qi])
    }

    @Test("gain and phase of the right channel are taken out", arguments: [USBAudioStream.Channels.iq, .qi])
    func correction(channels: USBAudioStream.Channels) {
        // A circle of radius 10,000 in steps of 30 degrees; the right channel is halved and runs 10 degrees ahead.
        let unit = [(1.0, 0.0), (0.866_025, 0.5), (0.5, 0.866_025), (0, 1), (-0.5, 0.866_025), (-0.866_025, -0.5)]
        let (cosine, sine) = (0.984_807_753, 0.173_648_178)
        let samples = unit.map { x, y -> (Int, Int) in
            let ahead = channels == .iq ? y * cosine + x * sine : x * cosine - y * sine
            let left = channels == .iq ? x : y
            return (Int((10_000 * left).rounded()), Int((5_000 * ahead).rounded()))
        }
        let result = USBAudioWire.decode(
            [.packet(USBAudioWire.bytes(samples))], as: Self.stream(channels, gain: 2, phase: 10))
        let pulses = USBAudioWire.pulses(result.sink)
        for (index, (x, y)) in unit.enumerated() {
            let pulse = pulses[UInt64(index)] ?? []
            #expect(abs(pulse[0] - Int(10_000 * x)) <= 2 && abs(pulse[1] - Int(10_000 * y)) <= 2, "\(index)")
        }
    }

    @Test("a sample at full scale, before or after the correction, marks its frame as clipped")
    func clipped() {
        func flags(_ samples: [(Int, Int)], gain: Double = 1, bits: Int = 16) -> [Bool] {
            USBAudioWire.decode(
                [.packet(USBAudioWire.bytes(samples, bits: bits))],
                as: Self.stream(.iq, bits: bits, gain: gain), pulsesPerFrame: 1
            ).sink.frames.map { $0.flags.contains(.clipped) }
        }
        #expect(flags([(32_766, 0), (32_767, 0), (0, -32_768), (0, -32_767)]) == [false, true, true, false])
        #expect(flags([(0, 8_000), (0, 9_000), (0, -9_000)], gain: 4) == [false, true, true])
        #expect(flags([(0x7F_FFFE, 0), (0x7F_FFFF, 0)], bits: 24) == [false, true])
        #expect(flags([(0, 0x30_0000), (0, 0x50_0000)], gain: 2, bits: 24) == [false, true])
    }

    @Test("an unfinished sample at a packet's end is one bad place and moves nothing behind it", arguments: 1..<4)
    func partial(extra: Int) {
        let samples = (1...40).map { ($0, -$0) }
        let first = USBAudioWire.bytes(Array(samples[..<10])) + [UInt8](repeating: 0x55, count: extra)
        let result = USBAudioWire.decode(
            [.packet(first), .packet(USBAudioWire.bytes(Array(samples[10...])))], as: Self.stream(.iq))
        #expect(
            result.sink.losses == [StreamLoss(kind: .iq, place: .link, firstPulse: 10, pulses: 1, packets: 0)])
        #expect(result.counters.bad == 1 && result.counters.missingPulses == 1)
        let pulses = USBAudioWire.pulses(result.sink)
        for (index, sample) in samples.enumerated() {
            #expect(pulses[UInt64(index < 10 ? index : index + 1)] == [sample.0, sample.1])
        }
    }

    @Test("missed packets of 44.1 kHz are 44.1 samples each, and the tenths are not lost")
    func missedTenths() {
        var parts: [USBAudioWire.Part] = []
        for _ in 0..<10 {
            parts.append(.packet(USBAudioWire.bytes([(1, 2), (3, 4)])))
            parts.append(.missed(packets: 1, nanoseconds: 1_000_000))
        }
        let result = USBAudioWire.decode(parts, as: Self.stream(.iq, rateHz: 44_100))
        #expect(result.sink.losses.map(\.pulses).sorted() == [44, 44, 44, 44, 44, 44, 44, 44, 44, 45])
        #expect(result.counters.missingPulses == 441)
        #expect(result.counters.lostPackets == 10)
        #expect(result.sink.endPulse == 461)
    }

    @Test("an empty packet is no loss")
    func emptyPacket() {
        let packet = USBAudioWire.bytes([(1, 2)])
        let result = USBAudioWire.decode([.packet(packet), .packet([]), .packet(packet)], as: Self.stream(.iq))
        #expect(result.sink.losses.isEmpty)
        #expect(result.counters.pulses == 2)
    }

    @Test("any packets whatever neither trap nor go back in time", arguments: UInt64(0)..<40)
    func hostile(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let channels = USBAudioStream.Channels.allCases[Int(seed % 4)]
        let stream = Self.stream(channels, bits: seed % 3 == 0 ? 24 : 16, gain: 0.1 + Double(seed), phase: 45)
        let parts = (0..<20).map { _ -> USBAudioWire.Part in
            if Int.random(in: 0..<5, using: &generator) == 0 {
                return .missed(
                    packets: Int.random(in: -2...3, using: &generator),
                    nanoseconds: UInt64.random(in: 0...2_000_000, using: &generator))
            }
            let count = Int.random(in: 0...60, using: &generator)
            return .packet((0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) })
        }
        let result = USBAudioWire.decode(parts, as: stream, wireChannels: seed % 5 == 0 ? 1 : 2)
        #expect(result.sink.endPulse == result.counters.pulses + result.counters.missingPulses)
    }
}
