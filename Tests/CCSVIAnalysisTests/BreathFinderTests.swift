import CCSVIAnalysis
import Glibc
import TestSupport
import Testing

@Suite("BreathFinder")
struct BreathFinderTests {
    private static let rateHz = 50.0

    /// A belt that rises for 40 % of each breath and falls for the rest; inspiration begins at whole periods.
    private static func belt(
        periodSeconds: Double, seconds: Double, noise: Double = 0.03, driftPerS: Double = 0, seed: Int = 1
    ) -> [Double] {
        var generator = SeededGenerator(seed: UInt64(seed))
        return (0..<Int(seconds * rateHz)).map { index in
            let time = Double(index) / rateHz
            let phase = (time / periodSeconds).truncatingRemainder(dividingBy: 1)
            let rise = phase < 0.4 ? phase / 0.4 : (1 - phase) / 0.6
            return (1 - cos(.pi * rise)) / 2 + time * driftPerS + Double.random(in: -noise...noise, using: &generator)
        }
    }

    @Test("breaths are found at their onsets", arguments: [2.0, 3, 4, 5, 7])
    func onsets(_ periodSeconds: Double) throws {
        let breaths = try #require(
            BreathFinder().breaths(in: Self.belt(periodSeconds: periodSeconds, seconds: 40), rateHz: Self.rateHz))
        #expect(abs(breaths.count - Int(40 / periodSeconds)) <= 1)
        for breath in breaths.dropFirst().dropLast() {
            let beats = breath.startSeconds / periodSeconds
            #expect(abs(beats - beats.rounded()) * periodSeconds < 0.12 * periodSeconds)
        }
    }

    @Test("the breaths cover the recording without gap or overlap", arguments: 0..<10)
    func cover(_ seed: Int) throws {
        let signal = Self.belt(periodSeconds: 3.7, seconds: 21, noise: 0.1, driftPerS: 0.05, seed: seed)
        let breaths = try #require(BreathFinder().breaths(in: signal, rateHz: Self.rateHz))
        #expect(breaths.first?.startSeconds == 0)
        #expect(breaths.last?.endSeconds == 21)
        for (one, next) in zip(breaths, breaths.dropFirst()) { #expect(one.endSeconds == next.startSeconds) }
        #expect((5...7).contains(breaths.count))
    }

    @Test("without movement, samples or a believable rate there is no breathing to see")
    func nothing() {
        let finder = BreathFinder()
        #expect(finder.breaths(in: [], rateHz: 50) == nil)
        #expect(finder.breaths(in: [Double](repeating: 0, count: 1000), rateHz: 50) == nil)
        #expect(finder.breaths(in: Self.belt(periodSeconds: 4, seconds: 20), rateHz: 0) == nil)
        #expect(finder.breaths(in: [1, .nan, 2, 3], rateHz: 50) == nil)
        var generator = SeededGenerator(seed: 9)
        let noise = (0..<1000).map { _ in Double.random(in: -1...1, using: &generator) }
        #expect(finder.breaths(in: noise, rateHz: 50) == nil)
    }

    @Test("one breath alone gives no rate and so no breaths")
    func single() {
        #expect(BreathFinder().breaths(in: Self.belt(periodSeconds: 8, seconds: 8), rateHz: Self.rateHz) == nil)
    }
}
