/// The true mean velocity in the gate over time, cm/s, positive in the normal direction.
public struct VelocityCourse: Sendable, Hashable, Codable {
    /// How the velocity changes without reversals.
    public enum Rhythm: Sendable, Hashable, Codable {
        /// It does not.
        case steady
        /// Linearly from the course's velocity to another one, cm/s, over the whole scene of a length in seconds.
        case sweep(toCmPerS: Double, seconds: Double)
        /// A surge to another velocity, cm/s, between two times in seconds; the edges lie within them and are smooth.
        case surge(toCmPerS: Double, startSeconds: Double, endSeconds: Double, edgeSeconds: Double)
        /// A vein: waves with the heart (a, c, x, v, y) and with breathing; depths are shares of the mean.
        case venous(heartPeriodSeconds: Double, heartDepth: Double, breathPeriodSeconds: Double, breathDepth: Double)
        /// An artery: a systolic rise over an eighth of the period and an exponential fall; `peak` is the maximum over
        /// the end-diastolic velocity, above 1.
        case arterial(heartPeriodSeconds: Double, peak: Double)
    }

    /// Mean over time (steady, venous, arterial) or start (sweep), cm/s.
    public var velocityCmPerS: Double
    /// How it changes.
    public var rhythm: Rhythm
    /// Reversals, in the order of time, apart by more than their ramps.
    public var reversals: [Reversal]

    /// Flow against the normal direction, from zero crossing to zero crossing.
    public struct Reversal: Sendable, Hashable, Codable {
        /// Zero crossing at its begin, seconds.
        public var onsetSeconds: Double
        /// Zero crossing at its end, seconds.
        public var endSeconds: Double
        /// Speed against the normal direction on its plateau, cm/s, above 0.
        public var velocityCmPerS: Double
        /// Length of the change from full forward to full reverse velocity, seconds: half of it on each side of the
        /// zero crossing.
        public var rampSeconds: Double

        /// A reversal from its fields.
        public init(onsetSeconds: Double, endSeconds: Double, velocityCmPerS: Double, rampSeconds: Double) {
            self.onsetSeconds = onsetSeconds
            self.endSeconds = endSeconds
            self.velocityCmPerS = velocityCmPerS
            self.rampSeconds = rampSeconds
        }

        /// Time between the zero crossings, seconds.
        public var seconds: Double { endSeconds - onsetSeconds }
    }

    /// A course from its parts.
    public init(_ velocityCmPerS: Double, _ rhythm: Rhythm = .steady, reversals: [Reversal] = []) {
        self.velocityCmPerS = velocityCmPerS
        self.rhythm = rhythm
        self.reversals = reversals
    }

    /// Mean velocity in the gate at a time since the start, cm/s.
    public func velocityCmPerS(atSeconds seconds: Double) -> Double {
        let forward = velocityCmPerS * factor(seconds)
        for reversal in reversals {
            let half = reversal.rampSeconds / 2
            guard seconds > reversal.onsetSeconds - half, seconds < reversal.endSeconds + half else { continue }
            let inside = min(seconds - reversal.onsetSeconds, reversal.endSeconds - seconds)
            guard half > 0, abs(inside) < half else { return inside >= 0 ? -reversal.velocityCmPerS : forward }
            return inside >= 0 ? -reversal.velocityCmPerS * inside / half : forward * -inside / half
        }
        return forward
    }

    /// Velocity over the course's own, without reversals.
    private func factor(_ seconds: Double) -> Double {
        switch rhythm {
        case .steady: return 1
        case .sweep(let end, let length):
            guard velocityCmPerS != 0, length > 0 else { return 1 }
            return 1 + (end / velocityCmPerS - 1) * seconds / length
        case .surge(let top, let start, let end, let edge):
            guard velocityCmPerS != 0, edge > 0 else { return 1 }
            let share = min(max(min(seconds - start, end - seconds) / edge, 0), 1)
            let smooth = 0.5 - 0.5 * PortableMath.unit(turns: share / 2).cosine
            return 1 + (top / velocityCmPerS - 1) * smooth
        case .venous(let heart, let heartDepth, let breath, let breathDepth):
            let waves = Self.heartWaves.enumerated().reduce(0.0) { sum, wave in
                sum + wave.element * PortableMath.unit(turns: Double(wave.offset + 1) * seconds / heart).sine
            }
            return 1 + heartDepth * waves + breathDepth * PortableMath.unit(turns: seconds / breath).sine
        case .arterial(let period, let peak):
            let turns = seconds / period
            return Self.arterial(turns - turns.rounded(.down), peak: peak) / Self.arterialMean(peak: peak)
        }
    }

    /// Harmonics of the venous pulse; together at most 1 (project choice: two waves and two descents a beat).
    private static let heartWaves = [0.5, 0.35, 0.15]
    /// Share of the period in which the systolic velocity rises (project choice: 0.1 s at 75 beats a minute).
    private static let riseShare = 0.125
    /// Share of the period in which the velocity falls to 1/e (project choice).
    private static let fallShare = 0.25
    /// Points over which the arterial mean is found (project choice).
    private static let meanPoints = 2000

    /// Velocity over its end-diastolic value at a phase from 0 to 1.
    private static func arterial(_ phase: Double, peak: Double) -> Double {
        if phase < riseShare {
            return 1 + (peak - 1) * (1 - PortableMath.unit(turns: phase / riseShare / 2).cosine) / 2
        }
        let share = (phase - riseShare) / (1 - riseShare)
        let rest = PortableMath.exponential(-(1 - riseShare) / fallShare)
        let fall = PortableMath.exponential(-(phase - riseShare) / fallShare)
        return 1 + (peak - 1) * (fall - rest * share)
    }

    private static func arterialMean(peak: Double) -> Double {
        1 + (peak - 1) * arterialUnitMean
    }

    /// Mean of the arterial shape above its end-diastolic value for a peak of 1 above it.
    private static let arterialUnitMean: Double = {
        let sum = (0..<meanPoints).reduce(0.0) { sum, point in
            sum + arterial((Double(point) + 0.5) / Double(meanPoints), peak: 2) - 1
        }
        return sum / Double(meanPoints)
    }()
}
