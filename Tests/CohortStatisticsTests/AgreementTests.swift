import CohortStatistics
import TestSupport
import Testing

@Suite("agreement of two readers")
struct AgreementTests {
    @Test("kappa is Cohen's, by hand")
    func byHand() throws {
        // 85 of 100 agree; chance: 0.25 x 0.30 + 0.75 x 0.70 = 0.60.
        let readings = try PairedReadings(bothYes: 20, firstOnly: 5, secondOnly: 10, bothNo: 65)
        expectNear(readings.kappa, 0.625, within: 1e-12)
        expectNear(readings.observedAgreement.share, 0.85)
        expectNear(readings.positiveAgreement, 40.0 / 55)
        expectNear(readings.negativeAgreement, 130.0 / 145)
        expectNear(readings.prevalence, 55.0 / 200)
    }

    @Test(
        "the bootstrap's interval is near that of NumPy with 200,000 resamples",
        arguments: [
            ([9, 0, 3, 24], 0.54716981, 1.0), ([10, 0, 1, 25], 0.76923077, 1),
            ([20, 5, 10, 65], 0.43902439, 0.78571429),
            ([30, 20, 15, 135], 0.37024019, 0.65040058),
        ])
    func numpy(_ counts: [Int], _ low: Double, _ high: Double) throws {
        let readings = try PairedReadings(
            bothYes: counts[0], firstOnly: counts[1], secondOnly: counts[2], bothNo: counts[3])
        let interval = try readings.kappaInterval(seed: 1, resamples: 20_000)
        #expect(abs(try #require(interval.limits.lower.value) - low) < 0.02)
        #expect(abs(try #require(interval.limits.upper.value) - high) < 0.02)
    }

    @Test("one seed gives one interval, another seed another")
    func seeds() throws {
        let readings = try PairedReadings(bothYes: 20, firstOnly: 5, secondOnly: 10, bothNo: 65)
        let one = try readings.kappaInterval(seed: 7)
        #expect(try readings.kappaInterval(seed: 7) == one)
        #expect(try readings.kappaInterval(seed: 8).limits.lower != one.limits.lower)
        #expect(one.resamples == 2000)
        #expect(one.limits.method.contains("seed 7"))
    }

    @Test("an interval never leaves -1 to 1 and holds kappa", arguments: UInt64(0)..<40)
    func clipped(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let counts = (0..<4).map { _ in Int.random(in: 0...12, using: &generator) }
        let readings = try PairedReadings(
            bothYes: counts[0], firstOnly: counts[1], secondOnly: counts[2], bothNo: counts[3])
        let interval = try readings.kappaInterval(seed: seed, resamples: 500)
        guard let kappa = readings.kappa.value, let low = interval.limits.lower.value,
            let high = interval.limits.upper.value
        else {
            // No kappa, no interval; and a kappa without one only when most resamples have none.
            #expect(interval.limits.lower.value == nil && interval.limits.upper.value == nil)
            if readings.kappa.value != nil { #expect(2 * interval.resamplesWithoutKappa > interval.resamples) }
            return
        }
        #expect(low >= -1 && high <= 1 && low <= high)
        #expect(low <= kappa + 1e-9 && kappa <= high + 1e-9)
    }

    @Test("readers exchanged give the same kappa", arguments: UInt64(0)..<20)
    func exchanged(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let counts = (0..<4).map { _ in Int.random(in: 0...40, using: &generator) }
        let one = try PairedReadings(
            bothYes: counts[0], firstOnly: counts[1], secondOnly: counts[2], bothNo: counts[3])
        let other = try PairedReadings(
            bothYes: counts[0], firstOnly: counts[2], secondOnly: counts[1], bothNo: counts[3])
        expectNear(one.kappa, try #require(other.kappa.value))
        expectNear(one.kappaStandardError, try #require(other.kappaStandardError.value), within: 1e-6)
    }

    @Test("where chance agrees completely there is no kappa, and the agreement stands beside it")
    func noKappa() throws {
        let never = try PairedReadings(bothYes: 0, firstOnly: 0, secondOnly: 0, bothNo: 30)
        #expect(never.kappa == .undefined(.readersAgreeByChanceAlone))
        #expect(never.kappaStandardError == .undefined(.readersAgreeByChanceAlone))
        #expect(try never.kappaInterval(seed: 1).limits.upper == .undefined(.readersAgreeByChanceAlone))
        #expect(never.observedAgreement.share == .value(1))
        #expect(never.positiveAgreement == .undefined(.positiveByNeitherReader))
        #expect(never.negativeAgreement == .value(1))
        let empty = try PairedReadings([])
        #expect(empty.kappa == .undefined(.nobodyCounted))
        #expect(empty.prevalence == .undefined(.nobodyCounted))
    }

    @Test("with a rare finding kappa is near 0 although nearly all agree")
    func rare() throws {
        let readings = try PairedReadings(bothYes: 0, firstOnly: 2, secondOnly: 3, bothNo: 95)
        #expect(try #require(readings.kappa.value) < 0)
        expectNear(readings.observedAgreement.share, 0.95)
        #expect(readings.positiveAgreement == .value(0))
    }

    @Test("impossible counts and numbers of resamples are refused")
    func refused() throws {
        #expect(throws: CohortError.self) {
            try PairedReadings(bothYes: -1, firstOnly: 0, secondOnly: 0, bothNo: 0)
        }
        #expect(throws: CohortError.countOutOfRange(name: "the number of subjects", value: 200_000)) {
            try PairedReadings(bothYes: 100_000, firstOnly: 0, secondOnly: 0, bothNo: 100_000)
        }
        let readings = try PairedReadings(bothYes: 1, firstOnly: 1, secondOnly: 0, bothNo: 1)
        #expect(throws: CohortError.resamplesOutOfRange(10)) { try readings.kappaInterval(seed: 1, resamples: 10) }
    }

    @Test("unanswered subjects are left out of a question and counted")
    func leftOut() throws {
        let list = try ReadingList(
            """
            subject,question,first,second
            S1,c1,met,met
            S2,c1,notMet,notAssessable
            S3,c1,notMet,notMet
            S1,c2,notExamined,met
            """, file: "readings.csv")
        let agreement = try list.agreement(seed: 1)
        #expect(agreement.map(\.question) == ["c1", "c2"])
        #expect(agreement[0].counts.subjects == 2)
        #expect(agreement[0].leftOut == 1)
        #expect(agreement[0].kappa == .value(1))
        #expect(agreement[1].kappa == .undefined(.nobodyCounted))
        #expect(agreement[1].leftOut == 1)
    }

    @Test("a shuffle holds every item once, and each order of three is as frequent")
    func shuffle() {
        var numbers = SeededNumbers(seed: 3)
        var counts: [[Int]: Int] = [:]
        for _ in 0..<6000 { counts[numbers.shuffled([1, 2, 3]), default: 0] += 1 }
        #expect(counts.count == 6)
        for (order, count) in counts {
            #expect(order.sorted() == [1, 2, 3])
            // Five standard deviations around 1000.
            #expect(abs(count - 1000) < 145)
        }
    }
}
