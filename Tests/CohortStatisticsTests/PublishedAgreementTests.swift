import CohortStatistics
import Testing

/// Published figures of readers' agreement and of a test's accuracy, recomputed from counts that fit them.
@Suite("published reproducibility")
struct PublishedAgreementTests {
    /// Kappa with the limits that papers make of its standard error.
    private func wald(_ readings: PairedReadings) throws -> String {
        let kappa = try #require(readings.kappa.value)
        let reach = try 1.96 * #require(readings.kappaStandardError.value)
        return
            "\(printed(.value(kappa), 2)) (\(printed(.value(kappa - reach), 2))-\(printed(.value(kappa + reach), 2)))"
    }

    @Test(
        "Menegatti 2010, Int Angiol 29:121: trained against trained, printed 0.80 (0.59-1.01), leaves the range; ours not"
    )
    func trained() throws {
        // The paper prints no counts; of all tables of 36 subjects 9, 0, 3, 24 gives the printed interval.
        let readings = try PairedReadings(bothYes: 9, firstOnly: 0, secondOnly: 3, bothNo: 24)
        #expect(readings.subjects == 36)
        #expect(try wald(readings) == "0.80 (0.59-1.01)")
        let limits = try readings.kappaInterval(seed: 1, resamples: 20_000).limits
        #expect(printed(limits.lower, 1) == "0.5")
        #expect(limits.upper == .value(1))
    }

    @Test("Menegatti 2010: one operator twice, printed 0.93 (0.80-1.06), leaves the range; ours not")
    func intraOperator() throws {
        // No table of the stated 15 subjects gives this interval; 10, 0, 1, 25 of all 36 does.
        let readings = try PairedReadings(bothYes: 10, firstOnly: 0, secondOnly: 1, bothNo: 25)
        #expect(try wald(readings) == "0.93 (0.80-1.06)")
        #expect(try readings.kappaInterval(seed: 1).limits.upper == .value(1))
    }

    @Test("Farina 2017, Neuro Open J 4(1): B-mode for valve defects")
    func farina() throws {
        // 91 of 109 and 72 of 75 are the whole numbers that fit the four printed shares.
        let counts = try TwoByTwo(casesWith: 91, of: 109, controlsWith: 3, of: 75)
        func share(_ share: CountedShare) -> String {
            printed(share.share.times(100), Limits(share, percent: true), 1)
        }
        #expect(share(counts.sensitivity) == "83.5 (75.2-89.9)")
        #expect(share(counts.specificity) == "96.0 (88.8-99.2)")
        #expect(printed(counts.positivePredictiveValue.share.times(100), 1) == "96.8")
        // Printed 88.6 (84.0-93.2): the limits of the accuracy are the normal approximation's; exact ones are lower.
        #expect(share(counts.accuracy) == "88.6 (83.1-92.8)")
        let accuracy = 163.0 / 184
        let reach = 1.96 * (accuracy * (1 - accuracy) / 184).squareRoot()
        #expect(printed(.value(100 * (accuracy - reach)), 1) == "84.0")
        #expect(printed(.value(100 * (accuracy + reach)), 1) == "93.2")
    }

    @Test("Farina 2017: 1020 were screened, 640 and 315 analysed: 65 discordant ones were removed before counting")
    func farinaRemoved() { #expect(1020 - 640 - 315 == 65) }

    @Test("Leone 2013, BMJ Open 3:e003508: kappa of -0.02 goes with high raw agreement when a criterion is rare")
    func leone() throws {
        // 93 subjects; the printed kappa of criterion 2 is -0.02. Such counts give it with 96 % raw agreement.
        let readings = try PairedReadings(bothYes: 0, firstOnly: 2, secondOnly: 2, bothNo: 89)
        #expect(printed(readings.kappa, 2) == "-0.02")
        #expect(printed(readings.observedAgreement.share, 2) == "0.96")
        #expect(readings.positiveAgreement == .value(0))
        #expect(printed(readings.negativeAgreement, 2) == "0.98")
    }
}

extension Limits {
    /// A share's limits as percentages.
    init(_ share: CountedShare, percent: Bool) {
        self = share.limits
        guard percent else { return }
        lower = lower.times(100)
        upper = upper.times(100)
    }
}
