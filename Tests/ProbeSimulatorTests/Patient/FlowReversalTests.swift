import ProbeSimulator
import Testing

@Suite("Reverse flow in the phantom")
struct FlowReversalTests {
    private func site(_ reversals: [FlowReversal]) -> VesselSite {
        var site = plainSite(velocityCmPerS: 15)
        site.reversals = reversals
        return site
    }

    @Test("turns the sign of the shift at the stated times, to within 20 ms", arguments: 0..<8)
    func signTurnsAtTheStatedTimes(seed: Int) {
        let onset = 0.5 + Double(seed) * 0.07
        let length = 0.4 + Double(seed) * 0.15
        let source = phantom(
            site([.reflux(onsetSeconds: onset, lengthSeconds: length, velocityCmPerS: 12)]), seed: seed)
        let recording = PhantomRecording(source, neckSettings(prfHz: 3000), seconds: onset + length + 0.2)
        // Normal flow runs away from the transducer: reflux has positive shifts.
        var positive: [Double] = []
        let step = 0.008
        var time = 0.0
        while time + step < onset + length + 0.2 {
            if recording.meanShift(from: time, to: time + step).hertz > 0 { positive.append(time + step / 2) }
            time += step / 2
        }
        #expect(abs((positive.first ?? 0) - onset) < 0.02)
        #expect(abs((positive.last ?? 0) - (onset + length)) < 0.02)
        let steps = length / (step / 2)
        #expect(Double(positive.count) > 0.95 * steps)
    }

    @Test("comes in every breath, or in the breaths that are listed")
    func breaths() {
        let every = phantom(site([.reflux(onsetSeconds: 2, lengthSeconds: 1.4, velocityCmPerS: 9)]))
        #expect(every.flow.reversals(withinSeconds: 20).map(\.onsetSeconds) == [2, 6, 10, 14, 18])
        #expect(every.flow.reversals(withinSeconds: 19).map(\.breath) == [1, 2, 3, 4])
        let some = phantom(
            site([.reflux(onsetSeconds: 2, lengthSeconds: 1.4, velocityCmPerS: 9, breaths: [2, 4])]))
        #expect(some.flow.reversals(withinSeconds: 20).map(\.onsetSeconds) == [6, 14])
        #expect(some.flow.velocityCmPerS(atSeconds: 2.5) > 0)
        #expect(some.flow.velocityCmPerS(atSeconds: 6.5) == -9)
    }

    @Test("changes direction within 16 ms around the stated time")
    func transition() {
        let flow = phantom(site([.reflux(onsetSeconds: 2, lengthSeconds: 1, velocityCmPerS: 9)])).flow
        #expect(flow.velocityCmPerS(atSeconds: 1.99) == 15)
        #expect(abs(flow.velocityCmPerS(atSeconds: 2)) < 1e-9)
        #expect(flow.velocityCmPerS(atSeconds: 2.01) == -9)
        #expect(flow.velocityCmPerS(atSeconds: 2.99) == -9)
        #expect(flow.velocityCmPerS(atSeconds: 3.01) == 15)
    }

    @Test("closes a competent valve in 0.46 +/- 0.14 s, never beyond 0.22 to 0.78 s")
    func valveClosures() {
        let source = phantom(site([.valveClosure(onsetSeconds: 2)]))
        let lengths = source.flow.reversals(withinSeconds: 4000).map(\.durationSeconds)
        #expect(lengths.count == 1000)
        let mean = lengths.reduce(0, +) / 1000
        let deviation = (lengths.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 1000).squareRoot()
        #expect(abs(mean - 0.46) < 0.02)
        #expect(abs(deviation - 0.13) < 0.02)
        #expect(lengths.allSatisfy { (0.22...0.78).contains($0) })
    }

    @Test("has none where flow is absent")
    func absentFlowHasNone() {
        var site = site([.reflux(onsetSeconds: 2, lengthSeconds: 1.4, velocityCmPerS: 9)])
        site.flowIsAbsent = true
        #expect(phantom(site).flow.reversals(withinSeconds: 20).isEmpty)
        #expect(phantom(site).flow.velocityCmPerS(atSeconds: 2.5) == 0)
    }
}
