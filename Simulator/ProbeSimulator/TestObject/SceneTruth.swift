/// What is true of a test scene, for other programs and for people: all that an analysis is measured against.
public struct SceneTruth: Sendable, Hashable, Codable {
    /// The format's name and version.
    public static let schemaID = "dopplerbridge-test-scene-1"
    /// Distance of the courses' points, seconds.
    public static let stepSeconds = 0.01

    /// `dopplerbridge-test-scene-1`.
    public var schema = Self.schemaID
    /// The scene: model, profile, course, faults and seed.
    public var scene: TestScene
    /// Times of the courses' points, seconds of the device's clock.
    public var seconds: [Double]
    /// Mean velocity in the gate at each point, cm/s, positive in the normal direction.
    public var meanCmPerS: [Double]
    /// Fastest velocity in the gate at each point, cm/s, with the sign of the mean.
    public var maximumCmPerS: [Double]
    /// Mean shift at each point, Hz, positive towards the transducer, not aliased.
    public var meanShiftHz: [Double]
    /// `towards` or `away`: where most of the time the flow goes.
    public var direction: String
    /// Stretches against the normal direction, from zero crossing to zero crossing, seconds of the device's clock.
    public var refluxes: [Interval]
    /// Pulses that are missing.
    public var lostPulses: Int

    /// A stretch of time.
    public struct Interval: Sendable, Hashable, Codable {
        /// Begin since the start, seconds.
        public var onsetSeconds: Double
        /// End, seconds.
        public var endSeconds: Double
        /// Length, seconds.
        public var seconds: Double { endSeconds - onsetSeconds }

        /// An interval from its ends.
        public init(onsetSeconds: Double, endSeconds: Double) {
            self.onsetSeconds = onsetSeconds
            self.endSeconds = endSeconds
        }
    }
}

extension TestScene {
    /// True mean velocity at a time of the device's clock, cm/s, positive in the normal direction.
    public func meanCmPerS(atSeconds seconds: Double) -> Double {
        course.velocityCmPerS(atSeconds: seconds * prfHz / truePrfHz)
    }

    /// True fastest velocity at a time of the device's clock, cm/s, with the sign of the mean.
    public func maximumCmPerS(atSeconds seconds: Double) -> Double {
        meanCmPerS(atSeconds: seconds) * (model == .tone ? 1 : profile.maximumOverMean)
    }

    /// True mean shift at a time of the device's clock, Hz, positive towards the transducer, not aliased.
    public func meanShiftHz(atSeconds seconds: Double) -> Double {
        meanCmPerS(atSeconds: seconds) * beam.shiftHzPerCmPerS
    }

    /// True stretches against the normal direction, seconds of the device's clock.
    public var refluxes: [SceneTruth.Interval] {
        let drift = truePrfHz / prfHz
        return course.reversals.compactMap { reversal in
            let onset = max(0, reversal.onsetSeconds * drift)
            let end = min(seconds, reversal.endSeconds * drift)
            return end > onset ? SceneTruth.Interval(onsetSeconds: onset, endSeconds: end) : nil
        }
    }

    /// What is true of the scene.
    public func truth() -> SceneTruth {
        let points = max(0, Int(min(seconds / SceneTruth.stepSeconds, Self.mostPulses)))
        let times = (0..<points).map { Double($0) * SceneTruth.stepSeconds }
        let means = times.map { meanCmPerS(atSeconds: $0) }
        let ratio = model == .tone ? 1 : profile.maximumOverMean
        let forward = means.reduce(0) { $0 + ($1 > 0 ? 1 : $1 < 0 ? -1 : 0) } >= 0
        let lost = faults.filter { $0.kind == .lostPulses }.reduce(0) {
            $0 + $1.pulses(prfHz: prfHz, count: pulses).count
        }
        return SceneTruth(
            scene: self, seconds: times, meanCmPerS: means, maximumCmPerS: means.map { $0 * ratio },
            meanShiftHz: means.map { $0 * beam.shiftHzPerCmPerS },
            direction: forward == beam.normalIsTowards ? "towards" : "away", refluxes: refluxes, lostPulses: lost)
    }
}
