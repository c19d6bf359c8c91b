/// The result of a named test of no difference.
public struct TestResult: Sendable, Hashable, Encodable {
    /// The test's name: papers give p values of different tests.
    public var name: String
    /// The test's statistic; `nil` for a test without one.
    public var statistic: Figure?
    /// The probability of what was seen or worse if there is no difference, above 0, at most 1.
    public var probability: Figure
}

extension TwoByTwo {
    /// Fisher's exact test, two-sided: the probability of all tables that are no more probable than this one.
    public var fisherTest: TestResult {
        let name = "Fisher exact, two-sided by probability"
        if let emptyMargin { return TestResult(name: name, probability: .undefined(emptyMargin)) }
        let law = CountLaw.hypergeometric(cases: cases, controls: controls, findings: findings)
        return TestResult(name: name, probability: .value(law.tails(of: casesWith).asRareOrRarer))
    }

    /// Pearson's chi-square test without correction.
    public var chiSquareTest: TestResult { chiSquare("chi-square, uncorrected", lessened: 0) }

    /// Pearson's chi-square test with Yates's correction (Yates 1934).
    public var yatesTest: TestResult { chiSquare("chi-square, Yates", lessened: 0.5) }

    /// The smallest count that a cell would have without any difference; below 5 chi-square is doubtful (Cochran 1954).
    public var smallestExpectedCount: Figure {
        guard people > 0 else { return .undefined(.nobodyCounted) }
        let groups = (Double(cases), Double(controls))
        let answers = (Double(findings), Double(withoutFinding))
        return .value(min(groups.0, groups.1) * min(answers.0, answers.1) / Double(people))
    }

    private func chiSquare(_ name: String, lessened: Double) -> TestResult {
        if let emptyMargin {
            return TestResult(name: name, statistic: .undefined(emptyMargin), probability: .undefined(emptyMargin))
        }
        let total = Double(people)
        let expected = Double(cases) * Double(findings) / total
        // Every cell is as far from what is expected.
        let distance = max(0, abs(Double(casesWith) - expected) - lessened)
        let margins = Double(cases) * Double(controls) * Double(findings) * Double(withoutFinding)
        let statistic = distance * distance * total * total * total / margins
        return TestResult(
            name: name, statistic: .value(statistic),
            probability: .value(ChiSquare.upperTail(statistic, degreesOfFreedom: 1)))
    }
}
