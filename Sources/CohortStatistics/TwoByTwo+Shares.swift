/// A count of a whole with its share and the share's exact limits.
public struct CountedShare: Sendable, Hashable, Encodable {
    /// The count.
    public var count: Int
    /// The whole.
    public var total: Int
    /// The share, 0 to 1.
    public var share: Figure
    /// Exact limits of the share (Clopper and Pearson 1934).
    public var limits: Limits

    /// The name of the limits' method.
    static let method = "Clopper-Pearson"

    /// A share; undefined for a reason when the whole is 0.
    init(_ count: Int, of total: Int, else reason: UndefinedReason) {
        self.count = count
        self.total = total
        share = Figure(count, of: total, else: reason)
        guard total > 0 else {
            limits = .undefined(reason, Self.method)
            return
        }
        let odds = CountLaw.binomial(people: total).exactOdds(of: count)
        func probability(_ odds: Figure) -> Figure {
            guard let odds = odds.value else { return .value(1) }
            return .value(odds / (1 + odds))
        }
        limits = Limits(lower: probability(odds.lower), upper: probability(odds.upper), method: Self.method)
    }
}

extension TwoByTwo {
    /// The share of all people who are cases.
    ///
    /// In a case-control study that is chosen by the study, and the predictive values hang on it.
    public var conditionPrevalence: CountedShare { CountedShare(cases, of: people, else: .nobodyCounted) }

    /// The share of all people who have the finding.
    public var findingPrevalence: CountedShare { CountedShare(findings, of: people, else: .nobodyCounted) }

    /// The share of the cases who have the finding.
    public var sensitivity: CountedShare { CountedShare(casesWith, of: cases, else: .noCases) }

    /// The share of the controls who do not have the finding.
    public var specificity: CountedShare { CountedShare(controlsWithout, of: controls, else: .noControls) }

    /// The share of the controls who have the finding.
    public var findingInControls: CountedShare { CountedShare(controlsWith, of: controls, else: .noControls) }

    /// The share of those with the finding who are cases.
    public var positivePredictiveValue: CountedShare {
        CountedShare(casesWith, of: findings, else: .nobodyWithFinding)
    }

    /// The share of those without the finding who are controls.
    public var negativePredictiveValue: CountedShare {
        CountedShare(controlsWithout, of: withoutFinding, else: .nobodyWithoutFinding)
    }

    /// The share of all people whom the finding puts into their own group.
    public var accuracy: CountedShare {
        CountedShare(casesWith + controlsWithout, of: people, else: .nobodyCounted)
    }
}
