internal import Glibc

/// A ratio of odds or of risks with the limits of its logarithm.
public struct RatioEstimate: Sendable, Hashable, Encodable {
    /// The ratio; 1 means no difference.
    public var ratio: Figure
    /// Its limits.
    public var limits: Limits
    /// The standard error of its natural logarithm.
    public var standardErrorOfLog: Figure
    /// Whether 0.5 was added to all cells because one that counts is zero.
    public var isHalfAdded: Bool

    /// An estimate from its logarithm's variance.
    fileprivate init(_ ratio: Double, varianceOfLog: Double, isHalfAdded: Bool, method: String) {
        self.ratio = .value(ratio)
        self.isHalfAdded = isHalfAdded
        guard varianceOfLog > 0 else {
            limits = .undefined(.noSpread, method)
            standardErrorOfLog = .undefined(.noSpread)
            return
        }
        let error = varianceOfLog.squareRoot()
        let factor = exp(Limits.normalQuantile * error)
        limits = Limits(lower: .value(ratio / factor), upper: .value(ratio * factor), method: method)
        standardErrorOfLog = .value(error)
    }

    /// No estimate, for a reason.
    fileprivate init(_ reason: UndefinedReason, method: String) {
        ratio = .undefined(reason)
        limits = .undefined(reason, method)
        standardErrorOfLog = .undefined(reason)
        isHalfAdded = false
    }
}

extension TwoByTwo {
    /// What is added to every cell where one is zero (Haldane 1956, Anscombe 1956).
    private static let addedToCells = 0.5

    /// The odds of the finding in cases over those in controls, with Woolf's limits (Woolf 1955).
    ///
    /// 0.5 is added to all cells only when a cell is zero. Undefined when a group or an answer is empty: 0/0.
    public var oddsRatio: RatioEstimate {
        let method = "Woolf"
        if let emptyMargin { return RatioEstimate(emptyMargin, method: method) }
        let isHalfAdded = cells.contains(0)
        let added = isHalfAdded ? Self.addedToCells : 0
        let cell = cells.map { Double($0) + added }
        return RatioEstimate(
            cell[0] * cell[3] / (cell[1] * cell[2]), varianceOfLog: cell.reduce(0) { $0 + 1 / $1 },
            isHalfAdded: isHalfAdded, method: method)
    }

    /// The risk of the finding in cases over that in controls, with Katz's limits (Katz 1978).
    ///
    /// 0.5 is added to all cells only when one of the two event cells is zero. Undefined when a group is empty or
    /// nobody has the finding: 0/0.
    public var riskRatio: RatioEstimate {
        let method = "Katz"
        if let emptyMargin, emptyMargin != .nobodyWithoutFinding {
            return RatioEstimate(emptyMargin, method: method)
        }
        let isHalfAdded = casesWith == 0 || controlsWith == 0
        let added = isHalfAdded ? Self.addedToCells : 0
        let events = (Double(casesWith) + added, Double(controlsWith) + added)
        let people = (Double(cases) + 2 * added, Double(controls) + 2 * added)
        return RatioEstimate(
            (events.0 / people.0) / (events.1 / people.1),
            varianceOfLog: 1 / events.0 - 1 / people.0 + 1 / events.1 - 1 / people.1, isHalfAdded: isHalfAdded,
            method: method)
    }

    /// Exact limits of the odds ratio, from the counts as they are (Cornfield 1956, with half of 5 % in each tail).
    public var exactOddsRatioLimits: Limits {
        let method = "exact (Cornfield)"
        if let emptyMargin { return .undefined(emptyMargin, method) }
        let odds = CountLaw.hypergeometric(cases: cases, controls: controls, findings: findings).exactOdds(
            of: casesWith)
        return Limits(lower: odds.lower, upper: odds.upper, method: method)
    }
}
