import DopplerDSP
import Foundation
import Testing

@Suite("Profiles, unwrapping and settings")
struct ProfileTests {
    @Test("a multigate profile shows each gate's shift 50 times a second, and nothing in noise")
    func profile() throws {
        var signals = TestSignals(seed: 3)
        let truth = [nil, 400.0, 900, 400, nil, -300]
        let gates = truth.map { shiftHz in
            let noise = signals.noise(5000, power: 400)
            guard let shiftHz else { return noise }
            return noise
                + signals.flow(
                    5000, shiftsHz: signals.normalShifts(meanHz: shiftHz, deviationHz: 40), prfHz: 5000, power: 4e4)
        }
        var analyser = try SpectralAnalyser(settings(gates: 6))
        try analyser.process(counts(gates))
        let profile = try #require(MultigateProfile(analyser.finish()))
        #expect(profile.gates == 6)
        #expect((49...50).contains(profile.centreSeconds.count))
        for index in 5..<profile.centreSeconds.count {
            for (cell, shiftHz) in zip(profile.profile(index), truth) {
                guard let shiftHz else { continue }
                let found = Double(try #require(cell.meanShiftHz))
                #expect(abs(found - shiftHz) < 150)
            }
        }
        let quiet = (5..<profile.centreSeconds.count).map { profile.profile($0) }
            .flatMap { [$0[$0.startIndex], $0[$0.startIndex + 4]] }
        #expect(quiet.count { $0.meanShiftHz != nil } <= 2)
        #expect(MultigateProfile([], profilesPerSecond: 50) == nil)
        #expect(profile.profile(-1).isEmpty)
    }

    @Test("shifts beyond Nyquist are unwrapped where they come and go in small steps", arguments: [1.0, -1])
    func unwrapping(sign: Double) throws {
        // Half a period of a sine from 1500 Hz up to 3500 Hz and back; Nyquist is 2500 Hz.
        var samples: [Sample] = []
        var phase = 0.0
        for pulse in 0..<10_000 {
            let shiftHz = sign * (1500 + 2000 * max(0, sin(2 * .pi * (Double(pulse) / 10_000 - 0.2) / 1.2)))
            phase += 2 * .pi * shiftHz / 5000
            samples.append(Sample(cos(phase), sin(phase)) * 1000)
        }
        var spectrogram = try spectrogram(samples, settings(hop: 50))
        for index in spectrogram.columns.indices {
            // One velocity leaves no mark when it has passed: mark what lies beyond the scale.
            let shiftHz =
                1500 + 2000 * max(0, sin(2 * .pi * (spectrogram.columns[index].centreSeconds / 2 - 0.2) / 1.2))
            if shiftHz > 2400 { spectrogram.columns[index].flags.insert(.aliased) }
        }
        let found = VelocityUnwrapping(spectrogram)
        #expect(found.ambiguous.isEmpty)
        #expect(!found.unwrapped.isEmpty)
        let most = try #require(found.meanShiftHz.compactMap { $0.map { sign * $0 } }.max())
        #expect(abs(most - 3500) < 40)
    }

    @Test("settings of an older document have the window and filter of then")
    func decoding() throws {
        let text =
            #"{"prfHz":5000,"gates":1,"fftLength":128,"hopPulses":32,"wallFilterCutoffHz":60,"#
            + #""envelopeMethod":"noiseThreshold","correctsIQ":false}"#
        let old = try JSONDecoder().decode(SpectralSettings.self, from: Data(text.utf8))
        #expect(old.window == .hann && old.wallFilter == .butterworth)
        var settings = settings()
        settings.window = .blackmanHarris
        settings.wallFilter = .regression
        let again = try JSONDecoder().decode(SpectralSettings.self, from: try JSONEncoder().encode(settings))
        #expect(again == settings)
    }

    @Test("every window finds a tone and its power", arguments: SpectralWindow.allCases)
    func windows(window: SpectralWindow) throws {
        var signals = TestSignals(seed: 8)
        let samples = signals.flow(3000, shiftsHz: [800], prfHz: 5000, power: 1e6) + signals.noise(3000, power: 1e3)
        var settings = settings()
        settings.window = window
        let found = try spectrogram(samples, settings)
        for (index, column) in found.columns.enumerated() where !column.flags.contains(.settling) {
            #expect(abs(Double(try #require(column.spectralMeanShiftHz)) - 800) < 40)
            let power = found.power(ofColumn: index).reduce(0, +)
            #expect(abs(power / 1e6 - 1) < 0.1)
        }
    }

    @Test("samples that are exactly 0 are a dropout, and a signal at its limit is clipped")
    func badInput() throws {
        var signals = TestSignals(seed: 6)
        var samples = signals.noise(5000, power: 1e6)
        for pulse in 2000..<2100 { samples[pulse] = .zero }
        let dropped = try spectrogram(samples, settings())
        #expect(dropped.columns.contains { $0.flags.contains(.noSignal) })
        #expect(dropped.columns.first.map { !$0.flags.contains(.noSignal) } ?? false)
        let silent = try spectrogram([Sample](repeating: .zero, count: 1000), settings())
        #expect(silent.columns.allSatisfy { $0.flags.contains(.noSignal) && $0.meanShiftHz == nil })
        let clipped = signals.noise(2000, power: 1e6).map {
            $0.clamped(lowerBound: Sample(-700, -700), upperBound: Sample(700, 700))
        }
        #expect(try spectrogram(clipped, settings()).columns.allSatisfy { $0.flags.contains(.clipped) })
        #expect(
            try spectrogram(signals.noise(2000, power: 1e6), settings()).columns.allSatisfy {
                !$0.flags.contains(.clipped)
            })
        let pulse = try spectrogram(signals.noise(1, power: 1e6), settings())
        #expect(pulse.columns.isEmpty && pulse.course?.blocks.isEmpty ?? false)
    }
}
