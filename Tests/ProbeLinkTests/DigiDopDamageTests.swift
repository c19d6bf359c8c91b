import ProbeLink
import TestSupport
import Testing

@Suite struct DigiDopDamageTests {
    static let count = 60

    /// The pulses that were not delivered, by what was.
    static func missing(_ decoded: DigiDopWire.Decoded) -> [Int] {
        let delivered = decoded.pulses
        return (0..<count).filter { delivered[UInt64($0)] == nil }
    }

    @Test("a flipped bit in any byte loses one pulse if it is a sync byte, and none if it is not", arguments: 0..<8)
    func flipped(bit: UInt8) {
        let pulses = DigiDopWire.numbered(Self.count)
        let bytes = DigiDopWire.stream(pulses)
        // The first and the last three frames are too few to know the others by.
        // Every bit of every sync byte, and one bit of every other byte.
        let places = (3 * 17)..<(bytes.count - 3 * 17)
        for place in places where place.isMultiple(of: 17) || place % 8 == Int(bit) {
            var damaged = bytes
            damaged[place] ^= 1 << bit
            let decoded = DigiDopWire.decode([.bytes(damaged)])
            #expect(decoded.sink.endPulse == UInt64(Self.count), "byte \(place)")
            if place.isMultiple(of: 17) {
                #expect(Self.missing(decoded) == [place / 17], "byte \(place)")
                #expect(decoded.counters.bad == 1)
                #expect(decoded.counters.missingPulses == 1)
            } else {
                #expect(decoded.counters.bad == 0)
                #expect(decoded.counters.pulses == UInt64(Self.count))
            }
        }
    }

    @Test("fewer than 17 lost bytes lose the pulses that they touch, at any place", arguments: 1..<17)
    func lostBytes(lost: Int) {
        let pulses = DigiDopWire.numbered(Self.count)
        let bytes = DigiDopWire.stream(pulses)
        for place in (3 * 17)..<(9 * 17) {
            var damaged = bytes
            damaged.removeSubrange(place..<(place + lost))
            let decoded = DigiDopWire.decode([.bytes(damaged)])
            // The frame before a lost sync byte cannot be told from one that has lost bytes itself.
            let first = place.isMultiple(of: 17) ? place / 17 - 1 : place / 17
            let expected = Array(first...((place + lost - 1) / 17))
            #expect(Self.missing(decoded) == expected, "\(lost) at \(place)")
            #expect(decoded.sink.endPulse == UInt64(Self.count), "\(lost) at \(place)")
            #expect(decoded.counters.bad == 1)
            for index in (expected.last ?? 0) + 1..<Self.count where decoded.pulses[UInt64(index)] != pulses[index] {
                Issue.record("pulse \(index) after \(lost) at \(place)")
            }
        }
    }

    @Test("two damages far enough apart are both found, those nearer are one longer loss", arguments: 1..<30)
    func twoDamages(apart: Int) {
        var bytes = DigiDopWire.stream(DigiDopWire.numbered(Self.count))
        bytes[17 * 10] = 0
        bytes[17 * (10 + apart)] = 0
        let decoded = DigiDopWire.decode([.bytes(bytes)])
        #expect(decoded.sink.endPulse == UInt64(Self.count))
        let missing = Self.missing(decoded)
        if apart > 9 {
            #expect(missing == [10, 10 + apart])
        } else {
            #expect(missing == Array(9...(10 + apart)))
        }
    }

    @Test("any cutting into transfers gives the same, whatever the damage", arguments: UInt64(0)..<60)
    func chunking(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let parts = Self.hostileParts(seed: seed)
        let order: DigiDopByteOrder = [.big, .little, .automatic][Int(seed % 3)]
        let whole = DigiDopWire.decode(parts, byteOrder: order)
        #expect(whole.sink.endPulse != nil)
        for transfer in [1, 16, 17, 18, Int.random(in: 2...300, using: &generator)] {
            #expect(DigiDopWire.decode(parts, byteOrder: order, transfer: transfer) == whole, "by \(transfer)")
        }
    }

    @Test("random bytes full of sync bytes neither trap nor hang", arguments: UInt64(0)..<20)
    func garbage(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let bytes = (0..<6000).map { _ in
            Int.random(in: 0..<3, using: &generator) > 0 ? 0xAA : UInt8.random(in: 0...255, using: &generator)
        }
        let decoded = DigiDopWire.decode([.bytes(bytes)], byteOrder: seed % 2 == 0 ? .automatic : .big)
        #expect(decoded.sink.endPulse != nil)
    }

    /// Good stretches with every kind of damage and missed packets between them.
    static func hostileParts(seed: UInt64) -> [DigiDopWire.Part] {
        var generator = SeededGenerator(seed: seed)
        var parts: [DigiDopWire.Part] = []
        for _ in 0..<12 {
            let count = Int.random(in: 1...90, using: &generator)
            var bytes = DigiDopWire.stream(
                DigiDopWire.doppler(count, seed: generator.next()), big: seed.isMultiple(of: 2))
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            case 1: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...40, using: &generator)))
            case 2: bytes.insert(contentsOf: [0xAA, 1, 2], at: place)
            case 3: parts.append(.missed(packets: Int.random(in: 1...5, using: &generator), nanoseconds: 1_000_000))
            case 4: bytes = Array(bytes[..<place]) + [UInt8](repeating: 0xAA, count: 50) + Array(bytes[place...])
            default: break
            }
            parts.append(.bytes(bytes))
        }
        return parts
    }
}
