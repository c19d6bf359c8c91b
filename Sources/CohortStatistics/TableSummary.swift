/// Everything that a two-by-two table says, as one document.
public struct TableSummary: Sendable, Hashable, Encodable {
    /// The counts.
    public var counts: TwoByTwo
    /// The share of cases among all people.
    public var conditionPrevalence: CountedShare
    /// The share of all people with the finding.
    public var findingPrevalence: CountedShare
    /// The share of the cases with the finding.
    public var sensitivity: CountedShare
    /// The share of the controls without the finding.
    public var specificity: CountedShare
    /// The share of cases among those with the finding.
    public var positivePredictiveValue: CountedShare
    /// The share of controls among those without the finding.
    public var negativePredictiveValue: CountedShare
    /// The odds ratio with Woolf's limits.
    public var oddsRatio: RatioEstimate
    /// Exact limits of the odds ratio.
    public var exactOddsRatioLimits: Limits
    /// The risk ratio with Katz's limits.
    public var riskRatio: RatioEstimate
    /// The tests, each with its name.
    public var tests: [TestResult]
    /// The smallest expected count.
    public var smallestExpectedCount: Figure

    /// The summary of a table.
    public init(_ table: TwoByTwo) {
        counts = table
        conditionPrevalence = table.conditionPrevalence
        findingPrevalence = table.findingPrevalence
        sensitivity = table.sensitivity
        specificity = table.specificity
        positivePredictiveValue = table.positivePredictiveValue
        negativePredictiveValue = table.negativePredictiveValue
        oddsRatio = table.oddsRatio
        exactOddsRatioLimits = table.exactOddsRatioLimits
        riskRatio = table.riskRatio
        tests = [table.fisherTest, table.chiSquareTest, table.yatesTest]
        smallestExpectedCount = table.smallestExpectedCount
    }
}
