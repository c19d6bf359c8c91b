import DopplerDSP
import Glibc
import Testing

@Suite("Taps")
struct TapTests {
    /// Flow away in noise, with a burst of noise in both directions.
    func recording(seed: Int, burst: Range<Int>?, burstPower: Double = 1e6) throws -> Spectrogram {
        var signals = TestSignals(seed: seed)
        let shiftsHz = signals.normalShifts(meanHz: -700, deviationHz: 120, count: 20)
        var samples =
            signals.flow(6000, shiftsHz: shiftsHz, prfHz: 5000, power: 4e4) + signals.noise(6000, power: 900)
        if let burst {
            let tap = signals.noise(burst.count, power: burstPower)
            for (index, sample) in zip(burst, tap) { samples[index] += sample }
        }
        return try spectrogram(samples, settings())
    }

    @Test("flags a short broadband burst in both directions", arguments: [30, 100, 300, 450])
    func burst(pulses: Int) throws {
        let burst = 3000..<3000 + pulses
        let found = try recording(seed: pulses, burst: burst)
        for column in found.columns {
            let window = Int(column.firstPulse)..<Int(column.firstPulse) + 128
            let overlap = window.clamped(to: burst).count
            if overlap == 0 { #expect(!column.flags.contains(.tap)) }
            // Near its edges the window hides a part of the burst.
            if overlap >= min(pulses, 64) && window.lowerBound > burst.lowerBound - 96
                && window.upperBound < burst.upperBound + 96
            {
                #expect(column.flags.contains(.tap))
            }
        }
        #expect(found.columns.contains { $0.flags.contains(.tap) })
    }

    @Test("does not flag a burst that lasts 300 ms")
    func longBurst() throws {
        let found = try recording(seed: 1, burst: 3000..<4500)
        #expect(found.columns.allSatisfy { !$0.flags.contains(.tap) })
    }

    @Test("does not flag flow without bursts", arguments: 0..<5)
    func noBurst(seed: Int) throws {
        let found = try recording(seed: seed, burst: nil)
        #expect(found.share(of: .tap) == 0)
    }

    @Test("does not flag a short pulse of flow in one direction")
    func oneDirection() throws {
        var signals = TestSignals(seed: 2)
        var samples = signals.noise(6000, power: 900)
        let shiftsHz = signals.evenShifts(from: 200, to: 2000)
        let pulse = signals.flow(300, shiftsHz: shiftsHz, prfHz: 5000, power: 1e6)
        for (index, sample) in pulse.enumerated() {
            samples[3000 + index] += sample * sin(.pi * Double(index) / 300)
        }
        let found = try spectrogram(samples, settings())
        #expect(found.columns.allSatisfy { !$0.flags.contains(.tap) })
        #expect(found.columns.contains { !$0.flags.contains(.noFlowDetected) })
    }

    @Test("leaves the noise estimate as it was")
    func noiseUnmoved() throws {
        let quiet = try recording(seed: 3, burst: nil)
        let tapped = try recording(seed: 3, burst: 3000..<3400)
        for (a, b) in zip(quiet.columns, tapped.columns) { #expect(abs(a.noiseDb - b.noiseDb) < 1) }
    }
}
