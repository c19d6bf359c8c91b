import CohortStatistics
import TestSupport
import Testing

@Suite("two-by-two tables")
struct TwoByTwoTests {
    /// Cells with what SciPy 1.17.1 gives: fisher_exact, chi2_contingency without and with correction, and the
    /// confidence interval of contingency.odds_ratio (conditional).
    struct Judged: Sendable {
        var cells: [Int]
        var fisher: Double
        var chiSquare: (Double, Double)
        var yates: (Double, Double)
        var exact: (Double, Double)
    }

    static let judged: [Judged] = [
        Judged(
            cells: [46, 19, 0, 235], fisher: 2.911035384921766e-39,
            chiSquare: (196.42640823743184, 1.2580676782723523e-44),
            yates: (191.01298739137718, 1.9108244652469598e-43), exact: (129.45201788401832, .infinity)),
        Judged(
            cells: [24, 41, 1, 234], fisher: 4.814183233426787e-17,
            chiSquare: (88.78857312899865, 4.3934646711096555e-21),
            yates: (84.07498884094628, 4.76359149156899e-20), exact: (20.720488776606786, 5654.972743998928)),
        Judged(
            cells: [38, 1127, 8, 368], fisher: 0.29983894229773195,
            chiSquare: (1.2625628850192807, 0.26116652838765286),
            yates: (0.9013039070896225, 0.34243232620775294), exact: (0.7043147495772065, 3.88344370091875)),
        Judged(
            cells: [8, 198, 5, 65], fisher: 0.3255532939463882, chiSquare: (1.2366318756366372, 0.26612116225516985),
            yates: (0.6170507553652, 0.4321453596816882), exact: (0.14586281662447784, 2.120691415757448)),
        Judged(
            cells: [13, 7, 16, 4], fisher: 0.4801153510830931, chiSquare: (1.1285266457680252, 0.28808982629634616),
            yates: (0.5015673981191222, 0.4788122295116437), exact: (0.08230411593749645, 2.3622057905294307)),
        Judged(
            cells: [1, 9, 11, 3], fisher: 0.0027594561852200836,
            chiSquare: (10.971428571428572, 0.000925274037119762),
            yates: (8.4, 0.00375221010087385), exact: (0.0006360029488741693, 0.4258664756963734)),
        Judged(
            cells: [0, 20, 1, 19], fisher: 1, chiSquare: (1.0256410256410255, 0.3111846688226151), yates: (0, 1),
            exact: (0, 38.99999999999997)),
    ]

