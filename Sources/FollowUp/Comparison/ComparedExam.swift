public import CCSVIAnalysis

/// An exam of a comparison, by what identifies it and what its figures depend on.
public struct ComparedExam: Sendable, Hashable, Encodable {
    /// The exam's id.
    public var examID: String
    /// Its start, as the exam states it.
    public var startedAt: String
    /// Whether anything in it is simulated.
    public var isSimulated: Bool
    /// The definition it was scored by: id and version.
    public var definition: String
    /// The verdict under that definition.
    public var verdict: Verdict
    /// The lowest and highest possible severity score.
    public var vhiss: [Int]
    /// The score table: id and version.
    public var table: String
    /// Whether the table is known to be the published one.
    public var tableIsVerified: Bool

    init(_ exam: Exam) {
        examID = exam.examID
        startedAt = exam.startedAt
        isSimulated = exam.isSimulated
        definition = Self.name(exam.assessment.definition)
        verdict = exam.assessment.verdict
        vhiss = [exam.assessment.vhiss.low, exam.assessment.vhiss.high]
        table = Self.name(exam.assessment.vhiss.table)
        tableIsVerified = exam.assessment.vhiss.tableIsVerified
    }

    static func name(_ reference: Reference) -> String { "\(reference.id) \(reference.version)" }
}

/// A window of follow-up into which an interval falls.
public enum FollowUpWindow: String, Sendable, Hashable, Codable, CaseIterable {
    case sixMonths, twelveMonths, none

    /// Half of a window's width, days (project choice: a month early or late is usual in a clinic).
    static let toleranceDays = 30.0
    /// The middle of the windows, days: half a year and a year.
    private static let middleDays: [(FollowUpWindow, Double)] = [(.sixMonths, 183), (.twelveMonths, 365)]

    /// The window of an interval.
    init(days: Double) {
        self = Self.middleDays.first { abs(days - $0.1) <= Self.toleranceDays }?.0 ?? .none
    }

    /// The window in words.
    public var words: String {
        switch self {
        case .sixMonths: "within the 6-month window (183 days, 30 either way)"
        case .twelveMonths: "within the 12-month window (365 days, 30 either way)"
        case .none: "in neither the 6-month nor the 12-month window (183 and 365 days, 30 either way)"
        }
    }
}

/// How the severity score differs between two exams.
public struct SeverityChange: Sendable, Hashable, Encodable {
    /// The reduction from the earlier score, percent; negative when it rose; `nil` where it must not be computed.
    public var reductionPercent: Double?
    /// Why there is none.
    public var reason: String?

    init(_ earlier: Assessment, _ later: Assessment) {
        reductionPercent = later.vhissReductionPercent(from: earlier)
        guard reductionPercent == nil else { return }
        if earlier.definition != later.definition {
            reason = "the exams were scored by different definitions"
        } else if earlier.vhiss.table != later.vhiss.table {
            reason = "the exams were scored by different tables"
        } else if earlier.vhiss.value == nil || later.vhiss.value == nil {
            reason = "a score is an interval, because cells are unknown"
        } else if earlier.vhiss.value == 0 {
            reason = "the earlier score is 0"
        } else {
            reason = "the scores cannot be compared"
        }
    }
}

/// How one criterion differs between two exams.
public struct CriterionChange: Sendable, Hashable, Encodable {
    /// The criterion.
    public var criterion: Criterion
    /// Its outcome in the earlier exam.
    public var earlier: CriterionOutcome
    /// Its outcome in the later exam.
    public var later: CriterionOutcome
    /// Why the two cannot be compared; `nil` when they can.
    public var notComparable: String?

    static func changes(_ earlier: Assessment, _ later: Assessment) -> [CriterionChange] {
        earlier.criteria.compactMap { before in
            guard let now = later.criteria.first(where: { $0.criterion == before.criterion }) else { return nil }
            var reason: String?
            if earlier.definition != later.definition {
                reason = "different definitions"
            } else if before.outcome.isUnknown || now.outcome.isUnknown {
                reason =
                    "open in \(before.outcome.isUnknown ? now.outcome.isUnknown ? "both exams" : "the earlier exam" : "the later exam")"
            }
            return CriterionChange(
                criterion: before.criterion, earlier: before.outcome, later: now.outcome, notComparable: reason)
        }
    }
}
