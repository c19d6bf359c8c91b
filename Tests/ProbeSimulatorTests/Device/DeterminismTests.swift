import ProbeSimulator
import TestSupport
import Testing

@Suite("The same settings, source and requests give the same bytes")
struct DeterminismTests {
    /// One scenario: what is asked for and when, all drawn from the seed.
    private func stream(seed: UInt64, steps: UInt64?) -> ([UInt8], [[UInt8]], ProbeRig.Status) {
        var plan = SeededGenerator(seed: seed)
        let prf = UInt32.random(in: 100_000...9_000_000, using: &plan)
        let gates = UInt16.random(in: 1...5, using: &plan)
        var rig = ProbeRig.running(
            ToneSource(frequencyHz: 321, seed: seed), armed: true, prfMilliHz: prf, gates: gates, mask: 9)
        var bytes: [UInt8] = []
        var stepping = SeededGenerator(seed: steps ?? 0)
        for turn in 0..<6 {
            var left = UInt64.random(in: 1...60_000_000, using: &plan)
            if steps != nil {
                while left > 0 {
                    let step = min(left, UInt64.random(in: 1...9_000_000, using: &stepping))
                    rig.probe.advance(byNanoseconds: step)
                    left -= step
                    bytes += rig.drain(atMost: 512 * Int.random(in: 1...20, using: &stepping))
                }
            } else {
                rig.probe.advance(byNanoseconds: left)
            }
            switch turn {
            case 1: _ = rig.send(0x23, value: 30)
            case 3: _ = rig.send(0x20, value: 1)
            default: break
            }
        }
        _ = rig.send(0x21, value: 0)
        bytes += rig.drain()
        var status = rig.status()
        status.highWater = 0
        return (bytes, rig.events(), status)
    }

    @Test("whatever the steps in which the probe's time is moved", arguments: 0..<30)
    func steps(seed: UInt64) {
        let whole = stream(seed: seed, steps: nil)
        let cut = stream(seed: seed, steps: seed &+ 1)
        #expect(whole.0.count > 500)
        #expect(whole.0 == cut.0)
        #expect(whole.1 == cut.1)
        #expect(whole.2 == cut.2)
    }

    @Test("another seed gives other bytes")
    func otherSeed() {
        var first = ProbeRig.running(ToneSource(frequencyHz: 100, seed: 1))
        var second = ProbeRig.running(ToneSource(frequencyHz: 100, seed: 2))
        first.pass(milliseconds: 100)
        second.pass(milliseconds: 100)
        #expect(first.drain() != second.drain())
    }

    @Test("a second run gives the same bytes as the first")
    func secondRun() {
        var rig = ProbeRig.running(mask: 9)
        rig.pass(milliseconds: 100)
        let first = rig.drain()
        _ = rig.send(0x21, value: 0)
        rig.pass(milliseconds: 77.7)
        _ = rig.send(0x21, value: 1)
        rig.pass(milliseconds: 100)
        #expect(rig.drain() == first)
        #expect(!first.isEmpty)
    }

    @Test("placing the probe elsewhere counts from the next RUN 1 on")
    func placed() {
        var rig = ProbeRig.running(NumberedSource(level: 1), armed: true)
        rig.probe.place(NumberedSource(level: 2))
        rig.pass(milliseconds: 50)
        #expect(rig.packets().allSatisfy { $0.payload[2] == 1 })
        _ = rig.send(0x21, value: 0)
        _ = rig.drain()
        _ = rig.send(0x21, value: 1)
        rig.pass(milliseconds: 50)
        let packets = rig.packets()
        #expect(!packets.isEmpty)
        #expect(packets.allSatisfy { $0.payload[2] == 2 })
    }
}

@Suite("The tone")
struct ToneSourceTests {
    private func settings(gates: UInt16 = 1) -> DeviceSettings {
        DeviceSettings(
            centreFrequencyHz: 2_000_000, prfMilliHz: 1_000_000, firstGateDepthUm: 20_000, gateLengthUm: 1000,
            gates: gates)
    }

    private func samples(_ source: ToneSource, gates: UInt16 = 1, transmitting: Bool = true, count: Int) -> [Int16] {
        var source = source
        source.begin(settings(gates: gates))
        var samples: [Int16] = []
        source.appendIQ(firstPulse: 0, count: count, transmitting: transmitting, to: &samples)
        return samples
    }

    @Test("a positive frequency turns from I to Q")
    func direction() {
        let tone = samples(ToneSource(frequencyHz: 250, amplitude: 1000, noiseAmplitude: 0, seed: 0), count: 4)
        #expect(tone == [1000, 0, 0, 1000, -1000, 0, 0, -1000])
        let away = samples(ToneSource(frequencyHz: -250, amplitude: 1000, noiseAmplitude: 0, seed: 0), count: 2)
        #expect(away == [1000, 0, 0, -1000])
    }

    @Test("receive-only gives noise within its amplitude and nothing else")
    func noise() {
        let noise = samples(
            ToneSource(frequencyHz: 250, amplitude: 30_000, noiseAmplitude: 7, seed: 3), gates: 4, transmitting: false,
            count: 500)
        #expect(noise.count == 4000)
        #expect(noise.min() == -7 && noise.max() == 7)
    }

    @Test("silence is 0 in every sample, transmitting or not", arguments: [true, false])
    func silence(transmitting: Bool) {
        #expect(samples(.silence, transmitting: transmitting, count: 5) == [Int16](repeating: 0, count: 10))
    }

    @Test("too much signal is cut at full scale", arguments: [40_000, 1e30, .infinity])
    func limited(amplitude: Double) {
        let loud = samples(ToneSource(frequencyHz: 0, amplitude: amplitude, noiseAmplitude: 0, seed: 3), count: 1)
        #expect(loud[0] == (amplitude.isFinite ? 32_767 : 0))
    }

    @Test("the ECG has a beat a second, and respiration rises and falls")
    func physiology() {
        var source = ToneSource(frequencyHz: 0, seed: 0)
        #expect(source.physiology(atSeconds: 0).ecgMicroV == 1000)
        #expect(source.physiology(atSeconds: 0.5).ecgMicroV == 0)
        #expect(source.physiology(atSeconds: 1).respiration == 32_767)
        #expect(source.physiology(atSeconds: 3).respiration == -32_767)
    }
}
