import CohortStatistics
import TestSupport
import Testing

@Suite("forests of studies")
struct ForestTests {
    /// Studies from their cells, each of a cohort of its own.
    private func studies(_ cells: [[Int]]) throws -> [CohortStudy] {
        try cells.enumerated().map { index, cells in
            CohortStudy(
                name: "study \(index)", question: "q", cohort: "cohort \(index)",
                counts: try table(cells[0], cells[1], cells[2], cells[3]), citation: "made for this test")
        }
    }

    /// The BCG vaccine trials (Colditz 1994), vaccinated and not, with and without tuberculosis: the example of
    /// metafor (Viechtbauer 2010).
    private static let bcg = [
        [4, 119, 11, 128], [6, 300, 29, 274], [3, 228, 11, 209], [62, 13536, 248, 12619], [33, 5036, 47, 5761],
        [180, 1361, 372, 1079], [8, 2537, 10, 619], [505, 87886, 499, 87892], [29, 7470, 45, 7232],
        [17, 1699, 65, 1600], [186, 50448, 141, 27197], [5, 2493, 3, 2338], [27, 16886, 29, 17825],
    ]

    /// The natural logarithm of a ratio and the standard error behind its limits.
    private func logs(_ pooled: Forest.Pooled) throws -> (Double, Double) {
        let ratio = try #require(pooled.ratio.value)
        let (low, high) = (try #require(pooled.limits.lower.value), try #require(pooled.limits.upper.value))
        return (log(ratio), (log(high) - log(low)) / (2 * 1.96))
    }

    private func log(_ value: Double) -> Double {
        // Twice the area tangent, so that the judge needs no library.
        var (reduced, twos) = (value, 0.0)
        while reduced > 1.5 { (reduced, twos) = (reduced / 2, twos + 1) }
        while reduced < 0.75 { (reduced, twos) = (reduced * 2, twos - 1) }
        let ratio = (reduced - 1) / (reduced + 1)
        let terms = (0..<60).reduce((sum: 0.0, power: ratio)) { state, index in
            (state.sum + state.power / Double(2 * index + 1), state.power * ratio * ratio)
        }
        return 2 * terms.sum + twos * 0.6931471805599453
    }

    @Test("the BCG trials have metafor's figures: fixed, DerSimonian-Laird, Q, I2 and tau2 of risk ratios")
    func bcgRisks() throws {
        let forest = try Forest(studies(Self.bcg), measure: .riskRatio)
        let (fixed, random) = (try logs(forest.fixed), try logs(forest.random))
        #expect(abs(fixed.0 + 0.4303) < 5e-5 && abs(fixed.1 - 0.0405) < 5e-5)
        #expect(abs(random.0 + 0.7141) < 5e-5 && abs(random.1 - 0.1787) < 5e-5)
        #expect(printed(forest.heterogeneity.q, 4) == "152.2330")
        #expect(forest.heterogeneity.degreesOfFreedom == 12)
        #expect(printed(forest.heterogeneity.tauSquared, 4) == "0.3088")
        #expect(printed(forest.heterogeneity.iSquared, 4) == "0.9212")
    }

    @Test("the BCG trials have metafor's Mantel-Haenszel figures of odds and of risks")
    func bcgMantelHaenszel() throws {
        let odds = try logs(Forest(studies(Self.bcg), fixedMethod: .mantelHaenszel).fixed)
        #expect(abs(odds.0 + 0.4734) < 5e-5 && abs(odds.1 - 0.0410) < 5e-5)
        let risks = try logs(Forest(studies(Self.bcg), measure: .riskRatio, fixedMethod: .mantelHaenszel).fixed)
        #expect(abs(risks.0 + 0.4537) < 5e-5 && abs(risks.1 - 0.0393) < 5e-5)
    }

    @Test("the published studies pool to what NumPy gives")
    func published() throws {
        let forest = try Forest(StudyList.published().studies(of: "ccsvi"))
        #expect(forest.rows.count == 8)
        expectNear(forest.fixed.ratio, 2.4076913528278947)
        expectNear(forest.fixed.limits.lower, 1.8016142875885177)
        expectNear(forest.fixed.limits.upper, 3.2176574588790268)
        expectNear(forest.random.ratio, 1.876125349444236)
        expectNear(forest.random.limits.lower, 0.8344239342206473)
        expectNear(forest.random.limits.upper, 4.218295020641752)
        expectNear(forest.heterogeneity.q, 35.92164931573036)
        expectNear(forest.heterogeneity.probability, 7.500279591677837e-06)
        expectNear(forest.heterogeneity.iSquared, 0.8051314420873585)
        expectNear(forest.heterogeneity.tauSquared, 0.8723715115536446)
        let risks = try Forest(
            StudyList.published().studies(of: "ccsvi"), measure: .riskRatio, fixedMethod: .mantelHaenszel)
        expectNear(risks.random.ratio, 1.5471154525832918)
        expectNear(risks.fixed.ratio, 2.0625386541177635)
        expectNear(risks.fixed.limits.upper, 2.556102050567956)
    }

    @Test("a study without events is left out and named")
    func withoutEvents() throws {
        let cells = [[3, 10, 2, 11], [0, 44, 0, 44], [5, 8, 1, 12]]
        let forest = try Forest(studies(cells))
        #expect(forest.rows.map(\.study.name) == ["study 0", "study 2"])
        #expect(forest.leftOut.map(\.study.name) == ["study 1"])
        #expect(forest.leftOut.map(\.reason) == [.nobodyWithFinding])
        #expect(try Forest(studies([cells[0], cells[2]])).fixed == forest.fixed)
    }

    @Test("two rows of one cohort never stand in one forest, not even when one has no events")
    func oneCohort() throws {
        var both = try studies([[3, 10, 2, 11], [0, 9, 0, 9], [1, 9, 2, 8]])
        both[2].cohort = both[1].cohort
        #expect(throws: CohortError.cohortTwice(cohort: "cohort 1", studies: ["study 1", "study 2"])) {
            try Forest(both)
        }
    }

