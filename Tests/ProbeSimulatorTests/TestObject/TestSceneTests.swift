import Foundation
import ProbeSimulator
import Testing

@Suite("Test scenes")
struct TestSceneTests {
    /// 1 cm/s is 10 Hz.
    static let beam = TestBeam(
        centreFrequencyHz: 5_000_000, insonationAngleDegrees: 0, speedOfSoundMPerS: 10_000, normalIsTowards: true)

    private func scene(
        _ model: SignalModel = .scatterers, _ shape: VelocityProfile.Shape = .plug, hz: Double = 1000,
        seconds: Double = 2, noiseDb: Double? = nil, broadening: Double = 0, faults: [FrontEndFault] = [],
        seed: UInt64 = 1
    ) -> TestScene {
        TestScene(
            model: model, profile: VelocityProfile(shape), course: VelocityCourse(hz / 10), beam: Self.beam,
            prfHz: 5000, seconds: seconds, signalToNoiseDb: noiseDb, intrinsicBroadening: broadening, faults: faults,
            seed: seed)
    }

    @Test("turns a velocity into the shift 2 v f0 cos(angle) / c with the sign of the normal direction")
    func beamArithmetic() {
        #expect(abs(Self.beam.shiftHzPerCmPerS - 10) < 1e-9)
        let away = TestBeam(centreFrequencyHz: 7_500_000, insonationAngleDegrees: 60, normalIsTowards: false)
        // 2 x 0.01 x 7.5e6 x 0.5 / 1540 = 48.70
        #expect(abs(away.shiftHzPerCmPerS + 48.701) < 0.001)
    }

    @Test("makes a tone of exact power and phase")
    func tone() {
        let signal = scene(.tone).signal()
        let power = TestScene.bloodCounts * TestScene.bloodCounts
        let ratio = SignalFigures.power(signal) / power
        #expect(abs(ratio - 1) < 1e-9)
        // 1000 Hz at 5 kHz: 72 degrees a pulse, five pulses a turn.
        let change = signal.inPhase[5] - signal.inPhase[0]
        #expect(abs(change) < 0.01)
        let shiftHz = SignalFigures.meanShiftHz(signal)
        #expect(abs(shiftHz - 1000) < 1e-6)
    }

    @Test("keeps blood and noise at their powers in dB", arguments: [SignalModel.scatterers, .sinusoids])
    func powers(model: SignalModel) {
        let power = TestScene.bloodCounts * TestScene.bloodCounts
        var ratios: [Double] = []
        for seed in 0..<8 {
            ratios.append(
                SignalFigures.power(scene(model, .parabolic, hz: 600, seed: UInt64(seed)).signal()) / power)
        }
        let mean = ratios.reduce(0, +) / 8
        #expect(abs(mean - 1) < 0.1)
        let quiet = scene(model, .parabolic, hz: 600, seed: 3)
        var noisy = quiet
        noisy.signalToNoiseDb = 20
        let noise = SignalFigures.difference(noisy.signal(), quiet.signal())
        let noiseDb = SignalFigures.decibels(SignalFigures.power(noise) / power)
        #expect(abs(noiseDb + 20) < 0.2)
    }

    @Test("spreads velocities with the exact ratio of maximum to mean")
    func profiles() {
        func isRatio(_ profile: VelocityProfile, _ wanted: Double, within allowed: Double) -> Bool {
            abs(profile.maximumOverMean - wanted) < allowed
        }
        #expect(isRatio(VelocityProfile(.plug), 1, within: 1e-9))
        #expect(isRatio(VelocityProfile(.parabolic), 2, within: 1e-6))
        // 1 - r^n has the mean n / (n + 2).
        #expect(isRatio(VelocityProfile(.blunted(exponent: 6)), 1.33333, within: 1e-4))
        // The inner half of a parabola: mean 0.75.
        #expect(isRatio(VelocityProfile(.parabolic, gateShare: 0.5), 1.333333, within: 1e-5))
        // Skewness 1: r = 1/3, (8/9)(4/3) = 32/27 over the mean 1/2.
        #expect(isRatio(VelocityProfile(.skewed(skewness: 1)), 2.37037, within: 1e-3))
        // A jet of a quarter: 1/4 + 1/4 x 0.45 - 1/2 x 0.05 = 0.3375.
        #expect(isRatio(VelocityProfile(.jet(coreShare: 0.25)), 2.96296, within: 1e-3))
    }

    @Test(
        "puts the spectrum's centroid at the mean and its edge at the maximum",
        arguments: [SignalModel.scatterers, .sinusoids],
        [VelocityProfile.Shape.parabolic, .blunted(exponent: 6), .skewed(skewness: 0.5), .jet(coreShare: 0.3)])
    func centroidAndEdge(model: SignalModel, shape: VelocityProfile.Shape) {
        let maximumHz = 600 * VelocityProfile(shape).maximumOverMean
        var centroids: [Double] = []
        var edges: [Double] = []
        for seed in 0..<6 {
            let spectrum = SignalFigures.spectrum(scene(model, shape, hz: 600, seed: UInt64(seed)).signal())
            centroids.append(spectrum.centroidHz)
            edges.append(spectrum.edgeHz(share: 0.999))
        }
        let centroid = centroids.reduce(0, +) / 3600
        let edge = edges.reduce(0, +) / (6 * maximumHz)
        // The core of a jet is one frequency: its power is that of few draws.
        let isJet = shape == .jet(coreShare: 0.3)
        #expect(abs(centroid - 1) < (isJet ? 0.2 : 0.04))
        #expect(abs(edge - 1) < 0.04)
    }

