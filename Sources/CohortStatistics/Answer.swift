/// An answer to one question on one subject: absence of an answer has values of its own.
public enum Answer: String, Sendable, Hashable, Codable, CaseIterable {
    case yes, no, notExamined, notAssessable

    /// The answers that leave the question open.
    static let open: [Answer] = [.notExamined, .notAssessable]

    /// Whether it is yes or no.
    public var isKnown: Bool { self == .yes || self == .no }

    /// The words that a table may use for an answer: those of a criterion and of a verdict, and plain ones.
    private static let words: [String: Answer] = [
        "yes": .yes, "met": .yes, "positive": .yes, "no": .no, "notMet": .no, "negative": .no,
        "notExamined": .notExamined, "notAssessable": .notAssessable, "borderline": .notAssessable,
        "indeterminate": .notAssessable,
    ]

    /// An answer from a word: `yes`, `met`, `positive`, `no`, `notMet`, `negative`, `notExamined`, `notAssessable`,
    /// `borderline` or `indeterminate`; `nil` for any other.
    public init?(word: String) {
        guard let answer = Self.words[word] else { return nil }
        self = answer
    }

    /// The problem with a cell that holds no answer.
    package static func problem(at cell: TextTable.Cell, in table: TextTable) -> TextTableProblem {
        table.problem(
            at: cell, cell.text.isEmpty ? "there is no answer" : "`\(cell.text)` is no answer",
            "use yes, no, met, notMet, positive, negative, borderline, indeterminate, notExamined or notAssessable")
    }
}
