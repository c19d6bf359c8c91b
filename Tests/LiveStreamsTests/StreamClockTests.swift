import LiveStreams
import Testing

@Suite("The clock of a stream")
struct StreamClockTests {
    /// A frame's arrival: so many milliseconds later than its last pulse was sent.
    private static func arrival(_ pulse: UInt64, prfHz: Double, ppm: Double, lateMs: Double) -> UInt64 {
        UInt64((100 + Double(pulse) / prfHz / (1 + ppm * 1e-6)) * 1e9 + lateMs * 1e6)
    }

    @Test("puts pulse 0 where the first frame says, and every other by its index alone")
    func byIndex() {
        // The frame of pulses 0 to 99 at 1000 Hz arrives at 5 s: pulse 0 was sent at 4.9 s.
        let clock = StreamClock(prfHz: 1000, endPulse: 100, arrivalNanoseconds: 5_000_000_000, follows: true)
        #expect(abs(clock.line.seconds(atPulse: 0) - 4.9) < 1e-12)
        #expect(abs(clock.line.seconds(atPulse: 1234) - 6.134) < 1e-12)
        #expect(abs(clock.line.pulse(atSeconds: 6.134) - 1234) < 1e-6)
    }

    @Test("is not moved by frames that arrive late")
    func lateFrames() {
        var clock = StreamClock(prfHz: 1000, endPulse: 10, arrivalNanoseconds: 100_010_000_000, follows: true)
        let line = clock.line
        for frame in 1...60_000 {
            let pulse = UInt64(frame * 10)
            let late = frame % 7 == 0 ? 80.0 : 1
            clock.observe(
                endPulse: pulse, arrivalNanoseconds: Self.arrival(pulse, prfHz: 1000, ppm: 0, lateMs: late))
        }
        #expect(clock.line == line, "ten minutes without a drift")
    }

    @Test("follows the probe's drift within a millisecond, without a step", arguments: [-150.0, 0, 40, 300])
    func drift(ppm: Double) {
        let prfHz = 500.0
        var clock = StreamClock(
            prfHz: prfHz, endPulse: 10, arrivalNanoseconds: Self.arrival(10, prfHz: prfHz, ppm: ppm, lateMs: 0),
            follows: true)
        var worstMs = 0.0
        var widestStepMs = 0.0
        for frame in 2...60_000 {
            let pulse = UInt64(frame * 30)
            let before = clock.line.seconds(atPulse: Double(pulse))
            let late = Double(frame * 7919 % 13) * 0.3
            clock.observe(
                endPulse: pulse, arrivalNanoseconds: Self.arrival(pulse, prfHz: prfHz, ppm: ppm, lateMs: late))
            let stamp = clock.line.seconds(atPulse: Double(pulse))
            widestStepMs = max(widestStepMs, abs(stamp - before) * 1000)
            // Half a minute measures, and two looks bring the line to where it belongs.
            guard Double(pulse) / prfHz > 60 else { continue }
            let truth = 100 + Double(pulse) / prfHz / (1 + ppm * 1e-6)
            worstMs = max(worstMs, abs(stamp - truth) * 1000)
        }
        #expect(worstMs < 1, "an hour at \(ppm) ppm: \(worstMs) ms")
        #expect(widestStepMs < 0.001)
    }

    @Test("takes no delay for a drift: what measures beyond all crystals is not followed")
    func notAClock() {
        var clock = StreamClock(prfHz: 100, endPulse: 1, arrivalNanoseconds: 100_010_000_000, follows: true)
        let line = clock.line
        for pulse in 2...20_000 as ClosedRange<UInt64> {
            clock.observe(
                endPulse: pulse, arrivalNanoseconds: Self.arrival(pulse, prfHz: 100, ppm: -2000, lateMs: 0))
        }
        #expect(clock.line == line)
    }

    @Test("never follows anything where the source has no clock of its own")
    func paced() {
        var clock = StreamClock(prfHz: 100, endPulse: 1, arrivalNanoseconds: 100_010_000_000, follows: false)
        let line = clock.line
        for pulse in 2...20_000 as ClosedRange<UInt64> {
            clock.observe(endPulse: pulse, arrivalNanoseconds: Self.arrival(pulse, prfHz: 100, ppm: 100, lateMs: 0))
        }
        #expect(clock.line == line && clock.driftPpm == nil)
    }
}
