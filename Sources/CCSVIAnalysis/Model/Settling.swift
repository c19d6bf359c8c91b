/// What is still missing to settle the verdict of an exam.
public struct Settling: Sendable, Hashable, Codable {
    /// One sentence, such as `One more step can decide: right vertebral vein, sitting`.
    public var sentence: String
    /// The steps that can each alone decide, in the order of the criteria; empty when none can.
    public var steps: [DecidingStep]

    /// What is missing, from its parts.
    public init(sentence: String, steps: [DecidingStep]) {
        self.sentence = sentence
        self.steps = steps
    }
}

/// A step that can alone decide the verdict.
public struct DecidingStep: Sendable, Hashable, Codable {
    /// The site's id, `area.left.j2.sitting` or `lumen.left.j1`.
    public var itemID: String
    /// What is to be done, in words.
    public var text: String
    /// The verdicts that it can lead to: `positive`, `negative` or both.
    public var verdicts: [Verdict]

    /// A step from its fields.
    public init(itemID: String, text: String, verdicts: [Verdict]) {
        self.itemID = itemID
        self.text = text
        self.verdicts = verdicts
    }
}

/// A figure outside what is plausible, or an entry that does not fit another: a warning, which never blocks.
public struct PlausibilityWarning: Sendable, Hashable, Codable {
    /// The site or area.
    public var itemID: String
    /// What is implausible, with figures, units and what to check.
    public var text: String
    /// Where the bound comes from.
    public var source: String

    /// A warning from its fields.
    public init(itemID: String, text: String, source: String) {
        self.itemID = itemID
        self.text = text
        self.source = source
    }
}
