import CCSVIAnalysis
import DopplerDSP
import Testing

@Suite("RefluxDetector")
struct RefluxDetectorTests {
    /// The bar for the length of a reflux, seconds (project's references, acceptance bars).
    private static let barSeconds = 0.02

    @Test("a reflux of 0.80 s stays below 0.88 s and one of 0.96 s above, at 10 dB", arguments: 0..<10)
    func threshold(_ seed: Int) throws {
        for length in [0.80, 0.96] {
            var vein = SyntheticVein(signalToNoiseDb: 10)
            let onset = 1 + Double(seed) * 0.0037
            vein.reversals = [onset...(onset + length)]
            let episodes = try vein.detected(seed: seed).episodes
            #expect(episodes.count == 1)
            let found = try #require(episodes.first)
            #expect(abs(found.durationSeconds - length) <= Self.barSeconds)
            #expect(abs((found.onsetSeconds ?? 0) - onset) <= Self.barSeconds)
            #expect((found.durationSeconds > 0.88) == (length > 0.88))
        }
    }

    @Test("slower flow back than forth does not shift the edges", arguments: 0..<6)
    func unequalSpeeds(_ seed: Int) throws {
        var vein = SyntheticVein(signalToNoiseDb: 15, reverseHz: -350 ... -100)
        vein.reversals = [1.0...1.9]
        let episodes = try vein.detected(seed: seed).episodes
        #expect(episodes.count == 1)
        #expect(abs((episodes.first?.durationSeconds ?? 0) - 0.9) <= Self.barSeconds)
    }

    @Test("normal flow and noise hold no reflux", arguments: 0..<6)
    func nothing(_ seed: Int) throws {
        #expect(try SyntheticVein(signalToNoiseDb: 10).detected(seed: seed).episodes.isEmpty)
        let silent = SyntheticVein(signalToNoiseDb: 10, silences: [0...3])
        #expect(try silent.detected(seed: seed).episodes.isEmpty)
    }

    @Test("the sign is the vein's: what is normal towards the probe is reflux when away is normal")
    func sign() throws {
        var vein = SyntheticVein()
        vein.reversals = [1.0...1.5]
        let spectrogram = try vein.spectrogram(seed: 1)
        let result = RefluxDetector().detect(
            in: spectrogram, scale: vein.scale, normalDirection: .away, breaths: nil, manoeuvre: .valsalva)
        #expect(result.episodes.count == 2)
        #expect(result.episodes.allSatisfy { $0.manoeuvre == .valsalva && $0.breathsSeen == nil })
        #expect(abs((result.episodes.last?.onsetSeconds ?? 0) - 1.5) <= Self.barSeconds)
    }

    @Test("a reflux that ends in silence ends where half the window is silent", arguments: 0..<6)
    func endsInSilence(_ seed: Int) throws {
        var vein = SyntheticVein(reversals: [1.0...2.5], silences: [1.7...3])
        vein.signalToNoiseDb = 15
        let found = try #require(try vein.detected(seed: seed).episodes.first)
        #expect(abs(found.durationSeconds - 0.7) <= Self.barSeconds)
    }

    @Test("an interruption under 60 ms is bridged, a longer one divides")
    func interruptions() throws {
        let short = SyntheticVein(reversals: [1.0...1.4, 1.45...1.8])
        #expect(try short.detected(seed: 3).episodes.count == 1)
        let long = SyntheticVein(reversals: [1.0...1.4, 1.55...1.8])
        #expect(try long.detected(seed: 3).episodes.count == 2)
    }

    @Test("missing samples make an episode uncertain and never longer", arguments: 0..<4)
    func missingSamples(_ seed: Int) throws {
        var vein = SyntheticVein(reversals: [1.0...1.9])
        let whole = try #require(try vein.detected(seed: seed).episodes.first)
        vein.lostPulses = 4200..<4290
        let episodes = try vein.detected(seed: seed).episodes
        let found = try #require(episodes.first)
        #expect(episodes.count == 1)
        #expect(found.durationSeconds < whole.durationSeconds)
        let uncertainty = try #require(found.durationUncertaintySeconds)
        #expect(uncertainty > 0.03)
        #expect(found.durationSeconds + uncertainty > 0.9 - Self.barSeconds)
        #expect((found.confidence ?? 1) < (whole.confidence ?? 0))
    }

