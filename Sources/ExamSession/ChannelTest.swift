public import CCSVIAnalysis

/// Whether a source tells towards from away, tried with flow of known direction.
///
/// The two channels of a sound interface may be swapped, equal, or one of them dead, and no figure in the samples
/// says so. So an operator shows the probe flow towards it, then flow away from it, and only what passes may be
/// scored.
public struct ChannelTest: Sendable, Codable, Hashable {
    /// Least signal over noise in the direction that was shown, dB (project choice: four times the noise's power).
    public static let leastSignalDb = 6.0
    /// Least distance between the direction that was shown and its mirror, dB (project choice: a tenth of the power, so
    /// that a mirror is not taken for reflux).
    public static let leastSeparationDb = 10.0

    /// What came while flow of one direction was shown.
    public struct Stage: Sendable, Codable, Hashable {
        /// The direction that was shown.
        public var shown: FlowDirection
        /// Median signal over noise towards the transducer, dB; `nil` = not measured.
        public var towardsDb: Double?
        /// Median signal over noise away from the transducer, dB; `nil` = not measured.
        public var awayDb: Double?

        /// A stage from its fields.
        public init(shown: FlowDirection, towardsDb: Double?, awayDb: Double?) {
            self.shown = shown
            self.towardsDb = towardsDb
            self.awayDb = awayDb
        }

        /// How far the direction that was shown lies above its mirror, dB.
        var separationDb: Double? {
            guard let towardsDb, let awayDb else { return nil }
            return shown == .towards ? towardsDb - awayDb : awayDb - towardsDb
        }

        var strongestDb: Double? { [towardsDb, awayDb].compactMap(\.self).max() }
    }

    /// What the test says.
    public enum Outcome: String, Sendable, Codable, Hashable {
        /// Each direction shows as itself.
        case passed
        /// Each direction shows as the other one.
        case swapped
        /// Both show as the same direction, or as both: one channel is dead, or both carry the same.
        case notSeparated
        /// At least once there was no signal to judge by.
        case noSignal
    }

    /// Flow towards the probe, then away from it.
    public var stages: [Stage]

    /// A test from its stages.
    public init(towards: Stage, away: Stage) { stages = [towards, away] }

    /// What the test says.
    public var outcome: Outcome {
        let signals = stages.map(\.strongestDb)
        guard signals.allSatisfy({ ($0 ?? -.infinity) >= Self.leastSignalDb }) else { return .noSignal }
        let separations = stages.compactMap(\.separationDb)
        if separations.allSatisfy({ $0 >= Self.leastSeparationDb }) { return .passed }
        if separations.allSatisfy({ $0 <= -Self.leastSeparationDb }) { return .swapped }
        return .notSeparated
    }

    /// What the outcome means and what to do next.
    public var advice: String {
        switch outcome {
        case .passed: "both directions show as themselves: what this interface records may be scored"
        case .swapped:
            "towards and away are swapped: set invertsDirection in the profile (or swap the plugs) and test again"
        case .notSeparated:
            "the directions are not told apart: check that both channels are plugged in and that `channels` in the "
                + "profile is what the device gives, then test again"
        case .noSignal:
            "too little signal: turn up the output, hold the probe at a vessel of known direction, and test again"
        }
    }
}
