import ProbeLink
import TestSupport
import Testing

@Suite struct ClockDriftTests {
    /// How late transfers are.
    enum Jitter: CaseIterable {
        /// Never.
        case none
        /// Up to 3 ms, any delay alike.
        case uniform
        /// Up to 1 ms, and one transfer in fifty 30 ms more.
        case spikes
        /// Late by 3 ms at the very beginning and not later: two end points would be fooled.
        case lateStart
    }

    /// What is measured of a device that runs by so many parts in a million too fast.
    static func measure(
        partsPerMillion: Double, nominalHz: Double = 48_000, seconds: Double = 10, jitter: Jitter, seed: UInt64 = 1,
        transferSeconds: Double = 0.005
    ) -> Double? {
        var generator = SeededGenerator(seed: seed)
        var drift = ClockDrift(nominalHz: nominalHz)
        var samples = 0.0
        let start: UInt64 = 123_456_789_000
        for transfer in 1...Int(seconds / transferSeconds) {
            let time = Double(transfer) * transferSeconds
            var late = 0.0
            switch jitter {
            case .none: break
            case .uniform: late = Double.random(in: 0...0.003, using: &generator)
            case .spikes:
                late = Double.random(in: 0...0.001, using: &generator)
                if Int.random(in: 0..<50, using: &generator) == 0 { late += 0.03 }
            case .lateStart: late = transfer < 5 ? 0.003 : 0
            }
            // Times go up, as those of a monotonic clock do: a late transfer holds up those behind it.
            drift.transferArrives(hostNanoseconds: start + UInt64((time + late) * 1e9), samplesBefore: samples)
            samples = (time * nominalHz * (1 + partsPerMillion / 1e6)).rounded(.down)
        }
        return drift.partsPerMillion
    }

    @Test("without jitter the drift is found to one part in a million", arguments: [-300.0, -50, 0, 20, 1000])
    func exact(partsPerMillion: Double) throws {
        let measured = try #require(Self.measure(partsPerMillion: partsPerMillion, jitter: .none))
        #expect(abs(measured - partsPerMillion) < 1)
    }

    @Test("jitter of milliseconds does not matter over 10 s", arguments: UInt64(0)..<20, Jitter.allCases)
    func jitter(seed: UInt64, jitter: Jitter) throws {
        let measured = try #require(Self.measure(partsPerMillion: 80, jitter: jitter, seed: seed))
        #expect(abs(measured - 80) < 10, "\(measured)")
    }

    @Test("a device that sends at its own rate of pulses is measured alike", arguments: [2000.0, 5000, 44_100])
    func rates(nominalHz: Double) throws {
        let measured = try #require(
            Self.measure(partsPerMillion: -40, nominalHz: nominalHz, seconds: 20, jitter: .uniform))
        #expect(abs(measured + 40) < 10)
    }

    @Test("below the least time nothing is told, and soon after it is")
    func leastTime() {
        #expect(Self.measure(partsPerMillion: 80, seconds: ClockDrift.leastSeconds - 0.1, jitter: .none) == nil)
        #expect(Self.measure(partsPerMillion: 80, seconds: ClockDrift.leastSeconds + 0.5, jitter: .none) != nil)
    }

    @Test("hours are measured as well as seconds, and better")
    func hours() throws {
        let measured = try #require(
            Self.measure(partsPerMillion: 3, seconds: 10_000, jitter: .uniform, transferSeconds: 0.5))
        #expect(abs(measured - 3) < 0.1)
    }

    @Test(
        "a device that sends nothing, no rate and no transfers are not measured", arguments: [0.0, -1, .nan, .infinity])
    func nothing(nominalHz: Double) {
        #expect(Self.measure(partsPerMillion: 0, nominalHz: nominalHz, jitter: .none) == nil)
        #expect(ClockDrift(nominalHz: 5000).partsPerMillion == nil)
        var silent = ClockDrift(nominalHz: 5000)
        for second in UInt64(0)..<20 {
            silent.transferArrives(hostNanoseconds: second * 1_000_000_000, samplesBefore: 0)
        }
        #expect(silent.partsPerMillion == nil)
    }

    @Test("a clock that jumps anywhere neither traps nor hangs", arguments: UInt64(0)..<20)
    func hostile(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var drift = ClockDrift(nominalHz: 5000)
        for _ in 0..<200 {
            let time =
                UInt64.random(in: 0...UInt64.max, using: &generator) >> UInt64.random(in: 0...60, using: &generator)
            drift.transferArrives(
                hostNanoseconds: time, samplesBefore: Double.random(in: 0...1e18, using: &generator))
        }
        if let measured = drift.partsPerMillion { #expect(measured.isFinite) }
    }
}
