public import CCSVIAnalysis
public import VesselImaging

/// What an operator does during an exam.
public enum ConsoleAct: Sendable, Hashable {
    /// Begins a live scan of the step, which is not recorded.
    case live
    /// Ends the live scan: nothing is transmitted any more.
    case freeze
    /// Records the step; where the manoeuvre has begun already, its start is marked at 0 s.
    case record(manoeuvreStarted: Bool)
    /// Ends the recording early; what there is of it is kept.
    case stop
    /// Goes on to the next step; the number is that of the take to judge, `nil` the last whole one.
    case accept(take: Int?)
    /// Records the step again; what there is stays.
    case repeatStep
    /// Leaves the step out.
    case skip(reason: String)
    /// The vein was not seen, or could not be looked for.
    case notVisualised(NotVisualisedReason, note: String?)
    /// What was asked for was tried and cannot be judged.
    case notAssessable(reason: String)
    /// Ends the rest now.
    case rested
    /// The patient cannot take the posture.
    case postureNotPossible(note: String?)
    /// The patient begins the Valsalva manoeuvre now.
    case valsalva
    /// Marks a moment of the recording; without a time the newest one.
    case mark(seconds: Double?, label: String)
    /// The area that was asked for.
    case area(AreaEntered)
    /// The area was not looked at.
    case noArea
    /// What looking at the lumen brought.
    case lumen(LumenEntered)
    /// Ends the exam for today; it can go on another day.
    case leave

    /// The act's name on the wire.
    public var name: String {
        switch self {
        case .live: "live"
        case .freeze: "freeze"
        case .record: "record"
        case .stop: "stop"
        case .accept: "accept"
        case .repeatStep: "repeat"
        case .skip: "skip"
        case .notVisualised: "notVisualised"
        case .notAssessable: "notAssessable"
        case .rested: "rested"
        case .postureNotPossible: "postureNotPossible"
        case .valsalva: "valsalva"
        case .mark: "mark"
        case .area: "area"
        case .noArea: "noArea"
        case .lumen: "lumen"
        case .leave: "leave"
        }
    }
}

/// A measured area as an operator enters it.
public struct AreaEntered: Sendable, Hashable {
    /// How it was measured.
    public enum Way: Sendable, Hashable {
        /// From the ends of two diameters in the picture that is shown.
        case ellipse(first: [PicturePoint], second: [PicturePoint])
        /// From an outline in the picture that is shown.
        case outline([PicturePoint])
        /// Measured elsewhere, mm2, 0 or above.
        case entered(areaMm2: Double)
    }

    /// How it was measured.
    public var way: Way
    /// When in the breath; `nil` = not noted.
    public var breathingPhase: BreathingPhase?

    /// An area from its parts.
    public init(_ way: Way, breathingPhase: BreathingPhase? = nil) {
        self.way = way
        self.breathingPhase = breathingPhase
    }
}

/// What looking at a lumen brought, as an operator enters it.
public struct LumenEntered: Sendable, Hashable {
    /// How far it was looked at.
    public var status: ExaminationStatus
    /// Why it cannot be judged; required for `notAssessable`.
    public var reason: String?
    /// The defects that were seen; empty = none.
    public var defects: [LumenDefectKind]
    /// How the leaflets of the valve move; `nil` = not looked at.
    public var leafletMotion: LeafletMotion?

    /// A finding from its parts.
    public init(
        status: ExaminationStatus, reason: String? = nil, defects: [LumenDefectKind] = [],
        leafletMotion: LeafletMotion? = nil
    ) {
        self.status = status
        self.reason = reason
        self.defects = defects
        self.leafletMotion = leafletMotion
    }
}
