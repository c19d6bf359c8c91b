import CCSVIAnalysis
import Testing

@Suite("FlowVolume and answers")
struct FlowVolumeTests {
    @Test("94.5 mm2 and 12.6 cm/s are 715 mL/min, and the errors add in squares")
    func volume() throws {
        let found = try #require(
            FlowVolume(
                areaMm2: .init(94.5, standardError: 9.45), velocityCmPerS: .init(12.6, standardError: 0.63),
                angleDegrees: 60, angleErrorDegrees: 3))
        #expect(abs(found.millilitresPerMinute.value - 714.42) < 0.01)
        // 10 %, 5 % and tan(60 degrees) times 3 degrees, 9.07 %.
        #expect(abs(found.millilitresPerMinute.standardError / 714.42 - 0.1440) < 0.0005)
        let shares = try #require(found.varianceShares)
        #expect(abs(shares.reduce(0, +) - 1) < 1e-12)
    }

    @Test("what is no measurement has no flow")
    func refuses() {
        func flow(_ area: Double, _ velocity: Double, _ angle: Double) -> FlowVolume? {
            FlowVolume(
                areaMm2: .init(area, standardError: 0), velocityCmPerS: .init(velocity, standardError: 0),
                angleDegrees: angle, angleErrorDegrees: 0)
        }
        #expect(flow(.nan, 1, 0) == nil)
        #expect(flow(-1, 1, 0) == nil)
        #expect(flow(1, .infinity, 0) == nil)
        #expect(flow(1, 1, 90) == nil)
        #expect(flow(1, -1, 0)?.millilitresPerMinute.value == -0.6)
    }

    @Test(
        "an answer is certain only when the whole span lies on one side",
        arguments: [
            (0.95, 0.02, ThresholdAnswer.yes), (0.89, 0.02, .uncertain), (0.87, 0.02, .uncertain), (0.80, 0.02, .no),
        ])
    func answers(seconds: Double, uncertainty: Double, expected: ThresholdAnswer) {
        let episode = RefluxEpisode(
            onsetSeconds: 1, durationSeconds: seconds, durationUncertaintySeconds: uncertainty, breathsSeen: nil)
        let short = RefluxEpisode(
            onsetSeconds: 0, durationSeconds: 0.2, durationUncertaintySeconds: 0.01, breathsSeen: nil)
        var result = RefluxDetector.Result(episodes: [short, episode], suppressed: [])
        #expect(result.answer(longerThanSeconds: 0.88).answer == expected)
        result.isAliased = true
        #expect(result.answer(longerThanSeconds: 0.88).answer == (expected == .yes ? .yes : .uncertain))
    }
}
