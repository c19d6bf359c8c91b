import ProbeLink
import TestSupport
import Testing

/// What damage does to a stream of 100 packets: what was removed is lost, exactly, and nothing else.
@Suite struct ODPDamageTests {
    static let packets = ODPWire.iqStream(packets: 100)
    static let bytes = packets.flatMap(\.bytes)
    /// For each byte of the stream, the packet that it belongs to.
    static let owners = packets.enumerated().flatMap { [Int](repeating: $0.offset, count: $0.element.bytes.count) }

    /// Expects that just the given packets are missing, each a mark of its own unless neighbours are missing too.
    static func expect(_ decoded: Decoded, without missing: Set<Int>, _ comment: Comment) {
        let kept = packets.indices.filter { !missing.contains($0) }
        // What is missing after the last good packet shows only in STATUS.
        let visible = missing.filter { $0 < kept.last ?? -1 }
        #expect(decoded.sink.frames.map { Int($0.sequence) } == kept, comment)
        #expect(decoded.counters.lostPackets == UInt64(visible.count), comment)
        let pulses = visible.reduce(UInt64(0)) { $0 + UInt64(packets[$1].records) }
        #expect(decoded.counters.missingPulses == pulses, comment)
        #expect(decoded.sink.losses.reduce(0) { $0 + $1.pulses } == pulses, comment)
        #expect(decoded.sink.losses.allSatisfy { $0.place == .link }, comment)
    }

    @Test("one changed byte costs just the packet that it lies in", arguments: 0..<10)
    func flippedByte(part: Int) {
        var generator = SeededGenerator(seed: UInt64(part))
        for place in stride(from: part, to: Self.bytes.count, by: 10) {
            var damaged = Self.bytes
            damaged[place] ^= UInt8.random(in: 1...255, using: &generator)
            Self.expect(Decoded(damaged), without: [Self.owners[place]], "byte \(place), part \(part)")
        }
    }

    @Test("a stream cut at any length gives the packets before the cut", arguments: 0..<5)
    func cut(part: Int) {
        for length in stride(from: part, to: Self.bytes.count, by: 5) {
            let decoded = Decoded(Array(Self.bytes[..<length]))
            let whole = Self.owners[length]
            let isAtBoundary = length == 0 || Self.owners[length - 1] != whole
            #expect(decoded.sink.frames.count == whole, "cut at \(length)")
            #expect(decoded.counters.cutOff == (isAtBoundary ? 0 : 1), "cut at \(length)")
            #expect(decoded.counters.lostPackets == 0 && decoded.counters.bad == 0, "cut at \(length)")
        }
    }

    @Test("a stream whose beginning is missing up to any byte marks what is missing from pulse 0", arguments: 0..<5)
    func beginning(part: Int) {
        for start in stride(from: part, to: Self.bytes.count, by: 5) {
            let first = start == 0 ? 0 : Self.owners[start - 1] + 1
            Self.expect(
                Decoded(Array(Self.bytes[start...])), without: Set(0..<first), "begins at byte \(start)")
        }
    }

    @Test("each packet twice gives each frame once")
    func doubled() {
        let decoded = Decoded(Self.packets.flatMap { [$0, $0] })
        Self.expect(decoded, without: [], "doubled")
        #expect(decoded.counters.repeated == 100)
    }

    @Test("two packets changed for each other cost the earlier one", arguments: 0..<99)
    func swapped(place: Int) {
        var packets = Self.packets
        packets.swapAt(place, place + 1)
        let decoded = Decoded(packets)
        Self.expect(decoded, without: [place], "swapped at \(place)")
        #expect(decoded.counters.repeated == 1)
    }

    @Test("packets that are dropped at random are lost, exactly", arguments: UInt64(0)..<50)
    func dropped(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let missing = Set(Self.packets.indices.filter { _ in Int.random(in: 0..<4, using: &generator) == 0 })
        let kept = Self.packets.enumerated().filter { !missing.contains($0.offset) }.map(\.element)
        Self.expect(Decoded(kept), without: missing, "seed \(seed)")
    }

    @Test("a stretch of bytes cut out of the middle costs the packets that it touches", arguments: UInt64(0)..<100)
    func hole(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        // Behind the sequence number, so that what is left of two packets cannot make up a whole one.
        let packet = Int.random(in: 0..<100, using: &generator)
        let begin = Self.packets[..<packet].reduce(0) { $0 + $1.bytes.count }
        let start = begin + Int.random(in: 13..<36, using: &generator)
        var end = min(Self.bytes.count, start + Int.random(in: 1...200, using: &generator))
        while end < Self.bytes.count, Self.bytes[start] == Self.bytes[end] { end += 1 }
        let decoded = Decoded(Array(Self.bytes[..<start] + Self.bytes[end...]))
        Self.expect(decoded, without: Set(Self.owners[start..<end]), "seed \(seed)")
    }

    @Test("garbage between packets costs nothing but the count of bad places", arguments: UInt64(0)..<50)
    func garbageBetween(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var stream: [UInt8] = []
        for packet in Self.packets {
            let length = Int.random(in: 0...40, using: &generator)
            let letters = Array("ODPS".utf8) + [0, 32, 255]
            stream += (0..<length).map { _ in letters[Int.random(in: 0..<letters.count, using: &generator)] }
            stream += packet.bytes
        }
        Self.expect(Decoded(stream), without: [], "seed \(seed)")
    }
}
