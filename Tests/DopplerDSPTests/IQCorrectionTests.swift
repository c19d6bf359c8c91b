import DopplerDSP
import Glibc
import Testing

@Suite("IQCorrection")
struct IQCorrectionTests {
    /// What a front end with unequal channels makes of a signal.
    func distorted(_ samples: [Sample], gain: Double, phaseRadians: Double) -> [Sample] {
        samples.map { Sample($0.x, gain * ($0.y * cos(phaseRadians) + $0.x * sin(phaseRadians))) }
    }

    /// Power of the flow's band over its mirror's in the last columns, dB.
    func separationDb(_ found: Spectrogram, shiftHz: Double) -> Double {
        let bins = found.settings.fftLength
        let bin = Int((shiftHz / found.settings.binWidthHz).rounded())
        var flow = 0.0
        var mirror = 0.0
        for column in found.columns.indices.suffix(40) {
            let power = Array(found.power(ofColumn: column))
            for offset in -4...4 {
                flow += Double(power[bins / 2 + bin + offset])
                mirror += Double(power[bins / 2 - bin - offset])
            }
        }
        return 10 * log10(flow / mirror)
    }

    private func toneWithError() -> [Sample] {
        var signals = TestSignals(seed: 3)
        let tone = signals.flow(20_000, shiftsHz: [703.125], prfHz: 5000, power: 1e8)
        return distorted(tone, gain: 1.01, phaseRadians: 0.01) + signals.noise(20_000, power: 25)
    }

    @Test("lifts the direction separation of 1 % and 0.01 rad from 43 dB to above 50 dB")
    func separation() throws {
        let samples = toneWithError()
        let before = separationDb(try spectrogram(samples, settings()), shiftHz: 703.125)
        #expect(before > 40 && before < 46)
        let after = separationDb(try spectrogram(samples, settings(correctsIQ: true)), shiftHz: 703.125)
        #expect(after >= 50)
    }

    @Test("separates the directions of ideal I and Q by 60 dB and leaves them alone")
    func ideal() throws {
        var signals = TestSignals(seed: 4)
        let samples = signals.flow(20_000, shiftsHz: [-703.125], prfHz: 5000, power: 1e8)
        for correctsIQ in [false, true] {
            let found = try spectrogram(samples, settings(correctsIQ: correctsIQ))
            #expect(separationDb(found, shiftHz: -703.125) >= 60)
        }
    }

    @Test("finds gain and phase behind a wall and a constant offset")
    func findsError() throws {
        var signals = TestSignals(seed: 5)
        let shiftsHz = signals.normalShifts(meanHz: 900, deviationHz: 150)
        let flow =
            signals.flow(40_000, shiftsHz: shiftsHz, prfHz: 5000, power: 1e6) + signals.noise(40_000, power: 1e4)
        let wall = signals.flow(40_000, shiftsHz: [9, 13], prfHz: 5000, power: 1e7)
        let samples = distorted(flow + wall, gain: 1.08, phaseRadians: -0.05).map { $0 + Sample(900, -300) }
        var analyser = try SpectralAnalyser(settings(correctsIQ: true))
        try analyser.process(counts([samples]))
        let correction = analyser.corrections[0]
        #expect(abs(correction.gainRatio - 1.08) < 0.02)
        #expect(abs(correction.phaseRadians + 0.05) < 0.02)
    }

    @Test("is not applied when it is not significant", arguments: 0..<4)
    func notSignificant(seed: Int) throws {
        var signals = TestSignals(seed: seed)
        let shiftsHz = signals.normalShifts(meanHz: -600, deviationHz: 100)
        let samples =
            signals.flow(20_000, shiftsHz: shiftsHz, prfHz: 5000, power: 1e6) + signals.noise(20_000, power: 1e4)
        var analyser = try SpectralAnalyser(settings(correctsIQ: true))
        try analyser.process(counts([samples]))
        #expect(analyser.corrections == [.none])
    }

    @Test("is not misled by a few strong taps")
    func taps() throws {
        var signals = TestSignals(seed: 8)
        var samples = signals.noise(20_000, power: 400)
        for start in [7000, 12_000] {
            // A tap moves I and Q along one line.
            for index in 0..<60 { samples[start + index] += Sample(8000, 5000) * cos(Double(index * index)) }
        }
        var analyser = try SpectralAnalyser(settings(correctsIQ: true))
        try analyser.process(counts([samples]))
        #expect(analyser.corrections == [.none])
    }
}
