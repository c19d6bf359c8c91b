import ProbeLink
import TestSupport
import Testing

@Suite struct DigiDopByteOrderTests {
    @Test(
        "the order is found from a Doppler signal before the first frame", arguments: [false, true], [UInt64(1), 2, 3])
    func found(big: Bool, seed: UInt64) {
        let pulses = DigiDopWire.doppler(300, seed: seed)
        let decoded = DigiDopWire.decode([.bytes(DigiDopWire.stream(pulses, big: big))], byteOrder: .automatic)
        #expect(decoded.byteOrder == (big ? .big : .little))
        #expect((0..<300).map { decoded.pulses[$0] } == pulses)
        #expect(decoded.counters.bad == 0 && decoded.counters.missingPulses == 0)
    }

    @Test("noise of a few steps is enough", arguments: [false, true])
    func faintNoise(big: Bool) {
        var generator = SeededGenerator(seed: 4)
        let pulses = (0..<100).map { _ in (0..<4).map { _ in Int32.random(in: -3...3, using: &generator) } }
        let decoded = DigiDopWire.decode([.bytes(DigiDopWire.stream(pulses, big: big))], byteOrder: .automatic)
        #expect(decoded.byteOrder == (big ? .big : .little))
    }

    @Test("a gap while the order is open stays at its place")
    func gapWhileOpen() {
        let pulses = DigiDopWire.doppler(200, seed: 5)
        let decoded = DigiDopWire.decode(
            [
                .bytes(DigiDopWire.stream(Array(pulses[..<30]))), .missed(packets: 2, nanoseconds: 1_000_000),
                .bytes(DigiDopWire.stream(Array(pulses[40...]))),
            ], byteOrder: .automatic)
        #expect(decoded.byteOrder == .big)
        #expect(
            decoded.sink.losses == [StreamLoss(kind: .iq, place: .link, firstPulse: 30, pulses: 10, packets: 2)])
        #expect(decoded.pulses[40] == pulses[40])
        #expect(decoded.sink.endPulse == 200)
    }

    @Test("silence leaves the order open and passes, and the order is found when the signal begins")
    func silenceFirst() {
        let silence = [DigiDopWire.Pulse](repeating: [0, 0, 0, 0], count: 5000)
        let pulses = DigiDopWire.doppler(200, seed: 6)
        let quiet = DigiDopWire.decode([.bytes(DigiDopWire.stream(silence))], byteOrder: .automatic)
        #expect(quiet.byteOrder == nil)
        #expect(quiet.counters.pulses == 5000 && quiet.counters.missingPulses == 0)
        let decoded = DigiDopWire.decode([.bytes(DigiDopWire.stream(silence + pulses))], byteOrder: .automatic)
        #expect(decoded.byteOrder == .big)
        #expect(decoded.pulses[5199] == pulses[199])
        #expect(decoded.counters.pulses == 5200)
    }

    @Test("what never shows its order is marked as lost and never guessed, in bounded memory")
    func undecidable() {
        // A value that stands still, the low bytes never used, and noise over the whole range.
        var generator = SeededGenerator(seed: 7)
        let still = [DigiDopWire.Pulse](repeating: [5, 6, 7, 8], count: 9000)
        let coarse = DigiDopWire.doppler(9000, seed: 7, amplitude: 4000).map { $0.map { $0 << 16 } }
        let noise = (0..<9000).map { _ in
            (0..<4).map { _ in Int32.random(in: Int32.min...Int32.max, using: &generator) }
        }
        for pulses in [still, coarse, noise] {
            let decoded = DigiDopWire.decode([.bytes(DigiDopWire.stream(pulses))], byteOrder: .automatic)
            #expect(decoded.byteOrder == nil)
            #expect(decoded.sink.endPulse == 9000)
            #expect(decoded.counters.missingPulses > 8900)
            #expect(decoded.counters.bad == 0)
        }
    }

    @Test("a given order is never questioned")
    func given() {
        let pulses = DigiDopWire.doppler(300, seed: 8)
        let decoded = DigiDopWire.decode([.bytes(DigiDopWire.stream(pulses, big: true))], byteOrder: .little)
        #expect(decoded.byteOrder == .little)
        #expect(decoded.pulses[0] == pulses[0].map(\.byteSwapped))
    }
}
