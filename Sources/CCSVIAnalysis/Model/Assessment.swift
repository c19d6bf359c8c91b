/// One of the five CCSVI criteria.
public enum Criterion: String, Sendable, Hashable, Codable, CaseIterable {
    case c1, c2, c3, c4, c5
}

/// What an exam says of one criterion.
///
/// Absence of evidence has values of its own.
public enum CriterionOutcome: String, Sendable, Hashable, Codable, CaseIterable {
    case met, notMet, notExamined, notAssessable

    /// Whether the criterion is still open.
    public var isUnknown: Bool { self == .notExamined || self == .notAssessable }
}

/// What supports a finding: a site or an area with its figure, and the recording that shows it.
public struct Evidence: Sendable, Hashable, Codable {
    /// What was found where, in words with figures and units.
    public var text: String
    /// The site's id, where the evidence is an observation.
    public var siteID: String?
    /// The recording; `nil` when entered by hand.
    public var recordingID: String?
    /// Start of the evidence in the recording, seconds.
    public var onsetSeconds: Double?
    /// Length of the evidence, seconds.
    public var durationSeconds: Double?
    /// What the patient did, where the evidence is a reflux.
    public var manoeuvre: Manoeuvre?
    /// In how many breaths a reflux at least this long was seen; `nil` when breathing was not recorded.
    public var breathsSeen: Int?
    /// How many breaths the recording holds; `nil` when that is not known.
    public var breathsRecorded: Int?
    /// The detector's confidence, 0 to 1; `nil` when entered by hand.
    public var confidence: Double?

    /// Evidence from its fields.
    public init(
        text: String, siteID: String? = nil, recordingID: String? = nil, onsetSeconds: Double? = nil,
        durationSeconds: Double? = nil, manoeuvre: Manoeuvre? = nil, breathsSeen: Int? = nil,
        breathsRecorded: Int? = nil, confidence: Double? = nil
    ) {
        self.text = text
        self.siteID = siteID
        self.recordingID = recordingID
        self.onsetSeconds = onsetSeconds
        self.durationSeconds = durationSeconds
        self.manoeuvre = manoeuvre
        self.breathsSeen = breathsSeen
        self.breathsRecorded = breathsRecorded
        self.confidence = confidence
    }
}

/// A step or measurement on which an open criterion still hangs.
public struct MissingItem: Sendable, Hashable, Codable {
    /// What is missing, in words: `right vertebral vein, sitting`.
    public var text: String
    /// The site's id, or `area.left.j2.sitting`.
    public var itemID: String
    /// `notExamined`, or `notAssessable` with its reason.
    public var status: ExaminationStatus
    /// Why it could not be assessed.
    public var reason: String?

    /// A missing item from its fields.
    public init(text: String, itemID: String, status: ExaminationStatus, reason: String? = nil) {
        self.text = text
        self.itemID = itemID
        self.status = status
        self.reason = reason
    }
}

/// The outcome of one criterion with what it rests on.
public struct CriterionFinding: Sendable, Hashable, Codable {
    /// Which criterion.
    public var criterion: Criterion
    /// Its outcome.
    public var outcome: CriterionOutcome
    /// The rule that was applied, with its thresholds and units, as one sentence.
    public var rule: String
    /// Where the rule comes from.
    public var source: String
    /// Which parts of the rule are the project's own choice, in words; empty when none is.
    public var projectChoices: [String]
    /// What speaks for it, or shows how near it came.
    public var evidence: [Evidence]
    /// What is still open.
    public var missing: [MissingItem]

    /// A finding from its fields.
    public init(
        criterion: Criterion, outcome: CriterionOutcome, rule: String, source: String, projectChoices: [String],
        evidence: [Evidence], missing: [MissingItem]
    ) {
        self.criterion = criterion
        self.outcome = outcome
        self.rule = rule
        self.source = source
        self.projectChoices = projectChoices
        self.evidence = evidence
        self.missing = missing
    }
}

/// The verdict of an exam under one definition.
public enum Verdict: String, Sendable, Hashable, Codable, CaseIterable {
    case positive, negative, borderline, indeterminate
}

