internal import CCSVIAnalysis
internal import FollowUp

/// Two exams beside each other, as rows that a page shows.
struct ComparisonDocument: Encodable, Sendable {
    /// One quantity before and now.
    struct Row: Encodable, Sendable {
        var what: String
        var before: String
        var now: String
        var difference: String?
        var isBeyondError: Bool?
        var isComparable: Bool
        var why: String?
    }

    /// The earlier exam's id.
    var earlier: String
    /// When it began.
    var earlierStartedAt: String
    /// Days between the two.
    var intervalDays: Double
    /// What changed for the whole exam, in sentences.
    var changes: [String]
    /// The rows: criteria, severity, then the steps.
    var rows: [Row]

    /// The rows of a comparison; quantities without a number in either exam are left out.
    init(_ comparison: ExamComparison) {
        earlier = comparison.earlier.examID
        earlierStartedAt = comparison.earlier.startedAt
        intervalDays = comparison.intervalDays
        changes = comparison.changes
        rows = comparison.criteria.map { change in
            Row(
                what: "\(change.criterion.shortName) \(change.criterion.title)", before: change.earlier.words,
                now: change.later.words, difference: nil, isBeyondError: nil,
                isComparable: change.notComparable == nil, why: change.notComparable)
        }
        rows.append(Self.severity(comparison))
        rows += comparison.steps.filter(Self.isWorthARow).map(Self.row)
    }

    private static func severity(_ comparison: ExamComparison) -> Row {
        func words(_ exam: ComparedExam) -> String {
            Set(exam.vhiss).sorted().map { "\($0)" }.joined(separator: " to ")
        }
        let reduction = comparison.severity.reductionPercent
        return Row(
            what: "VHISS", before: words(comparison.earlier), now: words(comparison.later),
            difference: reduction.map { "fell by \(rounded($0)) %" }, isBeyondError: nil,
            isComparable: reduction != nil, why: comparison.severity.reason)
    }

    private static func isWorthARow(_ step: ExamComparison.Step) -> Bool {
        step.earlier.value != nil || step.later.value != nil || step.difference.state != .notComparable
    }

    private static func row(_ step: ExamComparison.Step) -> Row {
        func words(_ value: StepValue) -> String {
            guard let number = value.value else { return value.words(step.quantity) }
            let band = value.errorBand.map { " ± \(rounded($0))" } ?? ""
            return "\(rounded(number))\(band) \(step.quantity.unit)"
        }
        let change = step.difference.change.map { "\($0 > 0 ? "+" : "")\(rounded($0)) \(step.quantity.unit)" }
        let isComparable = step.difference.state != .notComparable
        let remarks = step.remarks + step.changedSettings.map { "\($0.name): \($0.earlier), now \($0.later)" }
        return Row(
            what: "\(step.name): \(step.quantity.name)", before: words(step.earlier), now: words(step.later),
            difference: change,
            isBeyondError: step.difference.change == nil ? nil : step.difference.state == .beyondError,
            isComparable: isComparable,
            why: step.difference.reason ?? (remarks.isEmpty ? nil : remarks.joined(separator: "; ")))
    }

    /// A number with as many digits as a reader needs (project choice: a tenth).
    private static func rounded(_ value: Double) -> String {
        let tenths = 10.0
        return "\((value * tenths).rounded() / tenths)"
    }
}