    @Test("studies that agree have tau2 and I2 of 0, and both effects are one")
    func homogeneous() throws {
        let forest = try Forest(studies([[10, 20, 5, 25], [20, 40, 10, 50], [30, 60, 15, 75]]))
        #expect(forest.heterogeneity.tauSquared == .value(0))
        #expect(forest.heterogeneity.iSquared == .value(0))
        expectNear(forest.random.ratio, try #require(forest.fixed.ratio.value))
        expectNear(forest.fixed.ratio, 2.5, within: 1e-9)
    }

    @Test("one study pools to itself and says nothing of differences; none is no ratio")
    func few() throws {
        let one = try Forest(studies([[10, 20, 5, 25]]))
        expectNear(one.fixed.ratio, 2.5)
        expectNear(one.random.ratio, 2.5)
        #expect(one.heterogeneity.iSquared == .undefined(.onlyOneStudy))
        let none = try Forest(studies([[0, 20, 0, 25]]), fixedMethod: .mantelHaenszel)
        #expect(none.fixed.ratio == .undefined(.noUsableStudy))
        #expect(none.random.ratio == .undefined(.noUsableStudy))
        #expect(none.heterogeneity.q == .undefined(.noUsableStudy))
    }

    @Test("weights add to 1, tau2 is never below 0 and the order of studies changes nothing", arguments: UInt64(0)..<30)
    func properties(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let cells = (0..<6).map { _ in (0..<4).map { _ in Int.random(in: 0...25, using: &generator) } }
        for method in Forest.FixedMethod.allCases {
            for measure in Forest.Measure.allCases {
                let forest = try Forest(studies(cells), measure: measure, fixedMethod: method)
                let back = try Forest(studies(cells.reversed()), measure: measure, fixedMethod: method)
                #expect(forest.rows.count + forest.leftOut.count == 6)
                guard let ratio = forest.fixed.ratio.value else { continue }
                #expect(abs(forest.rows.reduce(0) { $0 + $1.fixedWeight } - 1) < 1e-9)
                #expect(abs(forest.rows.reduce(0) { $0 + $1.randomWeight } - 1) < 1e-9)
                expectNear(back.fixed.ratio, ratio, within: 1e-9)
                if let tau = forest.heterogeneity.tauSquared.value { #expect(tau >= 0) }
            }
        }
    }
}
