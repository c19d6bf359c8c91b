import DopplerDSP
import Testing

@Suite("Accuracy on signals whose truth is known")
struct AccuracyTests {
    static let toneShares = [0.05, 0.1, 0.33, 0.5, 0.77, 0.95]

    @Test("finds a tone within 1 % or one bin from 5 to 95 % of Nyquist", arguments: toneShares, [1.0, -1])
    func tone(share: Double, sign: Double) throws {
        var signals = TestSignals(seed: Int(share * 100))
        let shiftHz = sign * share * 2500
        let samples =
            signals.flow(2000, shiftsHz: [shiftHz], prfHz: 5000, power: 1e6) + signals.noise(2000, power: 1e4)
        let settings = settings()
        let allowed = max(0.01 * abs(shiftHz), settings.binWidthHz)
        let columns = try spectrogram(samples, settings).columns.filter { !$0.flags.contains(.settling) }
        // By chance noise passes for flow in 1 of 100 columns.
        #expect(columns.count { (sign > 0 ? $0.envelopeAwayHz : $0.envelopeTowardsHz) != nil } <= 1)
        for column in columns {
            let kasai = Double(try #require(column.meanShiftHz))
            let spectral = Double(try #require(column.spectralMeanShiftHz))
            #expect(abs(kasai - shiftHz) <= allowed)
            #expect(abs(spectral - shiftHz) <= allowed)
        }
    }

    @Test("finds the mean of broadband flow within 3 %, scatter 5 %, at 20 dB", arguments: [900.0, -900])
    func broadband(meanHz: Double) throws {
        var kasai: [Double] = []
        var spectral: [Double] = []
        for seed in 0..<16 {
            var signals = TestSignals(seed: seed)
            let shiftsHz = signals.normalShifts(meanHz: meanHz, deviationHz: 120)
            let samples =
                signals.flow(2500, shiftsHz: shiftsHz, prfHz: 5000, power: 1e6)
                + signals.noise(2500, power: 1e4)
            let columns = try spectrogram(samples, settings()).columns.dropFirst(3)
            kasai.append(moments(columns.compactMap { $0.meanShiftHz.map(Double.init) }).mean)
            spectral.append(moments(columns.compactMap { $0.spectralMeanShiftHz.map(Double.init) }).mean)
        }
        for estimates in [kasai, spectral] {
            let found = moments(estimates)
            #expect(abs(found.mean / meanHz - 1) <= 0.03)
            #expect(found.deviation / abs(meanHz) <= 0.05)
        }
    }

    @Test(
        "finds the maximum of steady flow within 5 % at 17 dB and 10 % at 9 dB",
        arguments: EnvelopeMethod.allCases, [(1500.0, 17.0, 0.05), (-1500, 17, 0.05), (800, 17, 0.05), (1500, 9, 0.1)])
    func envelope(method: EnvelopeMethod, flow: (maximumHz: Double, decibels: Double, allowed: Double)) throws {
        var signals = TestSignals(seed: Int(flow.maximumHz) + Int(flow.decibels))
        let sign = flow.maximumHz > 0 ? 1.0 : -1
        let shiftsHz = signals.evenShifts(from: 150 * sign, to: flow.maximumHz)
        let ratio = flow.decibels == 17 ? 50.12 : 7.943
        let samples =
            signals.flow(10_000, shiftsHz: shiftsHz, prfHz: 5000, power: 1e4 * ratio)
            + signals.noise(10_000, power: 1e4)
        let columns = try spectrogram(samples, settings(fftLength: 256, hop: 64, method: method)).columns
        let found = moments(
            columns.dropFirst(3).compactMap { (sign > 0 ? $0.envelopeTowardsHz : $0.envelopeAwayHz).map(Double.init) })
        // The baselines are what the literature says of them: the percentile too low, the intersection restless.
        #expect(abs(found.mean / flow.maximumHz - 1) <= flow.allowed + (method == .percentile ? 0.04 : 0))
        #expect(found.deviation / abs(flow.maximumHz) <= (method == .signalNoiseSlopeIntersection ? 0.15 : 0.05))
    }

    @Test("never takes flow for the other direction at 6 dB and more", arguments: 0..<40)
    func direction(seed: Int) throws {
        var signals = TestSignals(seed: seed)
        let sign = seed % 2 == 0 ? 1.0 : -1
        let meanHz = sign * (250 + 1700 * signals.uniform())
        let ratio = 3.981 * (1 + 20 * signals.uniform())
        let shiftsHz = signals.normalShifts(meanHz: meanHz, deviationHz: 40 + 60 * signals.uniform())
        let samples =
            signals.flow(1500, shiftsHz: shiftsHz, prfHz: 5000, power: 1e4 * ratio) + signals.noise(1500, power: 1e4)
        let spectrogram = try spectrogram(samples, settings())
        let columns = spectrogram.columns.dropFirst(3)
        let means = columns.compactMap(\.meanShiftHz)
        #expect(means.count * 10 >= columns.count * 9)
        #expect(means.allSatisfy { ($0 > 0) == (sign > 0) })
        let found = try #require(spectrogram.medianSignalToNoiseDb())
        #expect((found.towards > found.away) == (sign > 0))
    }

    @Test("flags flow that reaches the Nyquist limit as aliased, and slower flow not", arguments: [1.0, -1])
    func aliasing(sign: Double) throws {
        for (meanHz, expected) in [(2450.0, true), (2600, true), (1500, false)] {
            var signals = TestSignals(seed: Int(meanHz))
            let shiftsHz = signals.normalShifts(meanHz: sign * meanHz, deviationHz: 100)
            let samples =
                signals.flow(3000, shiftsHz: shiftsHz, prfHz: 5000, power: 1e6) + signals.noise(3000, power: 1e4)
            let share = try #require(try spectrogram(samples, settings()).share(of: .aliased))
            #expect(expected ? share > 0.9 : share < 0.02)
        }
    }

    @Test("keeps the mean velocity when a wall of 50 dB moves at up to 60 Hz", arguments: [600.0, -600])
    func wall(meanHz: Double) throws {
        var signals = TestSignals(seed: 60)
        let shiftsHz = signals.normalShifts(meanHz: meanHz, deviationHz: 60)
        let blood =
            signals.flow(3000, shiftsHz: shiftsHz, prfHz: 5000, power: 200) + signals.noise(3000, power: 2)
        let wall = signals.flow(3000, shiftsHz: [-60, -37, -11, 5, 22, 48, 60], prfHz: 5000, power: 2e7)
        let settings = settings(fftLength: 256, hop: 64, cutoffHz: 200)
        let without = try spectrogram(blood, settings).columns.dropFirst(3).compactMap(\.meanShiftHz)
        let with = try spectrogram(blood + wall, settings).columns.dropFirst(3).compactMap(\.meanShiftHz)
        #expect(with.count == without.count)
        let change = moments(with.map(Double.init)).mean / moments(without.map(Double.init)).mean - 1
        #expect(abs(change) < 0.01)
    }

    @Test("finds no flow in at least 99 % of columns of noise", arguments: [64, 128, 256, 512, 1024])
    func noiseAlone(length: Int) throws {
        var signals = TestSignals(seed: length)
        let columns = length < 512 ? 500 : 250
        let samples = signals.noise(columns * length / 2, power: 2500)
        let found = try spectrogram(samples, settings(fftLength: length, hop: length / 2))
        #expect(try #require(found.share(of: .noFlowDetected)) >= 0.99)
        #expect(try #require(found.share(of: [.tap, .aliased])) <= 0.01)
        let ratios = try #require(found.medianSignalToNoiseDb())
        #expect(abs(ratios.towards) < 0.5 && abs(ratios.away) < 0.5)
        let noiseDb = moments(found.columns.dropFirst(20).map { Double($0.noiseDb) })
        // 2500 squared counts over all bins.
        let expectedDb = 33.98 - 10 * log10OfLength(length)
        #expect(abs(noiseDb.mean - expectedDb) < 0.3)
    }

    func log10OfLength(_ length: Int) -> Double {
        [64: 1.806, 128: 2.107, 256: 2.408, 512: 2.709, 1024: 3.010][length] ?? .nan
    }

    @Test("finds flow of 10 dB in at least 99 % of columns", arguments: [500.0, -1500])
    func flowOfTenDecibels(meanHz: Double) throws {
        var signals = TestSignals(seed: 10)
        let shiftsHz = signals.normalShifts(meanHz: meanHz, deviationHz: 150)
        let samples =
            signals.flow(20_000, shiftsHz: shiftsHz, prfHz: 5000, power: 1e5) + signals.noise(20_000, power: 1e4)
        let found = try spectrogram(samples, settings())
        #expect(try #require(found.share(of: .noFlowDetected)) <= 0.01)
    }
}
