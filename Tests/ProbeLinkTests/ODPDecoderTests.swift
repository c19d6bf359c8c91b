import ProbeLink
import Testing

@Suite struct ODPDecoderTests {
    static let pageExample = hex(
        "4f445053 01 02 2000 08000000 05000000 4001000000000000 0100 0200 aaa2857c 64000000 00006400")

    @Test("the encoder of these tests gives the bytes of the protocol's example")
    func encoderMatchesThePage() {
        let packet = ODPWire(
            flags: 2, sequence: 5, pulseIndex: 320, items: 1, records: 2, payload: [100, 0, 0, 0, 0, 0, 100, 0])
        #expect(packet.bytes == Self.pageExample)
    }

    @Test("the protocol's example is one frame after 5 lost packets and 320 missing pulses")
    func pageExampleDecodes() {
        let decoded = Decoded(Self.pageExample)
        #expect(
            decoded.items == [
                .lost(StreamLoss(kind: .iq, place: .link, firstPulse: 0, pulses: 320, packets: 5)),
                .frame(
                    FrameHeader(
                        kind: .iq, format: .iqInt16, flags: .transmitting, sequence: 5, pulseIndex: 320, items: 1,
                        records: 2), hex("6400000000006400")),
            ])
        #expect(decoded.counters.frames == 1)
        #expect(decoded.counters.pulses == 2)
        #expect(decoded.counters.lostPackets == 5)
        #expect(decoded.counters.missingPulses == 320)
        #expect(decoded.counters.bad == 0)
        #expect(decoded.counters.cutOff == 0)
    }

    @Test("an undamaged stream gives every frame and no loss")
    func cleanStream() {
        let packets = ODPWire.iqStream(packets: 50)
        let decoded = Decoded(packets)
        #expect(decoded.sink.frames.map(\.pulseIndex) == packets.map(\.pulseIndex))
        #expect(decoded.sink.losses.isEmpty)
        #expect(decoded.counters.pulses == packets.reduce(0) { $0 + UInt64($1.records) })
    }

    @Test("a gap is marked before the frame that follows, in the probe where the frame says so")
    func gapInTheProbe() {
        let decoded = Decoded([.iq(0, at: 0), .iq(3, at: 12, flags: 1)])
        #expect(decoded.sink.losses == [StreamLoss(kind: .iq, place: .probe, firstPulse: 3, pulses: 9, packets: 2)])
        #expect(decoded.sink.frames.map(\.sequence) == [0, 3])
        guard case .lost = decoded.items[1] else {
            Issue.record("the mark does not come before its frame")
            return
        }
    }

    @Test("pulses that are missing without a gap in the sequence are marked")
    func pulseJump() {
        let decoded = Decoded([.iq(0, at: 0), .iq(1, at: 10)])
        #expect(decoded.sink.losses == [StreamLoss(kind: .iq, place: .link, firstPulse: 3, pulses: 7, packets: 0)])
        #expect(decoded.counters.lostPackets == 0)
        #expect(decoded.counters.missingPulses == 7)
    }

    @Test("a packet that comes again is counted and not used")
    func repeated() {
        let decoded = Decoded([.iq(0, at: 0), .iq(1, at: 3), .iq(0, at: 0), .iq(1, at: 3), .iq(2, at: 6)])
        #expect(decoded.sink.frames.map(\.sequence) == [0, 1, 2])
        #expect(decoded.counters.repeated == 2)
        #expect(decoded.sink.losses.isEmpty)
    }

    @Test("a sequence exactly 2^31 away is ahead, one further is behind")
    func halfWayRound() {
        let ahead = Decoded([.iq(0x8000_0000, at: 0)])
        #expect(ahead.counters.lostPackets == 0x8000_0000)
        #expect(ahead.counters.frames == 1)
        let behind = Decoded([.iq(0x8000_0001, at: 0)])
        #expect(behind.counters.repeated == 1)
        #expect(behind.counters.frames == 0)
    }

    @Test("the sequence goes on past its wrap")
    func wrap() {
        let decoded = Decoded([
            .iq(0x8000_0000, at: 0), .iq(0xFFFF_FFFF, at: 3), .iq(0, at: 6), .iq(2, at: 12),
        ])
        #expect(decoded.counters.frames == 4)
        #expect(decoded.counters.lostPackets == 0x8000_0000 + 0x7FFF_FFFE + 1)
        #expect(decoded.counters.repeated == 0)
    }

    @Test("each type has its own sequence")
    func sequencesByType() {
        let bMode = ODPWire(
            type: 2, sequence: 0, pulseIndex: 2, items: 2, records: 3, payload: [UInt8](repeating: 7, count: 14))
        let physiology = ODPWire(
            type: 4, sequence: 0, pulseIndex: 2, items: 2, records: 1, payload: [UInt8](repeating: 1, count: 12))
        let decoded = Decoded([.iq(0, at: 0), bMode, physiology, .iq(1, at: 3)])
        #expect(decoded.sink.frames.map(\.kind) == [.iq, .bMode, .physiology, .iq])
        #expect(decoded.sink.frames.map(\.format) == [.iqInt16, .odpBMode, .odpPhysiology, .iqInt16])
        #expect(decoded.sink.losses.isEmpty)
    }

    @Test("a lost picture packet is marked from the last index of its kind, without pulses")
    func lostPicture() {
        let payload = [UInt8](repeating: 7, count: 9)
        let first = ODPWire(type: 2, sequence: 0, pulseIndex: 40, payload: payload)
        let third = ODPWire(type: 2, sequence: 2, pulseIndex: 90, payload: payload)
        let decoded = Decoded([first, third])
        #expect(
            decoded.sink.losses == [StreamLoss(kind: .bMode, place: .link, firstPulse: 40, pulses: 0, packets: 1)])
        #expect(decoded.counters.missingPulses == 0)
    }

    @Test("an unknown type is skipped whole, whatever it holds", arguments: [UInt8(0), 3, 5, 255])
    func unknown(type: UInt8) {
        let inner = ODPWire.iq(9, at: 100).bytes
        let decoded = Decoded([.iq(0, at: 0), ODPWire(type: type, payload: inner), .iq(1, at: 3)])
        #expect(decoded.counters.unknown == 1)
        #expect(decoded.sink.frames.map(\.sequence) == [0, 1])
        #expect(decoded.counters.bad == 0)
    }

    @Test("a longer header is skipped, up to 256 bytes", arguments: [1, 8, 224])
    func longerHeader(extra: Int) {
        var packet = ODPWire.iq(0, at: 0)
        packet.extraHeader = [UInt8](repeating: 0xA5, count: extra)
        let decoded = Decoded([packet, .iq(1, at: 3)])
        #expect(decoded.sink.frames.count == 2)
        #expect(decoded.items.first == .frame(decoded.sink.frames[0], packet.payload))
    }

    @Test("a header of 257 bytes is bad even with a right checksum")
    func tooLongHeader() {
        var packet = ODPWire.iq(0, at: 0)
        packet.extraHeader = [UInt8](repeating: 0xA5, count: 225)
        let decoded = Decoded([packet, .iq(1, at: 3)])
        #expect(decoded.counters.bad == 1)
        #expect(decoded.sink.frames.map(\.sequence) == [1])
    }

    @Test("the largest packet passes, and one byte more is bad")
    func largestPayload() {
        let largest = ODPWire(items: 128, records: 128, payload: [UInt8](repeating: 3, count: 65_536))
        #expect(Decoded([largest]).counters.frames == 1)
        let tooLarge = ODPWire(type: 9, payload: [UInt8](repeating: 3, count: 65_537))
        let decoded = Decoded([tooLarge, .iq(0, at: 0)])
        #expect(decoded.counters.unknown == 0)
        #expect(decoded.counters.bad == 1)
        #expect(decoded.counters.frames == 1)
    }

    @Test("a good checksum over a length that does not fit is bad, skipped whole, and its number is lost")
    func wrongShape() {
        let inner = ODPWire.iq(1, at: 3).bytes
        let shapes = [
            ODPWire(sequence: 1, pulseIndex: 3, items: 1, records: 2, payload: inner),
            ODPWire(sequence: 1, pulseIndex: 3, items: 0, records: 3, payload: []),
            ODPWire(sequence: 1, pulseIndex: 3, items: 3, records: 0, payload: []),
        ]
        for shape in shapes {
            let decoded = Decoded([.iq(0, at: 0), shape, .iq(2, at: 6)])
            #expect(decoded.counters.bad == 1)
            #expect(decoded.sink.frames.map(\.sequence) == [0, 2])
            #expect(decoded.counters.lostPackets == 1)
            #expect(decoded.counters.missingPulses == 3)
        }
    }

    @Test("physiology with other than two channels is bad", arguments: [UInt16(1), 3])
    func physiologyChannels(items: UInt16) {
        let packet = ODPWire(type: 4, items: items, payload: [UInt8](repeating: 0, count: 8 + 2 * Int(items)))
        #expect(Decoded([packet]).counters.bad == 1)
        #expect(Decoded([packet]).counters.frames == 0)
    }

    @Test("a packet that goes back in time with a later sequence is bad and moves nothing")
    func contradictory() {
        let decoded = Decoded([.iq(0, at: 0), .iq(1, at: 3), .iq(2, at: 5), .iq(3, at: 9)])
        #expect(decoded.sink.frames.map(\.sequence) == [0, 1, 3])
        #expect(decoded.counters.bad == 1)
        #expect(decoded.sink.losses == [StreamLoss(kind: .iq, place: .link, firstPulse: 6, pulses: 3, packets: 1)])
    }

    @Test("pulse indices at the end of 64 bits neither trap nor go back")
    func overflow() {
        let decoded = Decoded([
            .iq(0, at: .max - 10), .iq(1, at: .max - 2), .iq(2, at: .max - 1), .iq(3, at: .max), .iq(4, at: 0),
        ])
        #expect(decoded.sink.frames.map(\.sequence) == [0])
        #expect(decoded.counters.bad == 4)
        #expect(decoded.counters.missingPulses == UInt64.max - 10)
    }

    @Test("an unfinished packet is searched from its second byte at the end, also within another")
    func searchAtTheEnd() {
        var stream = ODPWire.iq(0, at: 0).bytes
        let announced = Array(ODPWire(payload: [UInt8](repeating: 0, count: 5000)).bytes.prefix(32))
        for number in 1...2 { stream += announced + ODPWire.iq(UInt32(number), at: 3 * UInt64(number)).bytes }
        stream.append(UInt8(ascii: "O"))
        let decoded = Decoded(stream)
        #expect(decoded.sink.frames.map(\.sequence) == [0, 1, 2])
        #expect(decoded.counters.cutOff == 1)
        #expect(decoded.sink.losses.isEmpty)
    }

    @Test("left-over bytes are not cut off after a stop that was asked for")
    func deliberateStop() {
        var decoder = ODPDecoder()
        var sink = CollectingSink()
        let bytes = Array((ODPWire.iq(0, at: 0).bytes + ODPWire.iq(1, at: 3).bytes).dropLast())
        decoder.consume(bytes.span.bytes, into: &sink)
        decoder.finish(into: &sink, countingCutOff: false)
        #expect(decoder.counters.cutOff == 0)
        #expect(sink.frames.count == 1)
    }
}
