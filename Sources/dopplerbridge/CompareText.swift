import CCSVIAnalysis
import FollowUp

/// Exams of one subject beside each other, as a person reads them on a terminal.
struct CompareText {
    let trend: ExamTrend
    /// Whether steps that no exam has are printed, too.
    let printsAll: Bool

    init(_ trend: ExamTrend, printsAll: Bool) {
        self.trend = trend
        self.printsAll = printsAll
    }

    private static let nameWidth = 56
    private static let quantityWidth = 16
    private static let valueWidth = 14

    /// The whole text.
    var text: String {
        var lines: [String] = []
        if trend.exams.contains(where: \.isSimulated) { lines.append("SIMULATED: an exam here is of no patient.") }
        for (exam, days) in zip(trend.exams, trend.days) {
            let score = exam.vhiss[0] == exam.vhiss[1] ? "\(exam.vhiss[0])" : "\(exam.vhiss[0]) to \(exam.vhiss[1])"
            lines.append(
                "Exam \(exam.examID), \(exam.startedAt), day \(ExamText.rounded(days, 1)): \(exam.verdict.rawValue) "
                    + "under \(exam.definition), VHISS \(score) by \(exam.table)")
        }
        for comparison in trend.comparisons { lines += [""] + self.lines(comparison) }
        lines += trendLines
        lines += [
            "",
            "A difference is beyond its error when it is larger than the chain's own (limits of `dopplerbridge qa`) and "
                + "5 degrees of the angle together.",
            "Placement, breathing and readers add to that: areas of different readers had an ICC of 0.05 to 0.25 "
                + "(Leone 2013).",
        ]
        return lines.joined(separator: "\n")
    }

    // MARK: Two exams

    private func lines(_ comparison: ExamComparison) -> [String] {
        var lines = [
            "\(comparison.earlier.examID) to \(comparison.later.examID): "
                + "\(ExamText.rounded(comparison.intervalDays, 1)) days, \(comparison.window.words)"
        ]
        lines += comparison.changes.map { "  \($0)" }
        lines += comparison.interventions.map { "  Intervention: \($0.words)" }
        lines += criteria(comparison) + [severity(comparison)]
        let shown = comparison.steps.filter { printsAll || Self.isWorthALine($0) }
        lines += shown.flatMap(self.step)
        let hidden = comparison.steps.count - shown.count
        if hidden > 0 {
            lines.append("  \(hidden) further quantities without a number in either exam; --all prints them.")
        }
        lines += lumens(comparison) + modalities(comparison) + narrowings(comparison)
        return lines
    }

    /// Whether a step says something: neither exam has a number and nothing else changed otherwise.
    private static func isWorthALine(_ step: ExamComparison.Step) -> Bool {
        step.earlier.value != nil || step.later.value != nil || step.earlier.state != step.later.state
    }

    private func criteria(_ comparison: ExamComparison) -> [String] {
        comparison.criteria.map { change in
            let name = change.criterion.rawValue.uppercased()
            let words = "\(change.earlier.rawValue), then \(change.later.rawValue)"
            if let reason = change.notComparable { return "  \(name)  \(words): not comparable: \(reason)" }
            return "  \(name)  \(change.earlier == change.later ? "still \(change.later.rawValue)" : words)"
        }
    }

    private func severity(_ comparison: ExamComparison) -> String {
        if let percent = comparison.severity.reductionPercent {
            let words =
                percent < 0 ? "rose by \(ExamText.rounded(-percent, 0))" : "fell by \(ExamText.rounded(percent, 0))"
            let isVerified = comparison.later.tableIsVerified
            return "  VHISS \(words) % of the earlier score"
                + (isVerified ? "" : " (an unverified table: not comparable with published values)")
        }
        return "  VHISS: no change in percent: \(comparison.severity.reason ?? "no reason given")"
    }

    private func step(_ step: ExamComparison.Step) -> [String] {
        let quantity = step.quantity
        var line = "  \((step.name + " ").padding(to: Self.nameWidth))"
        line += (quantity.name + " ").padding(to: Self.quantityWidth)
        line += (Self.value(step.earlier, quantity) + " ").padding(to: Self.valueWidth)
        line += (Self.value(step.later, quantity) + " ").padding(to: Self.valueWidth)
        line += Self.difference(step.difference, quantity)
        let settings = step.changedSettings.map { "    ! \($0.name): \($0.earlier), then \($0.later)" }
        // Both quantities of a site have one recording: its settings are said once.
        return [line] + (quantity == .longestReflux ? [] : settings) + step.remarks.map { "    ! \($0)" }
    }

    /// A value in the quantity's decimals.
    static func value(_ value: StepValue, _ quantity: FollowUpQuantity) -> String {
        if let number = value.value { return "\(self.number(number, quantity)) \(quantity.unit)" }
        return value.state == .notAssessable ? "not assessable" : value.words(quantity)
    }

