public import DopplerDSP

/// Whether a recording shows flow, shows that none can be detected, or cannot tell.
public struct FlowAssessment: Sendable, Hashable {
    /// The algorithm's name and version.
    public static let algorithm = "flow assessment 4 (without steady tones, with direction)"

    /// What a recording can say of flow.
    public enum Finding: Sendable, Hashable {
        /// Flow was detected.
        case present
        /// Signal is fine and no flow stands out of the noise.
        ///
        /// In a neck vein this is an absence to be checked with the low-flow settings; it is absent flow only with the
        /// three conditions recorded.
        case notDetected
        /// The recording cannot tell, and why.
        case notAssessable(Reason)
    }

    /// Why a recording cannot tell.
    public enum Reason: String, Sendable, Hashable, CaseIterable {
        /// Too little usable time.
        case tooShort
        /// Too much is missing, tapped on or was not transmitted.
        case tooManyGaps
        /// The samples were all alike for too long, such as 0: nothing was measured.
        case noSignal
        /// The converter clipped too often.
        case clipped
        /// Velocities passed the scale too often, so that directions are not sure.
        case aliased
        /// Something stands out of the noise, too weak or too seldom for a direction.
        case lowSignal
        /// Steady tones, such as mains hum, stand where weaker flow would not be seen.
        case steadyTones
        /// No flow through the bone: the window may be closed.
        case noFlowThroughBone

        /// The reason in words, with what to do.
        public var words: String {
            switch self {
            case .tooShort: "too little usable signal: record longer"
            case .tooManyGaps: "too many samples are missing: record again"
            case .noSignal: "the samples were all alike: check the probe and its cable, and record again"
            case .clipped: "the signal was clipped: lower the gain and record again"
            case .aliased: "velocities passed the scale: raise the PRF and record again"
            case .lowSignal: "the signal is too weak: move the gate or raise the gain, and record again"
            case .steadyTones: "steady tones such as mains hum may hide flow: remove their source and record again"
            case .noFlowThroughBone: "no flow was found through the bone window"
            }
        }
    }

    /// What the recording says.
    public let finding: Finding
    /// Mean velocity, cm/s, positive in the normal direction; `nil` = no flow was measured.
    public let meanVelocityCmPerS: Double?
    /// Median signal over noise of the stronger direction, dB; `nil` without usable columns.
    public let signalToNoiseDb: Double?
    /// Share of usable columns without detected flow, 0 to 1.
    public let noFlowFraction: Double
    /// Share of usable columns that are aliased, 0 to 1.
    public let aliasedFraction: Double
    /// Share of usable columns that are clipped, 0 to 1.
    public let clippedFraction: Double
    /// Share of the recorded time that no usable column shows, 0 to 1.
    public let unseenFraction: Double
    /// Time that usable columns show, seconds.
    public let usableSeconds: Double
    /// The columns with flow, split by direction, for `direction(outside:)`.
    let directed: DirectedFlow
    /// Shifts of tones that stayed the same through the recording, such as mains hum, Hz: they are not taken for flow.
    public let steadyShiftsHz: [Double]

    /// Least usable time, seconds (project choice: about one breath at rest).
    public static let leastUsableSeconds = 3.0
    /// Most time that may be missing, as a share (project choice).
    public static let mostUnseenFraction = 0.3
    /// Most clipped columns, as a share (project choice).
    public static let mostClippedFraction = 0.05
    /// Most aliased columns, as a share (project's references, acceptance bars).
    public static let mostAliasedFraction = 0.05
    /// Flow is not detected when at least this share of columns shows none: noise alone shows it in 1 of 100.
    public static let noFlowFraction = 0.95
    /// Flow is present when at most this share of columns shows none (project choice: flow may come with inspiration only).
    public static let mostNoFlowFractionOfFlow = 0.9
    /// Least median signal over noise of the columns with flow, dB (project choice).
    public static let leastSignalToNoiseDb = 3.0

