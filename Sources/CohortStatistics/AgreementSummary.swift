/// Everything that two readers' answers say, as one document.
public struct AgreementSummary: Sendable, Hashable, Encodable {
    /// The question, for example a criterion.
    public var question: String
    /// The counts.
    public var counts: PairedReadings
    /// Subjects whom at least one reader could not answer; not in the counts.
    public var leftOut: Int
    /// Kappa.
    public var kappa: Figure
    /// Its bootstrap interval.
    public var kappaInterval: PairedReadings.KappaInterval
    /// The share on whom both agree.
    public var observedAgreement: CountedShare
    /// Agreement on yes.
    public var positiveAgreement: Figure
    /// Agreement on no.
    public var negativeAgreement: Figure
    /// The share of yes.
    public var prevalence: Figure

    /// The summary of answers to one question.
    ///
    /// - Throws: `resamplesOutOfRange`.
    public init(
        question: String, _ readings: PairedReadings, leftOut: Int, seed: UInt64,
        resamples: Int = PairedReadings.usualResamples
    ) throws(CohortError) {
        self.question = question
        counts = readings
        self.leftOut = leftOut
        kappa = readings.kappa
        kappaInterval = try readings.kappaInterval(seed: seed, resamples: resamples)
        observedAgreement = readings.observedAgreement
        positiveAgreement = readings.positiveAgreement
        negativeAgreement = readings.negativeAgreement
        prevalence = readings.prevalence
    }
}
