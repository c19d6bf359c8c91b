import LiveStreams
import ProbeLink
import Testing

@Suite("A stream that is slower than its source")
struct SlowStreamTests {
    /// Frames of 1000 pulses of one gate, 12 MB in all: three times what the ring holds.
    private static let frames = 3000
    private static let items = (0..<frames).map { ScriptedSource.Item.iq(at: UInt64($0 * 1000), pulses: 1000) }

    @Test("loses no pulse of the acquisition; what it misses itself is counted and told")
    func live() throws {
        let trial = StreamTrial(delaySeconds: 1)
        // The first frame is on its way to the outlet, which sleeps, while the rest rushes past.
        let source = ScriptedSource(settings: .of(prfHz: 100_000), items: Self.items)
        let kept = try trial.run(source)
        #expect(kept.count == Self.frames, "the real sink got every frame")
        let counters = trial.feed.counters
        #expect(counters.missedHere > 0)
        #expect(counters.pulses + counters.missedHere == UInt64(Self.frames * 1000))
        let told = trial.markers.filter { $0.text.hasPrefix("loss stream") }
        let toldPulses = told.compactMap { UInt64($0.text.split(separator: " ")[2]) }.reduce(0, +)
        #expect(toldPulses == counters.missedHere)
        let streamed = trial.blocks.map { UInt64($0.pulses) }.reduce(0, +)
        #expect(streamed == counters.pulses)
    }

    @Test("is waited for by a source that can wait: nothing is missed")
    func file() throws {
        let trial = StreamTrial(pace: .timesRealTime(10_000), delaySeconds: 0.3)
        let source = ScriptedSource(settings: .of(prfHz: 100_000), items: Self.items, waits: true)
        try trial.run(source)
        #expect(trial.feed.counters.pulses == UInt64(Self.frames * 1000))
        #expect(trial.feed.counters.missedHere == 0)
    }

    @Test("goes at the pace that was asked for where the source can wait")
    func pace() throws {
        let trial = StreamTrial(pace: .timesRealTime(2))
        let began = ContinuousClock.now
        // One second of signal at twice real time.
        let items = (0..<50).map { ScriptedSource.Item.iq(at: UInt64($0 * 20), pulses: 20) }
        try trial.run(ScriptedSource(settings: .of(prfHz: 1000), items: items, waits: true))
        let seconds = ContinuousClock.now - began
        #expect(seconds > .milliseconds(450), "a second of signal took \(seconds)")
        #expect(trial.feed.counters.pulses == 1000)
    }
}
