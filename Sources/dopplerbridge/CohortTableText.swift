import CohortStatistics

/// A two-by-two table with everything that it says, as text.
struct CohortTableText {
    /// Above the table.
    let title: String
    /// The cases' and the controls' names.
    let groups: (String, String)
    /// The figures.
    let summary: TableSummary
    /// Lines under it: what a paper printed, who was left out.
    let remarks: [String]

    /// An expected count below this makes chi-square doubtful (Cochran 1954).
    private static let leastExpectedCount = 5.0
    private static let nameWidth = 40
    private static let countWidth = 10

    /// The whole text.
    var text: String {
        var lines = [title] + counts + shares + ratios
        lines += summary.tests.map { test in
            let statistic = test.statistic.map { CohortText.coefficient($0) + ", " } ?? ""
            guard test.probability.value != nil else {
                return row(test.name, CohortText.probability(test.probability))
            }
            return row(test.name, statistic + CohortText.probability(test.probability))
        }
        if let least = summary.smallestExpectedCount.value, least < Self.leastExpectedCount,
            summary.tests.allSatisfy({ $0.probability.value != nil })
        {
            lines.append(
                "  The smallest expected count is \(ExamText.rounded(least, 1)): below 5 chi-square is doubtful; "
                    + "read Fisher's p.")
        }
        lines += remarks.map { "  \($0)" }
        return lines.joined(separator: "\n")
    }

    private var counts: [String] {
        func line(_ name: String, _ cells: [String]) -> String {
            "  " + name.padding(to: Self.nameWidth)
                + cells.map { String(repeating: " ", count: max(1, Self.countWidth - $0.count)) + $0 }.joined()
        }
        let table = summary.counts
        return [
            line("", ["with", "without", "all"]),
            line(groups.0, [table.casesWith, table.casesWithout, table.cases].map(String.init)),
            line(groups.1, [table.controlsWith, table.controlsWithout, table.controls].map(String.init)),
        ]
    }

    private var shares: [String] {
        [
            row("share of cases here", CohortText.share(summary.conditionPrevalence)),
            row("prevalence of the finding", CohortText.share(summary.findingPrevalence)),
            row("sensitivity", CohortText.share(summary.sensitivity)),
            row("specificity", CohortText.share(summary.specificity)),
            row("positive predictive value", CohortText.share(summary.positivePredictiveValue)),
            row("negative predictive value", CohortText.share(summary.negativePredictiveValue)),
        ]
    }

    private var ratios: [String] {
        let exact = summary.exactOddsRatioLimits
        return [
            ratio("odds ratio", summary.oddsRatio),
            row("  its exact limits", "\(CohortText.interval(exact, CohortText.ratio)), \(exact.method)"),
            ratio("risk ratio", summary.riskRatio),
        ]
    }

    private func ratio(_ name: String, _ estimate: RatioEstimate) -> String {
        guard estimate.ratio.value != nil else { return row(name, CohortText.ratio(estimate.ratio)) }
        let added = estimate.isHalfAdded ? ", 0.5 added to all cells" : ""
        return row(name, "\(CohortText.ratio(estimate.ratio, estimate.limits)), \(estimate.limits.method)\(added)")
    }

    private func row(_ name: String, _ words: String) -> String {
        "  " + (name + " ").padding(to: Self.nameWidth) + " " + words
    }
}
