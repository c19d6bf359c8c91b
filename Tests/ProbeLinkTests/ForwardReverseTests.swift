import Foundation
import ProbeLink
import TestSupport
import Testing

/// Forward and reverse channels become one complex signal.
@Suite struct ForwardReverseTests {
    static let rateHz = 48_000

    /// A tone in each channel, amplitudes 0 to 1 of 10,000.
    static func tones(
        _ count: Int, forward: (hz: Double, amplitude: Double), reverse: (hz: Double, amplitude: Double)
    ) -> [(Int, Int)] {
        (0..<count).map { index in
            func value(_ tone: (hz: Double, amplitude: Double)) -> Int {
                Int((10_000 * tone.amplitude * cos(2 * .pi * tone.hz * Double(index) / Double(rateHz))).rounded())
            }
            return (value(forward), value(reverse))
        }
    }

    static func decode(_ parts: [USBAudioWire.Part], inverts: Bool = false, gain: Double = 1) -> CollectingSink {
        USBAudioWire.decode(
            parts,
            as: USBAudioStream(
                sampleRateHz: rateHz, sampleBits: 16, channels: .forwardReverse, invertsDirection: inverts,
                rightGain: gain)
        ).sink
    }

    /// The amplitude of the complex signal at a frequency, positive or negative, away from the ends.
    static func amplitude(_ pulses: [UInt64: [Int]], hz: Double, from first: Int, count: Int) -> Double {
        var (real, imaginary) = (0.0, 0.0)
        for index in first..<(first + count) {
            guard let pulse = pulses[UInt64(index)] else { return .nan }
            let angle = -2 * Double.pi * hz * Double(index) / Double(rateHz)
            real += Double(pulse[0]) * cos(angle) - Double(pulse[1]) * sin(angle)
            imaginary += Double(pulse[0]) * sin(angle) + Double(pulse[1]) * cos(angle)
        }
        return (real * real + imaginary * imaginary).squareRoot() / Double(count) / 10_000
    }

    @Test("forward flow lies above 0 Hz alone", arguments: [100.0, 500, 2000, 12_000, 23_900])
    func forward(hz: Double) {
        // 2400 samples hold a whole number of periods of each of these tones.
        let samples = Self.tones(4000, forward: (hz, 1), reverse: (0, 0))
        let pulses = USBAudioWire.pulses(Self.decode([.packet(USBAudioWire.bytes(samples))]))
        #expect(abs(Self.amplitude(pulses, hz: hz, from: 800, count: 2400) - 1) < 0.01)
        #expect(Self.amplitude(pulses, hz: -hz, from: 800, count: 2400) < 0.007)
    }

    @Test(
        "both directions at once stay apart, and an inverted direction changes their places", arguments: [false, true])
    func both(inverts: Bool) {
        let samples = Self.tones(4000, forward: (600, 0.5), reverse: (1500, 0.25))
        let pulses = USBAudioWire.pulses(Self.decode([.packet(USBAudioWire.bytes(samples))], inverts: inverts))
        let sign = inverts ? -1.0 : 1
        #expect(abs(Self.amplitude(pulses, hz: 600 * sign, from: 800, count: 2400) - 0.5) < 0.01)
        #expect(abs(Self.amplitude(pulses, hz: -1500 * sign, from: 800, count: 2400) - 0.25) < 0.01)
        #expect(Self.amplitude(pulses, hz: -600 * sign, from: 800, count: 2400) < 0.004)
        #expect(Self.amplitude(pulses, hz: 1500 * sign, from: 800, count: 2400) < 0.002)
    }

    @Test("the gain of the right channel acts on reverse flow")
    func gain() {
        let samples = Self.tones(4000, forward: (600, 0.25), reverse: (1500, 0.25))
        let pulses = USBAudioWire.pulses(Self.decode([.packet(USBAudioWire.bytes(samples))], gain: 2))
        #expect(abs(Self.amplitude(pulses, hz: 600, from: 800, count: 2400) - 0.25) < 0.01)
        #expect(abs(Self.amplitude(pulses, hz: -1500, from: 800, count: 2400) - 0.5) < 0.01)
    }

