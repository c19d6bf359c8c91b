/// Velocity along a vein over time: mean, pulse, breathing and reversals.
///
/// A pure function of time.
public struct FlowWaveform: Sendable {
    /// Half of the change between forward and reverse flow, seconds (project choice: the whole change takes
    /// 16 ms and passes zero at the stated time, so that the truth is sharp).
    public static let halfTransitionSeconds = 0.008

    /// A stretch of reverse flow at its place in time.
    public struct Reversal: Sendable, Hashable, Codable {
        /// What it stands for.
        public var kind: FlowReversal.Kind
        /// Begin since the start of the run, seconds.
        public var onsetSeconds: Double
        /// Length, seconds.
        public var durationSeconds: Double
        /// Speed against the normal direction, mean over the lumen, cm/s.
        public var velocityCmPerS: Double
        /// The breath in which it comes, counted from 1.
        public var breath: Int
    }

    private let site: VesselSite
    private let physiology: PatientPhysiology
    private let key: [String]

    /// The waveform of a site; the key names patient, site and take.
    init(site: VesselSite, physiology: PatientPhysiology, key: [String]) {
        self.site = site
        self.physiology = physiology
        self.key = key
    }

    /// The reversals that begin in one breath, counted from 0.
    func reversals(inBreath index: Int) -> [Reversal] {
        guard !site.flowIsAbsent else { return [] }
        return site.reversals.filter { $0.comes(inBreath: index) }.map {
            Reversal(
                kind: $0.kind, onsetSeconds: Double(index) * physiology.breathPeriodSeconds + $0.onsetSeconds,
                durationSeconds: $0.seconds(inBreath: index, key: key), velocityCmPerS: $0.velocityCmPerS,
                breath: index + 1)
        }
    }

    /// The reversals that end within a recording of this length, in the order of time.
    ///
    /// At most the first `mostBreaths` breaths are looked at.
    public func reversals(withinSeconds seconds: Double) -> [Reversal] {
        let breaths = min(physiology.breath(atSeconds: seconds).index + 1, Self.mostBreaths)
        return (0..<breaths).flatMap { reversals(inBreath: $0) }
            .filter { $0.onsetSeconds + $0.durationSeconds <= seconds }
            .sorted { $0.onsetSeconds < $1.onsetSeconds }
    }

    /// Most breaths whose truth is listed (project choice: a day of breathing).
    public static let mostBreaths = 30_000

    /// Velocity at a time given the reversals of its breath, cm/s, mean over the lumen, positive in the normal direction.
    func velocityCmPerS(atSeconds seconds: Double, reversals: [Reversal]) -> Double {
        guard !site.flowIsAbsent else { return 0 }
        let half = Self.halfTransitionSeconds
        for reversal in reversals {
            let sinceOnset = seconds - reversal.onsetSeconds
            let untilEnd = reversal.durationSeconds - sinceOnset
            let inside = min(sinceOnset, untilEnd)
            guard inside > -half else { continue }
            let share = min(abs(inside) / half, 1)
            return inside < 0 ? forwardCmPerS(atSeconds: seconds) * share : -reversal.velocityCmPerS * share
        }
        return forwardCmPerS(atSeconds: seconds)
    }

    /// Velocity at a time, cm/s, mean over the lumen, positive in the normal direction; 0 where flow is absent.
    public func velocityCmPerS(atSeconds seconds: Double) -> Double {
        velocityCmPerS(
            atSeconds: seconds, reversals: reversals(inBreath: physiology.breath(atSeconds: seconds).index))
    }

    private func forwardCmPerS(atSeconds seconds: Double) -> Double {
        let cardiac = site.cardiacModulation * physiology.cardiacModulation(atSeconds: seconds)
        let respiratory = site.respiratoryModulation * physiology.respiratoryModulation(atSeconds: seconds)
        return site.velocityCmPerS * (1 + cardiac + respiratory)
    }
}
