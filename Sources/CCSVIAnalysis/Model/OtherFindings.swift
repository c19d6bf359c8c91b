/// When in a breath an area was measured.
///
/// Areas are taken at the moment of the largest section at end-expiration (Farina 2017, Neuro Open J 4(1)).
public enum BreathingPhase: String, Sendable, Hashable, Codable, CaseIterable {
    case endExpiration, endInspiration, expiration, inspiration, breathHold
}

/// How a volume flow was found.
public enum FlowMethod: String, Sendable, Hashable, Codable, CaseIterable {
    case entered, areaTimesVelocity, multigate, automatic
}

/// The volume flow of one vein at one place and posture.
public struct VolumeFlow: Sendable, Hashable, Codable {
    /// Where.
    public var site: ExamSite
    /// Flow, mL/min, positive in the normal direction.
    public var mlPerMin: Double
    /// How it was found.
    public var method: FlowMethod
    /// The recording that shows it; `nil` when entered by hand.
    public var recordingID: String?

    /// A flow from its fields.
    public init(site: ExamSite, mlPerMin: Double, method: FlowMethod = .entered, recordingID: String? = nil) {
        self.site = site
        self.mlPerMin = mlPerMin
        self.method = method
        self.recordingID = recordingID
    }
}

/// Another way of looking at a vein than transcutaneous ultrasound.
public enum OtherModality: String, Sendable, Hashable, Codable, CaseIterable {
    case mrVenography, susceptibilityWeightedImaging, catheterVenography, intravascularUltrasound

    /// The modality in words: `MR venography`.
    public var words: String {
        switch self {
        case .mrVenography: "MR venography"
        case .susceptibilityWeightedImaging: "susceptibility-weighted imaging"
        case .catheterVenography: "catheter venography"
        case .intravascularUltrasound: "intravascular ultrasound"
        }
    }
}

/// What another modality found.
public enum OtherFindingKind: String, Sendable, Hashable, Codable, CaseIterable {
    case normal, narrowing, occlusion, intraluminalDefect, reflux, absentFlow, other

    /// The finding in words: `absent flow`.
    public var words: String {
        switch self {
        case .normal, .narrowing, .occlusion, .reflux, .other: rawValue
        case .intraluminalDefect: "intraluminal defect"
        case .absentFlow: "absent flow"
        }
    }
}

/// A finding of another modality, entered from its report: shown beside the criteria, never scored.
public struct OtherFinding: Sendable, Hashable, Codable {
    /// How it was seen.
    public var modality: OtherModality
    /// The vein.
    public var vein: Vein
    /// Its side.
    public var side: Side
    /// The level; only the internal jugular vein has one.
    public var level: JugularLevel?
    /// What was found.
    public var kind: OtherFindingKind
    /// Reduction of the lumen, percent, 0 to 100; `nil` when it was not given.
    public var narrowingPercent: Double?
    /// The report's own words.
    public var note: String?
    /// Who found it: an institution or a person.
    public var source: String
    /// Date of the examination, ISO 8601: `2012-05-01`.
    public var date: String
    /// Number of the report.
    public var reportNumber: String

    /// A finding from its fields.
    public init(
        modality: OtherModality, vein: Vein, side: Side, level: JugularLevel? = nil, kind: OtherFindingKind,
        narrowingPercent: Double? = nil, note: String? = nil, source: String, date: String, reportNumber: String
    ) {
        self.modality = modality
        self.vein = vein
        self.side = side
        self.level = level
        self.kind = kind
        self.narrowingPercent = narrowingPercent
        self.note = note
        self.source = source
        self.date = date
        self.reportNumber = reportNumber
    }

    /// Where: `left internal jugular vein, J1`.
    public var place: String {
        "\(side.rawValue) \(vein.name)" + (level.map { ", \($0.rawValue.uppercased())" } ?? "")
    }
}
