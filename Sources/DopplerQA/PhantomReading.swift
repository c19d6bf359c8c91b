/// What the chain read of one gate of a phantom's recording: one item for each usable column.
///
/// `nil` = not measured; velocities are positive towards the transducer.
public struct PhantomReading: Sendable, Hashable {
    /// Mean velocity by lag-one autocorrelation, cm/s.
    public var meanCmPerS: [Double?]
    /// Mean velocity by intensity weighting, cm/s.
    public var spectralMeanCmPerS: [Double?]
    /// Maximum velocity towards the transducer, cm/s, 0 or above.
    public var envelopeTowardsCmPerS: [Double?]
    /// Maximum velocity away from the transducer, cm/s, 0 or below.
    public var envelopeAwayCmPerS: [Double?]
    /// Velocity from which on shifts alias, cm/s.
    public var nyquistCmPerS: Double

    /// A reading from its parts.
    public init(
        meanCmPerS: [Double?], spectralMeanCmPerS: [Double?], envelopeTowardsCmPerS: [Double?],
        envelopeAwayCmPerS: [Double?], nyquistCmPerS: Double
    ) {
        self.meanCmPerS = meanCmPerS
        self.spectralMeanCmPerS = spectralMeanCmPerS
        self.envelopeTowardsCmPerS = envelopeTowardsCmPerS
        self.envelopeAwayCmPerS = envelopeAwayCmPerS
        self.nyquistCmPerS = nyquistCmPerS
    }

    /// The clauses that a steady phantom can show, with the limits of the test object; the others are not available.
    ///
    /// Columns take the place of realisations: a phantom is recorded once.
    public func results(_ truth: PhantomTruth) -> [ClauseResult] {
        Clause.all.map { clause in
            let outcome: ClauseOutcome =
                switch clause.name {
                case Clause.toneReadout.name: readout(truth)
                case Clause.meanVelocity.name: mean(truth)
                case Clause.steadyEnvelope.name: envelope(truth)
                case Clause.wrongDirection.name: direction(truth)
                default: .notAvailable("a steady phantom does not show it: run it on the test object")
                }
            return ClauseResult(clause: clause, outcome: outcome)
        }
    }

    /// The limits of the test object's clauses, %.
    private static let biasLimit = 3.0
    private static let deviationLimit = 5.0
    private static let measuredLimit = 90.0
    private static let readoutLimit = (reading: 0.01, nyquist: 0.002)

    private static func measured(_ values: [Double?]) -> ClauseFigure {
        let found = values.count { $0 != nil }
        return .atLeast(
            measuredLimit, "columns measured", values.isEmpty ? nil : 100 * Double(found) / Double(values.count), "%")
    }

    /// A string is the phantom's tone: the mean of both estimators' readings.
    private func readout(_ truth: PhantomTruth) -> ClauseOutcome {
        guard truth.phantom == .string else { return .notAvailable("it needs a string phantom") }
        let wanted = truth.sign * truth.meanCmPerS
        let allowed = max(Self.readoutLimit.reading * abs(wanted), Self.readoutLimit.nyquist * nyquistCmPerS)
        let errors = [meanCmPerS, spectralMeanCmPerS].map { values in
            Spread.of(values.compactMap { $0 }).map { 100 * abs($0.mean - wanted) / allowed }
        }
        let known = errors.compactMap { $0 }
        return .measured(
            [
                .atMost(100, "error of what is allowed", known.count == errors.count ? known.max() : nil, "%"),
                Self.measured(meanCmPerS),
            ], scenes: 1)
    }

    private func mean(_ truth: PhantomTruth) -> ClauseOutcome {
        let wanted = truth.sign * truth.meanCmPerS
        let spreads = [meanCmPerS, spectralMeanCmPerS].compactMap { values in
            Spread.of(values.compactMap { $0.map { 100 * ($0 / wanted - 1) } })
        }
        return .measured(
            [
                .atMost(Self.biasLimit, "worst bias", Spread.farthest(spreads.map(\.mean)).map(abs), "%"),
                .shown("SD of single columns", spreads.map(\.deviation).max(), "%"), Self.measured(meanCmPerS),
            ], scenes: 1)
    }

    private func envelope(_ truth: PhantomTruth) -> ClauseOutcome {
        guard let maximum = truth.knownMaximumCmPerS else {
            return .notAvailable("it needs maximumCmPerS in the truth file")
        }
        let values = truth.direction == .towards ? envelopeTowardsCmPerS : envelopeAwayCmPerS
        let spread = Spread.of(values.compactMap { $0.map { 100 * (abs($0) / maximum - 1) } })
        return .measured(
            [
                .atMost(Self.biasLimit, "bias", spread.map { abs($0.mean) }, "%"),
                .atMost(Self.deviationLimit, "SD of single columns", spread?.deviation, "%"), Self.measured(values),
            ], scenes: 1)
    }

    private func direction(_ truth: PhantomTruth) -> ClauseOutcome {
        let found = meanCmPerS.compactMap { $0 }
        let wrong = found.count { $0 * truth.sign <= 0 }
        let isWrong = found.isEmpty ? nil : 2 * wrong >= found.count ? 1.0 : 0
        return .measured(
            [
                .atMost(0, "wrong recordings", isWrong),
                .shown("wrong columns", found.isEmpty ? nil : 100 * Double(wrong) / Double(found.count), "%"),
            ], scenes: 1)
    }
}
