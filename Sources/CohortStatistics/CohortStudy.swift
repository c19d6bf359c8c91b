/// The counts of one study, with where they come from.
public struct CohortStudy: Sendable, Hashable, Encodable {
    /// Name of the study for people: `CoSMo 2013`.
    public var name: String
    /// The question that the counts answer: only studies with one question are compared.
    public var question: String
    /// The people who were examined: studies with the same cohort never stand in one forest.
    public var cohort: String
    /// Who the cases are.
    public var caseGroup: String
    /// Who the controls are.
    public var controlGroup: String
    /// What was counted.
    public var unit: Unit
    /// The counts.
    public var counts: TwoByTwo
    /// What the paper prints, as it prints it; empty when nothing comparable.
    public var printed: String
    /// How the counts were obtained: read in the paper, or derived from its percentages.
    public var countsFrom: String
    /// The citation.
    public var citation: String
    /// What a reader should know; empty when nothing.
    public var note: String

    /// What a count counts.
    public enum Unit: String, Sendable, Hashable, Codable, CaseIterable {
        /// People, each once.
        case people
        /// Observations, several of one person: not independent, so their ratio is no effect for a person.
        case observations
    }

    /// A study from its fields.
    public init(
        name: String, question: String, cohort: String, caseGroup: String = "cases",
        controlGroup: String = "controls", unit: Unit = .people, counts: TwoByTwo, printed: String = "",
        countsFrom: String = "", citation: String, note: String = ""
    ) {
        self.name = name
        self.question = question
        self.cohort = cohort
        self.caseGroup = caseGroup
        self.controlGroup = controlGroup
        self.unit = unit
        self.counts = counts
        self.printed = printed
        self.countsFrom = countsFrom
        self.citation = citation
        self.note = note
    }
}
