/// What an exam of the scenario should come to, written by hand in the scenario from the published criteria.
public struct ExpectedOutcome: Sendable, Hashable, Codable {
    /// What a criterion comes to; the words are those of the exam's assessment.
    public enum CriterionOutcome: String, Sendable, Hashable, Codable, CaseIterable {
        case met, notMet, notExamined, notAssessable
    }

    /// What the criteria together come to; the words are those of the exam's assessment.
    public enum Verdict: String, Sendable, Hashable, Codable, CaseIterable {
        case positive, negative, borderline, indeterminate
    }

    /// The five criteria.
    public enum Criterion: String, Sendable, Hashable, Codable, CaseIterable, CodingKeyRepresentable {
        case c1, c2, c3, c4, c5
    }

    /// The definition of the criteria that this is said under, such as `zamboni-2009`.
    public var definition: String
    /// The verdict.
    public var verdict: Verdict
    /// Each criterion.
    public var criteria: [Criterion: CriterionOutcome]
    /// The severity table that the scores belong to, such as `segments-v1`.
    public var severityTable: String
    /// Lowest possible severity score, 0 to 16.
    public var severityLow: Int
    /// Highest possible severity score, 0 to 16.
    public var severityHigh: Int

    /// The verdict that follows from the criteria alone: k met and m unknown of five.
    ///
    /// Two or more met make it positive (Zivadinov and Chung 2013, table 3); the rest is arithmetic of what may still
    /// come.
    public var verdictByCount: Verdict {
        let met = criteria.values.count { $0 == .met }
        let unknown = criteria.values.count { $0 == .notExamined || $0 == .notAssessable }
        if met >= 2 { return .positive }
        if met + unknown < 2 { return .negative }
        return met == 1 ? .borderline : .indeterminate
    }
}