/// The verdict as another source would have counted it.
public struct VerdictReading: Sendable, Hashable, Codable {
    /// How it was counted, in words: `borderline counted as negative`.
    public var name: String
    /// The verdict by that counting; `nil` when it leaves this exam out.
    public var verdict: Verdict?

    /// A reading from its fields.
    public init(name: String, verdict: Verdict?) {
        self.name = name
        self.verdict = verdict
    }
}

/// A named, versioned and cited thing: a criteria definition or a score table.
public struct Reference: Sendable, Hashable, Codable {
    /// Its id: `zamboni-2009`.
    public var id: String
    /// Its version.
    public var version: String
    /// Its title for people.
    public var title: String
    /// Where it was published, or how it came about.
    public var citation: String

    /// A reference from its fields.
    public init(id: String, version: String, title: String, citation: String) {
        self.id = id
        self.version = version
        self.title = title
        self.citation = citation
    }
}

/// One part of a VHISS score: how many abnormal cells were found, and how many are unknown.
public struct VHISSPart: Sendable, Hashable, Codable {
    /// `veins`, `intracranial`, `stenosis` or `postural`.
    public var name: String
    /// What the part counts, in words.
    public var counts: String
    /// Abnormal cells.
    public var found: Int
    /// Cells that are not known.
    public var unknown: Int
    /// Points for each abnormal cell; 1 where the table only counts.
    public var pointsEach: Int
    /// The most points that the part can give.
    public var atMost: Int

    /// A part from its fields.
    public init(name: String, counts: String, found: Int, unknown: Int, pointsEach: Int = 1, atMost: Int) {
        self.name = name
        self.counts = counts
        self.found = found
        self.unknown = unknown
        self.pointsEach = pointsEach
        self.atMost = atMost
    }
}

/// What an exam's measurements say under one definition and one score table.
public struct Assessment: Sendable, Hashable, Codable {
    /// The criteria definition.
    public var definition: Reference
    /// The five findings, c1 to c5.
    public var criteria: [CriterionFinding]
    /// Criteria met (k).
    public var metCount: Int
    /// Criteria still open (m).
    public var unknownCount: Int
    /// The verdict from k and m.
    public var verdict: Verdict
    /// The verdict by the other countings that the definition's source uses; empty when it has none.
    public var otherReadings: [VerdictReading]
    /// The severity score.
    public var vhiss: VHISSScore
    /// What is still missing to settle the verdict; `nil` when it is settled.
    public var settling: Settling?
    /// What is implausible in the measurements; never blocks.
    public var warnings: [PlausibilityWarning]
    /// What is shown beside the criteria and never scored.
    public var beside: BesideFindings

    /// An assessment from its fields.
    public init(
        definition: Reference, criteria: [CriterionFinding], metCount: Int, unknownCount: Int, verdict: Verdict,
        otherReadings: [VerdictReading] = [], vhiss: VHISSScore, settling: Settling? = nil,
        warnings: [PlausibilityWarning] = [], beside: BesideFindings = BesideFindings()
    ) {
        self.definition = definition
        self.criteria = criteria
        self.metCount = metCount
        self.unknownCount = unknownCount
        self.verdict = verdict
        self.otherReadings = otherReadings
        self.vhiss = vhiss
        self.settling = settling
        self.warnings = warnings
        self.beside = beside
    }

    /// Reads an assessment; what earlier versions did not write is empty where it does not stand.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            definition: try fields.decode(Reference.self, forKey: .definition),
            criteria: try fields.decode([CriterionFinding].self, forKey: .criteria),
            metCount: try fields.decode(Int.self, forKey: .metCount),
            unknownCount: try fields.decode(Int.self, forKey: .unknownCount),
            verdict: try fields.decode(Verdict.self, forKey: .verdict),
            otherReadings: try fields.decode([VerdictReading].self, forKey: .otherReadings),
            vhiss: try fields.decode(VHISSScore.self, forKey: .vhiss),
            settling: try fields.decodeIfPresent(Settling.self, forKey: .settling),
            warnings: try fields.decodeIfPresent([PlausibilityWarning].self, forKey: .warnings) ?? [],
            beside: try fields.decodeIfPresent(BesideFindings.self, forKey: .beside) ?? BesideFindings())
    }
}