    @Test("tests and exact limits are those of SciPy", arguments: judged)
    func scipy(_ judged: Judged) throws {
        let table = try table(judged.cells[0], judged.cells[1], judged.cells[2], judged.cells[3])
        expectNear(table.fisherTest.probability, judged.fisher, within: 1e-8)
        expectNear(try #require(table.chiSquareTest.statistic), judged.chiSquare.0, within: 1e-10)
        expectNear(table.chiSquareTest.probability, judged.chiSquare.1, within: 1e-8)
        expectNear(try #require(table.yatesTest.statistic), judged.yates.0, within: 1e-10)
        expectNear(table.yatesTest.probability, judged.yates.1, within: 1e-8)
        let limits = table.exactOddsRatioLimits
        expectNear(limits.lower, judged.exact.0, within: 1e-6)
        if judged.exact.1.isFinite {
            expectNear(limits.upper, judged.exact.1, within: 1e-6)
        } else {
            #expect(limits.upper == .unbounded)
        }
    }

    @Test("the limits of shares are those of SciPy's binomtest, exact")
    func shares() throws {
        let vectors: [(Int, Int, Double, Double)] = [
            (91, 109, 0.7516250743878833, 0.8990915619028713), (72, 75, 0.8875231782399902, 0.9916738343338327),
            (0, 20, 0, 0.16843347098308548), (20, 20, 0.8315665290169145, 1),
            (1, 10, 0.0025285785444625728, 0.44501611702819543), (162, 289, 0.5012289995437468, 0.6186239102014597),
            (5, 1_000_000, 1.6234883187096884e-06, 1.1668293175240655e-05),
        ]
        for (count, total, low, high) in vectors {
            let share = try TwoByTwo(casesWith: count, of: total, controlsWith: 0, of: 1).sensitivity
            expectNear(share.limits.lower, low, within: 1e-8)
            expectNear(share.limits.upper, high, within: 1e-8)
        }
    }

    @Test("0.5 is added to all cells of the odds ratio only when a cell is zero")
    func woolf() throws {
        let whole = try table(24, 41, 1, 234).oddsRatio
        #expect(!whole.isHalfAdded)
        expectNear(whole.ratio, 24.0 * 234 / 41)
        let zero = try table(46, 19, 0, 235).oddsRatio
        #expect(zero.isHalfAdded)
        expectNear(zero.ratio, 46.5 * 235.5 / (19.5 * 0.5))
    }

    @Test("0.5 is added for the risk ratio only when an event cell is zero")
    func katz() throws {
        let full = try table(21, 0, 4, 25).riskRatio
        #expect(!full.isHalfAdded)
        expectNear(full.ratio, 29.0 / 4)
        let none = try table(21, 4, 0, 25).riskRatio
        #expect(none.isHalfAdded)
        expectNear(none.ratio, (21.5 / 26) / (0.5 / 26))
    }

    @Test("what would be 0/0 is undefined with its reason, never 0 and never no number")
    func undefined() throws {
        let nobody = try table(0, 44, 0, 44)
        #expect(nobody.oddsRatio.ratio == .undefined(.nobodyWithFinding))
        #expect(nobody.riskRatio.ratio == .undefined(.nobodyWithFinding))
        #expect(nobody.fisherTest.probability == .undefined(.nobodyWithFinding))
        #expect(nobody.chiSquareTest.statistic == .undefined(.nobodyWithFinding))
        #expect(nobody.positivePredictiveValue.share == .undefined(.nobodyWithFinding))
        #expect(nobody.sensitivity.share == .value(0))
        #expect(try table(0, 0, 3, 4).sensitivity.share == .undefined(.noCases))
        #expect(try table(3, 4, 0, 0).oddsRatio.limits.upper == .undefined(.noControls))
        let everybody = try table(5, 0, 7, 0)
        #expect(everybody.oddsRatio.ratio == .undefined(.nobodyWithoutFinding))
        #expect(everybody.riskRatio.ratio == .value(1))
        #expect(everybody.riskRatio.limits.lower == .undefined(.noSpread))
        #expect(try table(0, 0, 0, 0).findingPrevalence.share == .undefined(.nobodyCounted))
    }

    @Test("impossible counts are refused")
    func refused() {
        #expect(throws: CohortError.moreFindingsThanPeople(group: "cases", findings: 3, people: 2)) {
            try TwoByTwo(casesWith: 3, of: 2, controlsWith: 0, of: 1)
        }
        #expect(throws: CohortError.countOutOfRange(name: "controls with the finding", value: -1)) {
            try TwoByTwo(casesWith: 0, of: 2, controlsWith: -1, of: 1)
        }
        #expect(throws: CohortError.countOutOfRange(name: "cases", value: .max)) {
            try TwoByTwo(casesWith: 0, of: .max, controlsWith: 0, of: 1)
        }
    }

    @Test("the largest tables end with finite figures")
    func largest() throws {
        let half = TwoByTwo.mostPeople / 2
        let table = try table(half, half, half - 5000, half + 5000)
        let summary = TableSummary(table)
        expectNear(summary.oddsRatio.ratio, Double(half + 5000) / Double(half - 5000), within: 1e-9)
        let upper = try #require(summary.exactOddsRatioLimits.upper.value)
        expectNear(summary.oddsRatio.limits.upper, upper, within: 1e-4)
        #expect(try #require(summary.tests[0].probability.value) > 0)
    }

    @Test("groups exchanged invert the odds ratio, and no test changes", arguments: UInt64(0)..<40)
    func exchangedGroups(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let cells = (0..<4).map { _ in Int.random(in: 0...30, using: &generator) }
        let table = try table(cells[0], cells[1], cells[2], cells[3])
        let other = try CohortStatisticsTests.table(cells[2], cells[3], cells[0], cells[1])
        guard let ratio = table.oddsRatio.ratio.value, let back = other.oddsRatio.ratio.value else {
            #expect(table.oddsRatio.ratio.value == nil && other.oddsRatio.ratio.value == nil)
            return
        }
        #expect(abs(ratio * back - 1) < 1e-12)
        expectNear(table.fisherTest.probability, try #require(other.fisherTest.probability.value), within: 1e-9)
        expectNear(table.chiSquareTest.probability, try #require(other.chiSquareTest.probability.value), within: 1e-9)
        let exact = table.exactOddsRatioLimits
        let raw = Double(cells[0] * cells[3]) / Double(cells[1] * cells[2])
        #expect(try #require(exact.lower.value) <= raw)
        if let upper = exact.upper.value { #expect(upper >= raw) }
    }

    @Test("Fisher's probability is the sum over all tables by factorials", arguments: UInt64(0)..<40)
    func fisherByHand(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let cells = (0..<4).map { _ in Int.random(in: 0...7, using: &generator) }
        let table = try table(cells[0], cells[1], cells[2], cells[3])
        guard let probability = table.fisherTest.probability.value else { return }
        func factorial(_ number: Int) -> Double { (1...max(1, number)).reduce(1) { $0 * Double($1) } }
        func weight(_ casesWith: Int) -> Double? {
            let rest = [
                casesWith, table.cases - casesWith, table.findings - casesWith,
                table.controls - table.findings + casesWith,
            ]
            return rest.contains { $0 < 0 } ? nil : rest.reduce(1) { $0 / factorial($1) }
        }
        let own = try #require(weight(table.casesWith))
        let all = (0...table.cases).compactMap(weight)
        let wanted = all.filter { $0 <= own * (1 + 1e-9) }.reduce(0, +) / all.reduce(0, +)
        #expect(abs(probability - wanted) < 1e-10)
    }
}
