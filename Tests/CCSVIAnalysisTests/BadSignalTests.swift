import CCSVIAnalysis
import DopplerDSP
import TestSupport
import Testing

@Suite("Bad signals")
struct BadSignalTests {
    private static let settings = SpectralSettings(
        prfHz: 3000, fftLength: 128, hopPulses: 32, wallFilterCutoffHz: 60)
    private static let scale = DopplerScale(centreFrequencyHz: 7_500_000, insonationAngleDegrees: 60)
    private static let seconds = 4.0

    /// What is said of four seconds of samples, I and Q by the index of the pulse.
    private func judged(
        pulses: Int = Int(seconds * settings.prfHz), vein: Vein = .vertebral,
        _ sample: (Int, inout SeededGenerator) -> (Int16, Int16)
    ) throws -> (FlowAssessment, RefluxDetector.Result) {
        var generator = SeededGenerator(seed: 3)
        var samples: [Int16] = []
        for pulse in 0..<pulses {
            let (i, q) = sample(pulse, &generator)
            samples += [i, q]
        }
        var analyser = try SpectralAnalyser(Self.settings)
        try analyser.process(
            samples.span.bytes, format: .int16, pulses: pulses, firstPulse: 0, flags: .transmitting)
        let spectrogram = analyser.finish()[0]
        let flow = FlowAssessment(
            spectrogram, scale: Self.scale, normalDirection: .towards, site: ExamSite(vein, .left, .supine))
        let reflux = RefluxDetector().detect(
            in: spectrogram, scale: Self.scale, normalDirection: .towards, breaths: nil, manoeuvre: .quietBreathing)
        return (flow, reflux)
    }

    @Test(
        "samples that stand still are no signal, in every vein", arguments: [0, 1, -7, 200],
        [Vein.vertebral, .basalRosenthal])
    func still(value: Int16, vein: Vein) throws {
        let (flow, reflux) = try judged(vein: vein) { _, _ in (value, -value) }
        #expect(flow.finding == .notAssessable(.noSignal))
        #expect(flow.meanVelocityCmPerS == nil && flow.signalToNoiseDb == nil)
        #expect(reflux.episodes.isEmpty && !reflux.isMeasured)
        #expect(reflux.answer(longerThanSeconds: 0.88).answer == .uncertain)
    }

    @Test("a signal that is lost half way is no signal")
    func half() throws {
        let (flow, _) = try judged { pulse, generator in
            guard pulse < 6000 else { return (0, 0) }
            return (Int16.random(in: -50...50, using: &generator), Int16.random(in: -50...50, using: &generator))
        }
        #expect(flow.finding == .notAssessable(.noSignal))
    }

    @Test("a saturated converter is clipped", arguments: [Int16.max, 20_000])
    func saturated(limit: Int16) throws {
        let (flow, _) = try judged { _, generator in
            (
                Bool.random(using: &generator) ? limit : -limit, Bool.random(using: &generator) ? limit : -limit
            )
        }
        #expect(flow.finding == .notAssessable(.clipped))
        let stuck = try judged { _, _ in (limit, limit) }
        #expect(stuck.0.finding == .notAssessable(.clipped))
        #expect(stuck.0.meanVelocityCmPerS == nil)
    }

    @Test("the smallest samples that there are, at the lower end, are clipped and do not trap")
    func lowest() throws {
        #expect(try judged { _, _ in (Int16.min, Int16.min) }.0.finding == .notAssessable(.clipped))
    }

    @Test("one pulse is too short", arguments: [1, 127])
    func onePulse(pulses: Int) throws {
        let (flow, reflux) = try judged(pulses: pulses) { _, _ in (100, -100) }
        #expect(flow.finding == .notAssessable(.tooShort))
        #expect(flow.meanVelocityCmPerS == nil)
        #expect(reflux.answer(longerThanSeconds: 0.5).answer == .uncertain)
    }

    @Test("noise alone is not taken for a lack of signal")
    func noise() throws {
        let (flow, _) = try judged { _, generator in
            (Int16.random(in: -3...3, using: &generator), Int16.random(in: -3...3, using: &generator))
        }
        #expect(flow.finding == .notDetected)
    }
}
