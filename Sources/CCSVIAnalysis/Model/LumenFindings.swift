/// A defect in or around the jugular lumen, as a coded list (AJNR table 1 and BMC Med 2013 table 1, paraphrased).
public enum LumenDefectKind: String, Sendable, Hashable, Codable, CaseIterable {
    case web, flap, septum, membrane, fillingDefect, doubleChannel, malformedValve, immobileValve
    case extraluminalNarrowing, annulus
    case paradox

    /// Where a defect lies, or that it is one of function.
    public enum Group: String, Sendable, Hashable, Codable, CaseIterable {
        case intraluminal, extraluminal, functional
    }

    /// The group that the published lists put it in.
    public var group: Group {
        switch self {
        case .web, .flap, .septum, .membrane, .fillingDefect, .doubleChannel, .malformedValve, .immobileValve:
            .intraluminal
        case .extraluminalNarrowing, .annulus: .extraluminal
        case .paradox: .functional
        }
    }

    /// What it looks like, for the person who has to choose.
    public var meaning: String {
        switch self {
        case .web: "a cluster of septa or flaps"
        case .flap: "a thin line from the wall, held at one end"
        case .septum: "a thin line held at both ends"
        case .membrane: "a membrane that nearly closes the diameter"
        case .fillingDefect: "an eccentric echogenic crescent"
        case .doubleChannel: "several small parallel channels"
        case .malformedValve: "a dysdynamic or fibrous valve"
        case .immobileValve: "a valve whose leaflets do not move on M-mode"
        case .extraluminalNarrowing: "a narrowing from outside"
        case .annulus: "a thick ring that stops the vein from widening with breathing or posture"
        case .paradox: "a wall that does not react to breathing"
        }
    }
}

/// A defect seen at one level of an internal jugular vein.
public struct LumenDefect: Sendable, Hashable, Codable {
    /// Side of the vein.
    public var side: Side
    /// Level of the vein.
    public var level: JugularLevel
    /// What was seen.
    public var kind: LumenDefectKind

    /// A defect from its fields.
    public init(side: Side, level: JugularLevel, kind: LumenDefectKind) {
        self.side = side
        self.level = level
        self.kind = kind
    }
}

/// How the leaflets of a valve move on M-mode (Farina 2017: mobile, slightly mobile, immobile).
public enum LeafletMotion: String, Sendable, Hashable, Codable, CaseIterable {
    case mobile, slightlyMobile, immobile
}

/// Whether the lumen at one level of an internal jugular vein was looked at for defects.
///
/// Without it, that no defect is listed says nothing.
public struct LumenInspection: Sendable, Hashable, Codable {
    /// Side of the vein.
    public var side: Side
    /// Level of the vein.
    public var level: JugularLevel
    /// How far it was examined.
    public var status: ExaminationStatus
    /// Why it could not be assessed; required for `notAssessable`.
    public var reason: String?
    /// How the leaflets move on M-mode; `nil` where there is no valve or M-mode was not used.
    public var leafletMotion: LeafletMotion?

    /// An inspection from its fields.
    public init(
        side: Side, level: JugularLevel, status: ExaminationStatus = .examined, reason: String? = nil,
        leafletMotion: LeafletMotion? = nil
    ) {
        self.side = side
        self.level = level
        self.status = status
        self.reason = reason
        self.leafletMotion = leafletMotion
    }

    /// The place that was looked at.
    public var place: LumenPlace { LumenPlace(side: side, level: level) }
}

/// One level of one internal jugular vein.
public struct LumenPlace: Sendable, Hashable {
    /// Side of the vein.
    public var side: Side
    /// Level of the vein.
    public var level: JugularLevel

    /// A place from its side and level.
    public init(side: Side, level: JugularLevel) {
        self.side = side
        self.level = level
    }

    /// `lumen.left.j1`.
    public var itemID: String { "lumen.\(side.rawValue).\(level.rawValue)" }

    /// Name for people: `lumen of the left internal jugular vein, J1`.
    public var name: String { "lumen of the \(side.rawValue) internal jugular vein, \(level.rawValue.uppercased())" }
}
