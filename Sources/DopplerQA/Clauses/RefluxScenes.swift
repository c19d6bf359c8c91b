internal import DopplerDSP
internal import ProbeSimulator

/// Scenes of a neck vein with one reflux of an exact length, or with none.
struct RefluxScenes {
    let setup: QASetup
    /// Blood over the noise of the whole band, dB.
    var bloodDb: Double

    /// Mean shifts of both directions, Hz (project choice: 8 to 25 cm/s in the jugular preset, well above its wall
    /// filter and below Nyquist for every profile).
    static let meanHz = 400.0...1200.0
    /// Highest maximum with all waves, share of Nyquist: below what counts as aliased.
    private static let highestShare = 0.93
    /// Depths of the waves with the heart and with breathing, shares of the mean.
    private static let heartDepth = 0.2
    private static let breathDepth = 0.15
    /// Flow before and after, seconds.
    static let surroundSeconds = 0.9...1.3
    /// Length of the change between the directions, seconds (the clause: up to 20 ms).
    static let rampSeconds = 0.004...0.02

    /// A scene with one reflux of a length in seconds.
    func reflux(seconds: Double, _ draw: inout SceneDraw, seed: UInt64) -> TestScene {
        let onset = draw.number(Self.surroundSeconds)
        let end = onset + seconds
        var scene = forward(seconds: end + draw.number(Self.surroundSeconds), &draw, seed: seed)
        scene.course.reversals = [
            VelocityCourse.Reversal(
                onsetSeconds: onset, endSeconds: end,
                velocityCmPerS: speed(draw.number(Self.meanHz), scene.profile, waves: 0),
                rampSeconds: draw.number(Self.rampSeconds))
        ]
        return scene
    }

    /// A scene of forward flow.
    func forward(seconds: Double, _ draw: inout SceneDraw, seed: UInt64) -> TestScene {
        let meanHz = draw.number(Self.meanHz)
        let profile = draw.one(
            of: VelocityProfile(.parabolic), VelocityProfile(.plug), VelocityProfile(.blunted(exponent: 6)))
        let rhythm: VelocityCourse.Rhythm =
            draw.coin()
            ? .steady
            : .venous(
                heartPeriodSeconds: draw.number(0.7...1.1), heartDepth: Self.heartDepth,
                breathPeriodSeconds: draw.number(3...5), breathDepth: Self.breathDepth)
        let speed = speed(meanHz, profile, waves: rhythm == .steady ? 0 : Self.heartDepth + Self.breathDepth)
        return TestScene(
            profile: profile, course: VelocityCourse(speed, rhythm), beam: setup.beam, prfHz: setup.spectral.prfHz,
            seconds: seconds, signalToNoiseDb: bloodDb, intrinsicBroadening: draw.number(0.005...0.03), seed: seed)
    }
}

extension RefluxScenes {
    /// Mean speed of a shift in Hz, cm/s, so far down that the fastest blood in the highest wave stays on the scale.
    private func speed(_ meanHz: Double, _ profile: VelocityProfile, waves: Double) -> Double {
        let highestHz = Self.highestShare * setup.nyquistHz / (profile.maximumOverMean * (1 + waves))
        return setup.speedCmPerS(min(meanHz, highestHz))
    }
}

/// What the chain says of a scene with one reflux.
struct RefluxReading: Sendable {
    var answer: RefluxAnswer
    /// Found less true length, seconds; `nil` when no reflux was found.
    var errorSeconds: Double?

    init(_ reading: ChainReading, trueSeconds: Double) {
        answer = reading.answer
        errorSeconds = reading.longestRefluxSeconds.map { $0 - trueSeconds }
    }
}