    @Test(
        "the filter's delay is taken out: I is the sum of the channels at the same sample",
        arguments: [1, 5, 600, 9000])
    func delay(count: Int) {
        var generator = SeededGenerator(seed: 3)
        let samples = (0..<count).map { _ in
            (Int.random(in: -9000...9000, using: &generator), Int.random(in: -9000...9000, using: &generator))
        }
        let sink = Self.decode([.packet(USBAudioWire.bytes(samples))])
        #expect(sink.endPulse == UInt64(count))
        let pulses = USBAudioWire.pulses(sink)
        for (index, sample) in samples.enumerated() where pulses[UInt64(index)]?[0] != sample.0 + sample.1 {
            Issue.record("pulse \(index)")
        }
    }

    @Test("an impulse gives the transform's taps: odd, 2 / (pi n) in the middle, 0 at even distances")
    func impulse() {
        var samples = [(Int, Int)](repeating: (0, 0), count: 2100)
        samples[1050].0 = 30_000
        let pulses = USBAudioWire.pulses(Self.decode([.packet(USBAudioWire.bytes(samples))]))
        #expect(pulses[1050] == [30_000, 0])
        #expect(pulses[1051]?[1] == 19_098)
        #expect(pulses[1049]?[1] == -19_098)
        #expect(pulses[1052]?[1] == 0)
        for distance in 1...1000 {
            #expect(pulses[UInt64(1050 + distance)]?[1] == -(pulses[UInt64(1050 - distance)]?[1] ?? 1))
        }
        #expect(pulses[1050 + 512]?[1] == 0 && pulses[1050 + 513]?[1] == 0)
    }

    @Test("packets of any whole number of samples give the same", arguments: UInt64(0)..<6)
    func chunking(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let samples = (0..<2500).map { _ in
            (Int.random(in: -40_000...40_000, using: &generator) / 2, Int.random(in: -900...900, using: &generator))
        }
        let whole = Self.decode([.packet(USBAudioWire.bytes(samples))])
        var parts: [USBAudioWire.Part] = []
        var offset = 0
        while offset < samples.count {
            let end = min(samples.count, offset + Int.random(in: 0...120, using: &generator))
            parts.append(.packet(USBAudioWire.bytes(Array(samples[offset..<end]))))
            offset = end
        }
        #expect(Self.decode(parts).items == whole.items)
    }

    @Test("missed packets lie between whole stretches, each with all its samples")
    func missed() {
        let samples = Self.tones(1000, forward: (600, 0.5), reverse: (0, 0))
        let sink = Self.decode([
            .packet(USBAudioWire.bytes(samples)), .missed(packets: 2, nanoseconds: 1_000_000),
            .packet(USBAudioWire.bytes(samples)),
        ])
        #expect(
            sink.losses == [StreamLoss(kind: .iq, place: .link, firstPulse: 1000, pulses: 96, packets: 2)])
        #expect(sink.endPulse == 2096)
        let pulses = USBAudioWire.pulses(sink)
        for index in 0..<1000 where pulses[UInt64(index)] != pulses[UInt64(1096 + index)] {
            Issue.record("pulse \(index)")
        }
    }

    @Test("a sample at full scale marks every frame that the filter makes of it")
    func clipped() {
        var samples = [(Int, Int)](repeating: (0, 0), count: 3000)
        samples[1500].1 = -32_768
        let frames = Self.decode([.packet(USBAudioWire.bytes(samples))]).frames
        let clipped = frames.filter { $0.flags.contains(.clipped) }.map(\.pulseIndex)
        #expect(clipped == Array(stride(from: 900, through: 2000, by: 100)))
    }
}
