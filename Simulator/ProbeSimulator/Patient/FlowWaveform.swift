/// Velocity along a vein over time: mean, pulse, breathing, reversals and a strain.
///
/// A pure function of time.
public struct FlowWaveform: Sendable {
    /// Half of the change between forward and reverse flow, seconds (project choice: the whole change takes
    /// 16 ms and passes zero at the stated time, so that the truth is sharp).
    public static let halfTransitionSeconds = 0.008
    /// Time in which flow comes back after a strain, seconds (project choice).
    public static let releaseSeconds = 0.2

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

        /// Its end since the start of the run, seconds.
        public var endSeconds: Double { onsetSeconds + durationSeconds }
    }

    private let site: VesselSite
    private let physiology: PatientPhysiology
    private let key: [String]
    private let strainReversal: Reversal?

    /// The waveform of a site; the key names patient, site and take.
    init(site: VesselSite, physiology: PatientPhysiology, key: [String]) {
        self.site = site
        self.physiology = physiology
        self.key = key
        guard let strain = site.strain, !site.flowIsAbsent else {
            strainReversal = nil
            return
        }
        let backflow = strain.backflow(key: key, maximumOverMean: LumenProfile(site: site).maximumOverMean)
        strainReversal = Reversal(
            kind: strain.valve == .competent ? .valveClosure : .valveLeak, onsetSeconds: strain.beginSeconds,
            durationSeconds: backflow.seconds, velocityCmPerS: backflow.velocityCmPerS,
            breath: physiology.breath(atSeconds: strain.beginSeconds).index + 1)
    }

    /// The reversals that begin in one breath, counted from 0, without those that the heart or a strain brings.
    func reversals(inBreath index: Int) -> [Reversal] {
        guard !site.flowIsAbsent, !site.reversals.isEmpty else { return [] }
        return site.reversals.filter { $0.heartPhase == nil && $0.comes(inBreath: index) }.map {
            Reversal(
                kind: $0.kind, onsetSeconds: Double(index) * physiology.breathPeriodSeconds + $0.onsetSeconds,
                durationSeconds: $0.seconds(inBreath: index, key: key), velocityCmPerS: $0.velocityCmPerS,
                breath: index + 1)
        }.filter(isFree)
    }

    /// The reversals that begin in one heart beat, counted from 0.
    private func reversals(inBeat index: Int) -> [Reversal] {
        guard !site.flowIsAbsent, !site.reversals.isEmpty else { return [] }
        return site.reversals.compactMap { reversal in
            guard let phase = reversal.heartPhase else { return nil }
            let onset = (Double(index) + phase) * physiology.heartPeriodSeconds
            let breath = physiology.breath(atSeconds: onset).index
            guard reversal.comes(inBreath: breath) else { return nil }
            return Reversal(
                kind: reversal.kind, onsetSeconds: onset, durationSeconds: reversal.lengthSeconds,
                velocityCmPerS: reversal.velocityCmPerS, breath: breath + 1)
        }.filter(isFree)
    }

    /// Whether no strain takes a reversal's place.
    private func isFree(_ reversal: Reversal) -> Bool {
        site.strain.map { !$0.touches(from: reversal.onsetSeconds, to: reversal.endSeconds) } ?? true
    }

    /// The reversals that end within a recording of this length, in the order of time.
    ///
    /// At most the first `mostBreaths` breaths and heart beats are looked at.
    public func reversals(withinSeconds seconds: Double) -> [Reversal] {
        let breaths = min(physiology.breath(atSeconds: seconds).index + 1, Self.mostBreaths)
        let beats = Int(min(max(0, seconds) / physiology.heartPeriodSeconds + 1, Double(Self.mostBreaths)))
        let all =
            (0..<breaths).flatMap { reversals(inBreath: $0) } + (0..<beats).flatMap { reversals(inBeat: $0) }
            + [strainReversal].compactMap(\.self)
        return all.filter { $0.endSeconds <= seconds }.sorted { $0.onsetSeconds < $1.onsetSeconds }
    }

    /// Most breaths, and most heart beats, whose truth is listed (project choice: a day of breathing).
    public static let mostBreaths = 30_000

    /// The reversals that may be felt at a time.
    private func reversals(nearSeconds seconds: Double) -> [Reversal] {
        guard !site.reversals.isEmpty else { return strainReversal.map { [$0] } ?? [] }
        let beat = Int(min(max(0, seconds) / physiology.heartPeriodSeconds, Double(Int32.max)))
        return [strainReversal].compactMap(\.self)
            + reversals(inBreath: physiology.breath(atSeconds: seconds).index) + reversals(inBeat: beat)
    }

    /// Velocity at a time, cm/s, mean over the lumen, positive in the normal direction; 0 where flow is absent.
    public func velocityCmPerS(atSeconds seconds: Double) -> Double {
        guard !site.flowIsAbsent else { return 0 }
        let half = Self.halfTransitionSeconds
        for reversal in reversals(nearSeconds: seconds) {
            let sinceOnset = seconds - reversal.onsetSeconds
            let untilEnd = reversal.durationSeconds - sinceOnset
            let inside = min(sinceOnset, untilEnd)
            guard inside > -half else { continue }
            let share = min(abs(inside) / half, 1)
            return inside < 0 ? forwardCmPerS(atSeconds: seconds) * share : -reversal.velocityCmPerS * share
        }
        return forwardCmPerS(atSeconds: seconds)
    }

    private func forwardCmPerS(atSeconds seconds: Double) -> Double {
        let cardiac = site.cardiacModulation * physiology.cardiacModulation(atSeconds: seconds)
        let respiratory = site.respiratoryModulation * physiology.respiratoryModulation(atSeconds: seconds)
        let resting = site.velocityCmPerS * (1 + cardiac + respiratory)
        return site.strain.map { resting * $0.forwardFactor(atSeconds: seconds) } ?? resting
    }
}