    @Test(
        "taps, settling and columns without transmission never count",
        arguments: [ColumnFlags.tap, .settling, .notTransmitting])
    func unusable(_ flag: ColumnFlags) throws {
        let vein = SyntheticVein(reversals: [1.0...1.9])
        var spectrogram = try vein.spectrogram(seed: 5)
        for index in spectrogram.columns.indices where (0.9...2.0).contains(spectrogram.columns[index].centreSeconds) {
            spectrogram.columns[index].flags.insert(flag)
        }
        let result = RefluxDetector().detect(
            in: spectrogram, scale: vein.scale, normalDirection: .towards, breaths: nil, manoeuvre: .quietBreathing)
        #expect(result.episodes.isEmpty)
    }

    @Test("an aliased stretch is suppressed and said")
    func aliased() throws {
        let vein = SyntheticVein(reversals: [1.0...1.9])
        var spectrogram = try vein.spectrogram(seed: 5)
        for index in spectrogram.columns.indices where (1.2...1.3).contains(spectrogram.columns[index].centreSeconds) {
            spectrogram.columns[index].flags.insert(.aliased)
        }
        let result = RefluxDetector().detect(
            in: spectrogram, scale: vein.scale, normalDirection: .towards, breaths: nil, manoeuvre: .quietBreathing)
        #expect(result.episodes.isEmpty)
        let stretch = try #require(result.suppressed.first)
        #expect(stretch.aliasedShare > 0.05 && stretch.aliasedShare < 0.2)
        #expect(abs(stretch.durationSeconds - 0.9) <= Self.barSeconds)
    }

    @Test("each episode says in how many breaths one at least as long was seen")
    func breathsSeen() throws {
        let vein = SyntheticVein(seconds: 6, reversals: [0.5...1.4, 2.5...3.5, 4.5...4.8])
        let breaths = [0.0, 2, 4].map { Breath(startSeconds: $0, endSeconds: $0 + 2) }
        let episodes = try vein.detected(seed: 2, breaths: breaths).episodes
        #expect(episodes.map(\.breathsSeen) == [2, 1, 3])
    }

    @Test("a reflux through several breaths is seen in each of which it covers half")
    func longReflux() throws {
        let vein = SyntheticVein(seconds: 6, reversals: [0.5...5.2])
        let breaths = [0.0, 2, 4].map { Breath(startSeconds: $0, endSeconds: $0 + 2) }
        #expect(try vein.detected(seed: 2, breaths: breaths).episodes.map(\.breathsSeen) == [3])
    }

    @Test("peak velocity and confidence are those of the reflux")
    func figures() throws {
        var vein = SyntheticVein(reversals: [1.0...1.9])
        let strong = try #require(try vein.detected(seed: 4).episodes.first)
        // The mean of -200 to -700 Hz.
        let meanCmPerS = vein.scale.velocityCmPerS(ofShiftHz: 450)
        #expect(abs((strong.peakVelocityCmPerS ?? 0) - meanCmPerS) < 0.35 * meanCmPerS)
        #expect(strong.confidence == 1)
        vein.signalToNoiseDb = 6
        let weak = try #require(try vein.detected(seed: 4).episodes.first)
        #expect((weak.confidence ?? 1) < 0.8)
    }

    @Test("a spectrogram whose parts do not fit together gives nothing")
    func damaged() throws {
        let vein = SyntheticVein(reversals: [1.0...1.9])
        var spectrogram = try vein.spectrogram(seed: 4)
        spectrogram.power.removeLast()
        let result = RefluxDetector().detect(
            in: spectrogram, scale: vein.scale, normalDirection: .towards, breaths: nil, manoeuvre: .quietBreathing)
        #expect(result.episodes.isEmpty && result.suppressed.isEmpty)
        let empty = Spectrogram(settings: vein.settings, gate: 0, columns: [], power: [])
        #expect(
            RefluxDetector().detect(
                in: empty, scale: vein.scale, normalDirection: .towards, breaths: [], manoeuvre: .apnoea
            ).episodes.isEmpty)
    }
}
