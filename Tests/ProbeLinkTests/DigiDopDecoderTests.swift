import ProbeLink
import TestSupport
import Testing

@Suite struct DigiDopDecoderTests {
    static func loss(_ firstPulse: UInt64, _ pulses: UInt64, packets: UInt64 = 0) -> StreamLoss {
        StreamLoss(kind: .iq, place: .link, firstPulse: firstPulse, pulses: pulses, packets: packets)
    }

    @Test("three frames written by hand become one frame of two gates, little-endian")
    func handMade() {
        let bytes = hex(
            """
            aa 00000001 fffffffe 00000003 fffffffc
            aa 01020304 11121314 21222324 31323334
            aa 7fffffff 80000000 00000000 ffffffff
            """)
        let decoded = DigiDopWire.decode([.bytes(bytes)])
        #expect(
            decoded.items == [
                .frame(
                    FrameHeader(
                        kind: .iq, format: .iqInt32, flags: .first, sequence: 0, pulseIndex: 0, items: 2, records: 3),
                    hex(
                        """
                        01000000 feffffff 03000000 fcffffff
                        04030201 14131211 24232221 34333231
                        ffffff7f 00000080 00000000 ffffffff
                        """))
            ])
        #expect(decoded.counters.pulses == 3)
        #expect(decoded.counters.bad == 0 && decoded.counters.cutOff == 0)
    }

    @Test("little-endian samples pass as they are")
    func littleEndian() {
        let bytes = hex("aa 01000000 02000000 03000000 04000000 aa 05000000 06000000 07000000 08000000")
        let decoded = DigiDopWire.decode([.bytes(bytes)], byteOrder: .little)
        #expect(decoded.pulses == [0: [1, 2, 3, 4], 1: [5, 6, 7, 8]])
    }

    @Test("frames have the asked length, the last one what is left")
    func lengths() {
        let decoded = DigiDopWire.decode([.bytes(DigiDopWire.stream(DigiDopWire.numbered(35)))])
        #expect(decoded.sink.frames.map(\.records) == [10, 10, 10, 5])
        #expect(decoded.sink.frames.map(\.sequence) == [0, 1, 2, 3])
        #expect(decoded.sink.frames.map { $0.flags.contains(.first) } == [true, false, false, false])
        #expect(decoded.sink.frames.map(\.pulseIndex) == [0, 10, 20, 30])
    }

    @Test("bytes before the first frame are one bad place, and time begins with them", arguments: [1, 16, 17, 18, 40])
    func garbageFirst(count: Int) {
        let pulses = DigiDopWire.numbered(30)
        let garbage = [UInt8](repeating: 0x11, count: count)
        let decoded = DigiDopWire.decode([.bytes(garbage + DigiDopWire.stream(pulses))])
        let lost = UInt64((count + 16) / 17)
        #expect(decoded.sink.losses == [Self.loss(0, lost)])
        #expect(decoded.counters.bad == 1)
        #expect(decoded.counters.pulses == 30)
        #expect(decoded.pulses[lost] == pulses[0])
    }

    @Test("an unfinished frame at the end is cut off, unless the end was wanted", arguments: [false, true])
    func cutOff(stopped: Bool) {
        let bytes = Array(DigiDopWire.stream(DigiDopWire.numbered(20)).dropLast(3))
        let decoded = DigiDopWire.decode([.bytes(bytes)], stopped: stopped)
        #expect(decoded.counters.pulses == 19)
        #expect(decoded.counters.cutOff == (stopped ? 0 : 1))
        #expect(decoded.sink.losses.isEmpty)
    }

    @Test("a stream that is cut at any byte loses nothing of what came before", arguments: 34..<120)
    func cutAnywhere(length: Int) {
        let pulses = DigiDopWire.numbered(10)
        let decoded = DigiDopWire.decode([.bytes(Array(DigiDopWire.stream(pulses).prefix(length)))])
        #expect(decoded.counters.pulses == UInt64(length / 17))
        #expect(decoded.counters.cutOff == (length.isMultiple(of: 17) ? 0 : 1))
        #expect(decoded.counters.bad == 0)
    }

    @Test("missed packets are as many pulses as their time holds")
    func missed() {
        let pulses = DigiDopWire.numbered(60)
        let decoded = DigiDopWire.decode([
            .bytes(DigiDopWire.stream(Array(pulses[0..<20]))), .missed(packets: 3, nanoseconds: 1_000_000),
            .bytes(DigiDopWire.stream(Array(pulses[35..<60]))),
        ])
        #expect(decoded.sink.losses == [Self.loss(20, 15, packets: 3)])
        #expect(decoded.counters.missingPulses == 15)
        #expect(decoded.counters.lostPackets == 3)
        #expect(decoded.counters.bad == 0)
        for index in 35..<60 { #expect(decoded.pulses[UInt64(index)] == pulses[index]) }
    }

    @Test("what a missed packet cuts off on either side counts with its time", arguments: 0..<85)
    func missedWithinFrames(shift: Int) {
        // Packets of 85 bytes hold five pulses each; they begin anywhere within one.
        let pulses = DigiDopWire.numbered(60)
        let bytes = Array(DigiDopWire.stream(pulses))
        let lost = (85 * 4 + shift)..<(85 * 5 + shift)
        let decoded = DigiDopWire.decode([
            .bytes(Array(bytes[..<lost.lowerBound])), .missed(packets: 1, nanoseconds: 1_000_000),
            .bytes(Array(bytes[lost.upperBound...])),
        ])
        let first = UInt64(lost.lowerBound / 17)
        let end = UInt64((lost.upperBound + 16) / 17)
        #expect(decoded.sink.losses == [Self.loss(first, end - first, packets: 1)])
        #expect(decoded.sink.endPulse == 60)
        for index in Int(end)..<60 { #expect(decoded.pulses[UInt64(index)] == pulses[index]) }
    }

    @Test("the rounding of many gaps does not add up")
    func roundingOfGaps() {
        // 125 us at 2300 Hz are 0.2875 pulses: rounded one by one they would all vanish.
        var parts: [DigiDopWire.Part] = []
        for _ in 0..<400 {
            parts.append(.bytes(DigiDopWire.stream(DigiDopWire.numbered(4))))
            parts.append(.missed(packets: 1, nanoseconds: 125_000))
        }
        let decoded = DigiDopWire.decode(parts, prfHz: 2300)
        #expect(decoded.counters.pulses == 1600)
        #expect(decoded.counters.missingPulses == 115)
        #expect(decoded.counters.lostPackets == 400)
        #expect(decoded.sink.endPulse == 1715)
    }

    @Test("packets that are missed at the very end are marked there")
    func missedAtTheEnd() {
        let decoded = DigiDopWire.decode([
            .bytes(DigiDopWire.stream(DigiDopWire.numbered(20))), .missed(packets: 2, nanoseconds: 1_000_000),
        ])
        #expect(decoded.sink.losses == [Self.loss(20, 10, packets: 2)])
    }

    @Test("gaps of impossible length neither trap nor go back", arguments: [Int.max, Int.min, -1, 0])
    func impossibleGaps(count: Int) {
        var parts: [DigiDopWire.Part] = []
        for _ in 0..<5 {
            parts.append(.bytes(DigiDopWire.stream(DigiDopWire.numbered(5))))
            parts.append(.missed(packets: count, nanoseconds: .max))
        }
        let decoded = DigiDopWire.decode(parts, prfHz: .greatestFiniteMagnitude)
        #expect(decoded.counters.pulses == 25)
        #expect(decoded.sink.endPulse != nil)
    }
}