    private static func number(_ value: Double, _ quantity: FollowUpQuantity) -> String {
        guard abs(value) < 1e9 else { return "\(value)" }
        let text = ExamText.rounded(value, quantity == .longestReflux || quantity == .flowShare ? 2 : 1)
        // A difference that rounds to nothing has no sign.
        return text.hasPrefix("-") && text.allSatisfy { "-0.".contains($0) } ? String(text.dropFirst()) : text
    }

    private static func difference(_ difference: StepDifference, _ quantity: FollowUpQuantity) -> String {
        let change = difference.change.map { number($0, quantity) }.map { Double($0) ?? 0 > 0 ? "+" + $0 : $0 } ?? ""
        let band = difference.errorBand.map { " \u{00B1}\(number($0, quantity))" } ?? ""
        switch difference.state {
        case .withinError: return "\(change)\(band) within the error"
        case .beyondError: return "\(change)\(band) BEYOND the error"
        case .errorNotKnown: return "\(change), its error is not known"
        case .appeared: return "appeared"
        case .disappeared: return "disappeared"
        case .stillNone: return "none in both"
        case .notComparable: return "not comparable: \(difference.reason ?? "no reason given")"
        }
    }

    /// Defects of the jugular lumens: every place that changed or cannot be compared, and the others in one line.
    private func lumens(_ comparison: ExamComparison) -> [String] {
        var same = 0
        var lines: [String] = []
        for lumen in comparison.lumens {
            if let reason = lumen.notComparable {
                lines.append(
                    "  \(lumen.name): \(lumen.earlier.words), then \(lumen.later.words): not comparable: \(reason)")
            } else if lumen.earlier == lumen.later {
                same += 1
                if printsAll { lines.append("  \(lumen.name): still \(lumen.later.words)") }
            } else {
                lines.append("  \(lumen.name): \(lumen.earlier.words), then \(lumen.later.words)")
            }
        }
        if same > 0, !printsAll { lines.append("  \(same) lumens look as before; --all prints them.") }
        return lines
    }

    private func modalities(_ comparison: ExamComparison) -> [String] {
        comparison.modalities.map { change in
            let words = [change.earlier, change.later].map { entries in
                entries.isEmpty ? "none entered" : entries.map { "\($0.result), \($0.origin)" }.joined(separator: "; ")
            }
            let course = change.state == .same ? "still \(words[1])" : "\(words[0]), then \(words[1])"
            return "  \(change.name): \(course)"
        }
    }

    private func narrowings(_ comparison: ExamComparison) -> [String] {
        var lines = comparison.narrowings.map { narrowing in
            let place = "\(narrowing.side.rawValue) internal jugular vein, \(narrowing.level.rawValue.uppercased())"
            let name =
                switch narrowing.kind {
                case .restenosis: "RESTENOSIS"
                case .narrowAfterIntervention: "NARROW AFTER THE INTERVENTION (residual or new)"
                case .newNarrowing: "NARROWER, no intervention on this vein is known"
                }
            let before = narrowing.earlierMm2.map { ExamText.rounded($0, 1) } ?? "unknown"
            let error = narrowing.isBeyondError == nil ? "; the areas' error is not known" : ""
            return "  \(name): \(place), \(before) to \(ExamText.rounded(narrowing.laterMm2, 1)) mm2: "
                + narrowing.rules.map(\.words).joined(separator: "; ") + error
        }
        if lines.isEmpty { lines.append("  No jugular narrowing by the rules, where areas are known.") }
        if !comparison.narrowingsOpen.isEmpty {
            lines.append(
                "  Narrowing cannot be judged, supine areas are missing: "
                    + comparison.narrowingsOpen.joined(separator: ", "))
        }
        lines.append("  That these rules mark a restenosis over time is a project choice: no source states one.")
        return lines
    }

    // MARK: Three and more

    private var trendLines: [String] {
        let clear = trend.lines.filter { $0.direction != nil }
        guard !trend.lines.isEmpty else { return [] }
        var lines = ["", "Trend of \(trend.exams.count) exams"]
        for line in clear {
            let values = line.values.map { Self.value($0, line.quantity) }.joined(separator: ", ")
            let slope = line.slopePerYear.map { "\(Self.number($0, line.quantity)) \(line.quantity.unit) a year" } ?? ""
            let direction =
                switch line.direction {
                case .rising: "RISING"
                case .falling: "FALLING"
                case .errorNotKnown: "the error is not known"
                case .noClearTrend, nil: "no clear trend"
                }
            lines.append(
                "  \((line.name + " ").padding(to: Self.nameWidth))"
                    + "\((line.quantity.name + " ").padding(to: Self.quantityWidth))\(values): \(direction), \(slope)")
        }
        let without = trend.lines.count - clear.count
        if without > 0 { lines.append("  \(without) further quantities have fewer than three numbers to compare.") }
        return lines
    }
}
