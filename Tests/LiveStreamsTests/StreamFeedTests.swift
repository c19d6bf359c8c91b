import DopplerDSP
import LiveStreams
import ProbeLink
import Testing

@Suite("A stream")
struct StreamFeedTests {
    @Test("lets everything pass to the real sink, bit for bit")
    func passesOn() throws {
        let items: [ScriptedSource.Item] = [
            .iq(at: 0, pulses: 10), .loss(StreamLoss(kind: .iq, place: .link, firstPulse: 10, pulses: 5, packets: 1)),
            .event(ProbeEvent(code: 1, value: 2, counter: 0, pulseIndex: 12)), .iq(at: 15, pulses: 10),
        ]
        let trial = StreamTrial()
        #expect(try trial.run(ScriptedSource(settings: .of(prfHz: 1000), items: items)) == items)
    }

    @Test("keeps the probe's indices: a gap is told with its count, its index and its place, and never closed up")
    func gaps() throws {
        let trial = StreamTrial()
        try trial.run(
            ScriptedSource(
                settings: .of(prfHz: 1000),
                items: [
                    .iq(at: 0, pulses: 10),
                    .loss(StreamLoss(kind: .iq, place: .link, firstPulse: 10, pulses: 5, packets: 1)),
                    .iq(at: 15, pulses: 10),
                    .loss(StreamLoss(kind: .iq, place: .probe, firstPulse: 25, pulses: 7, packets: 2)),
                    .iq(at: 32, pulses: 1), .iq(at: 40, pulses: 2),
                ]))
        #expect(trial.blocks.map(\.firstPulse) == [0, 15, 32, 40])
        #expect(trial.blocks.map(\.pulses) == [10, 10, 1, 2])
        let line = try #require(trial.line)
        let gap = try #require(trial.markers.first { $0.text.hasPrefix("loss") })
        #expect(gap.text == "loss link 5 pulses from 10")
        #expect(abs(gap.seconds - line.seconds - 0.010) < 1e-9, "the gap's own time, not that of its discovery")
        #expect(
            trial.markers.map(\.text).filter { $0.hasPrefix("loss") } == [
                "loss link 5 pulses from 10", "loss probe 7 pulses from 25", "loss stream 7 pulses from 33",
            ])
        let counters = trial.feed.counters
        #expect(counters.pulses == 23 && counters.lostOnLink == 5 && counters.lostInProbe == 7)
        #expect(counters.missedHere == 7, "what nobody marked was missed by the stream")
        #expect(counters.newestPulse == 42)
    }

    @Test("tells the beginning and the end of a run with their places")
    func beginningAndEnd() throws {
        let trial = StreamTrial()
        try trial.run(ScriptedSource(settings: .of(prfHz: 1000), items: [.iq(at: 0, pulses: 10)]))
        let line = try #require(trial.line)
        #expect(
            trial.markers.map(\.text) == [
                "run 1: SIMULATED, PRF 1000.0 Hz, 1 gates, pulse 0 at \(line.seconds) s monotonic", "end of run 1",
            ])
        #expect(trial.markers.last?.pulse == 10)
    }

    @Test("puts a marker of the operator's where the clock was")
    func operatorMarker() throws {
        let trial = StreamTrial()
        trial.feed.mark("posture upright")
        try trial.run(ScriptedSource(settings: .of(prfHz: 1000), items: [.iq(at: 0, pulses: 10)]))
        let line = try #require(trial.line)
        let marker = try #require(trial.markers.first { $0.text == "posture upright" })
        let pulse = try #require(marker.pulse)
        #expect(pulse <= 10, "typed before the first frame had come")
        let there = max(0, line.pulse(atSeconds: marker.seconds))
        #expect(abs(there - Double(pulse)) <= 0.5, "the pulse that was sent when it was typed")
    }

    @Test("takes no more markers than its limit, and counts the rest")
    func markerFlood() throws {
        let trial = StreamTrial()
        for _ in 0..<1500 { trial.feed.mark("freeze") }
        try trial.run(ScriptedSource(settings: .of(prfHz: 1000), items: [.iq(at: 0, pulses: 10)]))
        #expect(trial.markers.count { $0.text == "freeze" } == 1000)
        #expect(trial.feed.counters.droppedMarkers == 500)
    }

    @Test("names a button and a foot switch")
    func events() throws {
        let trial = StreamTrial()
        try trial.run(
            ScriptedSource(
                settings: .of(prfHz: 1000),
                items: [
                    .iq(at: 0, pulses: 10), .event(ProbeEvent(code: 1, value: 3, counter: 0, pulseIndex: 4)),
                    .event(ProbeEvent(code: 2, value: 0x81, counter: 1, pulseIndex: 5)),
                ]))
        #expect(trial.markers.contains { $0.text == "button 3 pressed" && $0.pulse == 4 })
        #expect(trial.markers.contains { $0.text == "foot switch 1 released" && $0.pulse == 5 })
    }

    @Test("uses no frame that goes back or that is not what its head says, and counts it")
    func hostileFrames() throws {
        let trial = StreamTrial()
        try trial.run(
            ScriptedSource(
                settings: .of(prfHz: 1000),
                items: [
                    .iq(at: 100, pulses: 10), .iq(at: 50, pulses: 10), .iq(at: 110, pulses: 5, gates: 2),
                    .iq(at: 1 << 60, pulses: 5), .iq(at: 110, pulses: 5),
                ]))
        #expect(trial.blocks.map(\.firstPulse) == [100, 110])
        #expect(trial.blocks.map(\.pulses) == [10, 5])
        #expect(trial.feed.counters.unusableFrames == 3)
        #expect(trial.feed.counters.missedHere == 100, "a stream that begins late has missed what was before")
    }

    @Test("gives every column's stamp by its middle, and no column across a gap")
    func columns() throws {
        let trial = StreamTrial()
        let items = (0..<20).map { ScriptedSource.Item.iq(at: UInt64($0 * 10 + ($0 >= 10 ? 40 : 0)), pulses: 10) }
        try trial.run(ScriptedSource(settings: .of(prfHz: 1000), items: items))
        #expect(trial.columns.map(\.firstPulse) == [0, 16, 32, 140, 156, 172])
        #expect(trial.columns.allSatisfy { $0.middlePulse == Double($0.firstPulse) + 32 })
    }

    @Test("looks at the gate that is asked for")
    func oneOfManyGates() throws {
        let items = (0..<10).map { ScriptedSource.Item.iq(at: UInt64($0 * 10), pulses: 10, gates: 3) }
        let trial = StreamTrial()
        try trial.run(ScriptedSource(settings: .of(prfHz: 1000, gates: 3), items: items), gate: 2)
        let block = try #require(trial.blocks.first)
        #expect(block.gates == 3 && block.pulses == 100)
        // The first pulse's three gates: I is the pulse's index 0, Q the gate.
        #expect(block.bytes.prefix(12) == [0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0])
        #expect(trial.columns.count == 3)
    }

    @Test("says shifts where the angle is not known, and velocities where it is")
    func units() throws {
        let unknown = StreamLook(
            SpectralSettings(prfHz: 1000, wallFilterCutoffHz: 0), gate: 0, scale: nil)
        let known = StreamLook(
            SpectralSettings(prfHz: 1000, wallFilterCutoffHz: 0), gate: 0,
            scale: DopplerScale(centreFrequencyHz: 5e6, insonationAngleDegrees: 60))
        let impossible = StreamLook(
            SpectralSettings(prfHz: 1000, wallFilterCutoffHz: 0), gate: 0,
            scale: DopplerScale(centreFrequencyHz: 5e6, insonationAngleDegrees: 90))
        #expect(unknown.unit == .hz && known.unit == .cmPerS)
        #expect(impossible.unit == .hz, "an angle of 90 degrees gives no velocity")
    }
}