    @Test("broadens a single velocity as it was set", arguments: [0.02, 0.05, 0.1])
    func broadening(share: Double) {
        var variances: [Double] = []
        for seed in 0..<6 {
            let signal = scene(.scatterers, .plug, hz: 1000, broadening: share, seed: UInt64(seed)).signal()
            let deviation = SignalFigures.spectrum(signal).deviationHz
            variances.append(deviation * deviation)
        }
        let found = (variances.reduce(0, +) / 6).squareRoot() / (1000 * share)
        #expect(abs(found - 1) < 0.12)
    }

    @Test("is the same for the same seed and another for another", arguments: SignalModel.allCases)
    func determinism(model: SignalModel) {
        let made = scene(model, .parabolic, seconds: 0.2, noiseDb: 10, seed: 5)
        #expect(made.signal().inPhase == made.signal().inPhase)
        var other = made
        other.seed = 6
        #expect(made.signal().inPhase != other.signal().inPhase)
    }

    @Test("has its zero crossings exactly where the truth says")
    func zeroCrossings() {
        let reversal = VelocityCourse.Reversal(onsetSeconds: 1, endSeconds: 1.9, velocityCmPerS: 30, rampSeconds: 0.02)
        let course = VelocityCourse(50, reversals: [reversal])
        #expect(course.velocityCmPerS(atSeconds: 0.9) == 50)
        #expect(abs(course.velocityCmPerS(atSeconds: 0.995) - 25) < 1e-9)
        #expect(abs(course.velocityCmPerS(atSeconds: 1)) < 1e-9)
        #expect(abs(course.velocityCmPerS(atSeconds: 1.005) + 15) < 1e-9)
        #expect(course.velocityCmPerS(atSeconds: 1.5) == -30)
        #expect(abs(course.velocityCmPerS(atSeconds: 1.9)) < 1e-9)
        #expect(course.velocityCmPerS(atSeconds: 1.92) == 50)
        var scene = scene()
        scene.course = course
        #expect(scene.refluxes == [SceneTruth.Interval(onsetSeconds: 1, endSeconds: 1.9)])
    }

    @Test("turns the direction of the samples where the truth turns", arguments: [SignalModel.tone, .scatterers])
    func reversedSamples(model: SignalModel) {
        var scene = scene(model, .plug, hz: 800, seconds: 3)
        scene.course.reversals = [
            VelocityCourse.Reversal(onsetSeconds: 1, endSeconds: 2, velocityCmPerS: 80, rampSeconds: 0.02)
        ]
        let signal = scene.signal()
        for (pulses, wantedHz) in [(100..<4900, 800.0), (5100..<9900, -800), (10_100..<14_900, 800)] {
            let foundHz = SignalFigures.meanShiftHz(signal, pulses)
            #expect(abs(foundHz - wantedHz) < 20)
        }
    }

    @Test("keeps the mean of pulsatile courses over whole periods")
    func pulsatileMeans() {
        let rhythms: [VelocityCourse.Rhythm] = [
            .arterial(heartPeriodSeconds: 1, peak: 3),
            .venous(heartPeriodSeconds: 1, heartDepth: 0.4, breathPeriodSeconds: 4, breathDepth: 0.3),
        ]
        for rhythm in rhythms {
            let course = VelocityCourse(20, rhythm)
            let values = (0..<4000).map { course.velocityCmPerS(atSeconds: (Double($0) + 0.5) / 1000) }
            let mean = values.reduce(0, +) / 4000
            #expect(abs(mean - 20) < 0.01)
            #expect(values.allSatisfy { $0 > 0 })
        }
    }

    @Test("exports its truth as JSON that can be read back")
    func truth() throws {
        var scene = scene(seconds: 1, faults: [FrontEndFault(.lostPulses, startSeconds: 0.5, seconds: 0.1)])
        scene.course = VelocityCourse(-5)
        let truth = scene.truth()
        #expect(truth.direction == "away")
        #expect(truth.lostPulses == 500)
        #expect(truth.meanShiftHz.count == 100)
        #expect(truth.meanShiftHz.allSatisfy { abs($0 + 50) < 1e-9 })
        let readBack = try JSONDecoder().decode(SceneTruth.self, from: JSONEncoder().encode(truth))
        #expect(readBack == truth)
    }

    @Test("makes no samples of figures that make no scene", arguments: [-1, 0, .nan, .infinity, 1e12])
    func noScene(seconds: Double) {
        #expect(scene(seconds: seconds).signal().count == 0)
    }
}
