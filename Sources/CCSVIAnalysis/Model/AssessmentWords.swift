extension Criterion {
    /// The criterion's short name: `C1`.
    public var shortName: String { rawValue.uppercased() }

    /// What the criterion is about, after table 3 of Zamboni et al., J Neurol Neurosurg Psychiatry 2009;80:392-399.
    public var title: String {
        switch self {
        case .c1: "Reflux in an internal jugular or vertebral vein"
        case .c2: "Reflux in the deep cerebral veins"
        case .c3: "Stenosis of an internal jugular vein"
        case .c4: "No flow in an internal jugular or vertebral vein"
        case .c5: "Jugular area larger sitting than supine"
        }
    }
}

extension CriterionOutcome {
    /// The outcome in words: `not met`.
    public var words: String {
        switch self {
        case .met: "met"
        case .notMet: "not met"
        case .notExamined: "not examined"
        case .notAssessable: "not assessable"
        }
    }
}

extension ExaminationStatus {
    /// The status in words: `not examined`.
    public var words: String {
        switch self {
        case .examined: "examined"
        case .notExamined: "not examined"
        case .notAssessable: "not assessable"
        }
    }
}

extension Assessment {
    /// The verdict in one line: `2 of 5 criteria met, none open: positive under zamboni-2009`.
    public var verdictLine: String {
        let open = unknownCount == 0 ? "none open" : "\(unknownCount) open"
        return "\(metCount) of \(criteria.count) criteria met, \(open): \(verdict.rawValue) under \(definition.id)"
    }
}

extension VHISSScore {
    /// The score's number, or its interval: `2 to 6`.
    public var words: String { value.map { "\($0)" } ?? "\(low) to \(high)" }
}

extension PlausibilityWarning {
    /// The warning with the source of its bound in brackets.
    public var words: String { "\(text) [\(source)]" }
}
