import ProbeLink
import TestSupport
import Testing

/// The decoder against streams that nobody would send.
@Suite struct ODPChunkingTests {
    /// A stream of good, damaged, repeated, unknown and contradictory packets and of headers that announce too much.
    static func hostileStream(seed: UInt64) -> [UInt8] {
        var generator = SeededGenerator(seed: seed)
        var stream: [UInt8] = []
        var sequence: UInt32 = 0
        var pulse: UInt64 = 0
        for _ in 0..<40 {
            var packet = ODPWire.iq(sequence, at: pulse, pulses: Int.random(in: 1...20, using: &generator))
            packet.extraHeader = [UInt8](repeating: 1, count: Int.random(in: 0...3, using: &generator) * 8)
            var bytes = packet.bytes
            switch Int.random(in: 0..<10, using: &generator) {
            case 0: bytes[Int.random(in: 0..<bytes.count, using: &generator)] ^= 0x40
            case 1: bytes.removeLast(Int.random(in: 1..<bytes.count, using: &generator))
            case 2: bytes += bytes
            case 3: bytes += (0..<30).map { _ in UInt8.random(in: 0...255, using: &generator) }
            case 4: bytes += ODPWire(type: 7, payload: bytes).bytes
            case 5: bytes += ODPWire(payload: [UInt8](repeating: 0, count: 3000)).bytes.prefix(32)
            case 6: bytes += ODPWire.iq(sequence &+ 1, at: 0).bytes
            case 7: bytes += Array("ODPODPSOD".utf8)
            default: break
            }
            stream += bytes
            sequence &+= 1
            pulse += UInt64(packet.records)
        }
        return stream
    }

    @Test("any cutting into transfers gives the same frames, losses and counters", arguments: UInt64(0)..<60)
    func chunking(seed: UInt64) {
        let stream = Self.hostileStream(seed: seed)
        let whole = Decoded(stream)
        #expect(whole.counters.frames > 5)
        var generator = SeededGenerator(seed: ~seed)
        for largest in [1, 5, 40, 512] {
            let transfers = (0..<50).map { _ in Int.random(in: 0...largest, using: &generator) } + [largest]
            #expect(Decoded(stream, transfers: transfers) == whole, "transfers up to \(largest)")
        }
    }

    @Test("random bytes neither trap nor hang, in any cutting", arguments: UInt64(0)..<40)
    func garbage(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let letters = Array("ODPS".utf8)
        let stream = (0..<3000).map { _ in
            Bool.random(using: &generator)
                ? letters[Int.random(in: 0..<4, using: &generator)] : UInt8.random(in: 0...255, using: &generator)
        }
        let whole = Decoded(stream)
        #expect(whole.counters.frames == 0)
        #expect(Decoded(stream, transfers: [1]) == whole)
        #expect(Decoded(stream, transfers: [63]) == whole)
    }

    @Test("headers that announce 65,536 bytes hide no good packet and cost linear time")
    func announcingHeaders() {
        // A header every 32 bytes, with a good packet among every 50 of them.
        let announced = Array(ODPWire(payload: [UInt8](repeating: 0, count: 65_536)).bytes.prefix(32))
        var stream: [UInt8] = []
        for number in 0..<100 {
            for _ in 0..<50 { stream += announced }
            stream += ODPWire.iq(UInt32(number), at: 3 * UInt64(number)).bytes
        }
        let decoded = Decoded(stream, transfers: [16_384])
        #expect(decoded.sink.frames.map(\.sequence) == Array(0..<100))
        #expect(decoded.sink.losses.isEmpty)
        #expect(decoded.counters.cutOff == 1)
        #expect(Decoded(stream, transfers: [1000, 70_000]) == decoded)
    }

    @Test("headers as dense as they can lie, all announcing 65,536 bytes, hide no good packet")
    func densestHeaders() {
        // The announced length ends at byte 12, and the next header may begin there.
        let dense = hex("4f445053 01 00 2000 00000100")
        let stream = (0..<12_000).flatMap { _ in dense } + ODPWire.iq(0, at: 0).bytes
        let decoded = Decoded(stream, transfers: [512])
        #expect(decoded.sink.frames.count == 1)
        #expect(decoded.counters.bad > 6000)
        #expect(Decoded(stream, transfers: [100_000]) == decoded)
    }

    @Test("a packet inside a damaged one is found, however they overlap", arguments: UInt64(0)..<30)
    func nested(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var inner: [UInt8] = []
        for number in 0..<20 {
            let pulses = Int.random(in: 1...300, using: &generator)
            inner += ODPWire.iq(UInt32(number), at: UInt64(number) * 1000, pulses: pulses).bytes
            inner += [UInt8](repeating: 0x4F, count: Int.random(in: 0...50, using: &generator))
        }
        var stream: [UInt8] = []
        // Six broken headers before it, each of which announces as much as reaches into the inner packets.
        for depth in 0..<6 {
            let length = Int.random(in: 0...(inner.count - 300), using: &generator)
            stream += ODPWire(sequence: UInt32(depth), payload: [UInt8](repeating: 0, count: length)).bytes.prefix(32)
        }
        stream += inner
        let decoded = Decoded(stream)
        #expect(decoded.sink.frames.map(\.sequence) == Array(0..<20))
        #expect(Decoded(stream, transfers: [777]) == decoded)
    }
}