    /// Judges one gate.
    ///
    /// - Parameters:
    ///   - site: where it was recorded; an intracranial vein without flow cannot be assessed.
    ///   - recordedSeconds: length of the recording; `nil` takes the span of the columns.
    public init(
        _ recorded: Spectrogram, scale: DopplerScale, normalDirection: FlowDirection, site: ExamSite,
        recordedSeconds: Double? = nil
    ) {
        let lines = SteadyLines(recorded)
        let spectrogram = lines.removed(from: recorded)
        steadyShiftsHz = lines.shiftsHz
        let power = DirectionalPower(spectrogram, scale: scale, normalDirection: normalDirection)
        let columns = spectrogram.columns
        let usable = power.columns.indices.filter { power.columns[$0].isUsable }
        let span =
            columns.isEmpty ? 0 : columns[columns.count - 1].centreSeconds - columns[0].centreSeconds + power.hopSeconds
        let totalSeconds = max(recordedSeconds.map { $0 - power.windowSeconds } ?? span, power.hopSeconds)
        func share(_ flag: ColumnFlags) -> Double {
            usable.isEmpty ? 0 : Double(usable.count { columns[$0].flags.contains(flag) }) / Double(usable.count)
        }
        let silentSeconds = Double(columns.count { $0.flags.contains(.noSignal) }) * power.hopSeconds
        let flowing = usable.filter { !columns[$0].flags.contains(.noFlowDetected) }
        directed = DirectedFlow(power, flowing, normalDirection: normalDirection)
        usableSeconds = Double(usable.count) * power.hopSeconds
        unseenFraction = max(0, min(1, 1 - usableSeconds / totalSeconds))
        noFlowFraction = usable.isEmpty ? 1 : share(.noFlowDetected)
        aliasedFraction = share(.aliased)
        clippedFraction = share(.clipped)
        let velocities = flowing.compactMap { power.columns[$0].velocityCmPerS }
        let mean = velocities.isEmpty ? nil : velocities.reduce(0, +) / Double(velocities.count)
        func strongerDb(_ index: Int) -> Double {
            Double(max(columns[index].signalToNoiseTowardsDb, columns[index].signalToNoiseAwayDb))
        }
        signalToNoiseDb = FlowTrace.median(usable.map(strongerDb))
        let flowingDb = FlowTrace.median(flowing.map(strongerDb))
        let isSeen = usableSeconds >= Self.leastUsableSeconds && unseenFraction <= Self.mostUnseenFraction
        let problem = Self.problem(
            silentShare: isSeen ? 0 : silentSeconds / totalSeconds, totalSeconds: totalSeconds, isSeen: isSeen,
            clippedFraction: clippedFraction, aliasedFraction: aliasedFraction)
        let found =
            problem.map(Finding.notAssessable)
            ?? Self.finding(noFlowFraction: noFlowFraction, flowingDb: flowingDb, site: site)
        // What a tone covers is not silence: without it the recording would not have been silent.
        let quiet = usable.count { recorded.columns[$0].flags.contains(.noFlowDetected) }
        let isCovered = found == .notDetected && Double(quiet) < Self.noFlowFraction * Double(usable.count)
        finding = isCovered ? .notAssessable(.steadyTones) : found
        meanVelocityCmPerS = found == .notDetected ? nil : mean
    }

    /// Why a recording cannot tell; `nil` = it can.
    private static func problem(
        silentShare: Double, totalSeconds: Double, isSeen: Bool, clippedFraction: Double, aliasedFraction: Double
    ) -> Reason? {
        if silentShare > mostUnseenFraction { return .noSignal }
        if totalSeconds < leastUsableSeconds { return .tooShort }
        if !isSeen { return .tooManyGaps }
        if clippedFraction > mostClippedFraction { return .clipped }
        return aliasedFraction > mostAliasedFraction ? .aliased : nil
    }

    /// What a recording without faults says.
    private static func finding(noFlowFraction: Double, flowingDb: Double?, site: ExamSite) -> Finding {
        if noFlowFraction >= Self.noFlowFraction {
            return site.vein.isIntracranial ? .notAssessable(.noFlowThroughBone) : .notDetected
        }
        let isSeldom = noFlowFraction > mostNoFlowFractionOfFlow
        return isSeldom || (flowingDb ?? 0) < leastSignalToNoiseDb ? .notAssessable(.lowSignal) : .present
    }
}
