public import CCSVIAnalysis

/// What a person entered during an exam, beside the recordings: `bedside.json`.
struct BedsideEntries: Codable, Hashable {
    /// The measured areas.
    var lumenAreas: [LumenArea] = []
    /// Where the lumen was looked at for defects; `nil` in entries of a version that did not ask.
    var lumenInspections: [LumenInspection]?
    /// The defects that were seen; `nil` in entries of a version that did not ask.
    var lumenDefects: [LumenDefect]?
    /// Sites that were tried and cannot be judged, with the reason.
    var notAssessable: [String: String] = [:]
    /// What was decided of the steps, by their sites' ids; `nil` in entries of a version that did not keep it.
    var steps: [String: StepEntry]?

    static let fileName = "bedside.json"

    /// Keeps an area instead of an earlier one of the same place.
    mutating func keep(_ area: LumenArea) {
        lumenAreas.removeAll { $0.itemID == area.itemID }
        lumenAreas.append(area)
    }

    /// Keeps what was seen of a lumen instead of what was seen there earlier.
    mutating func keep(_ finding: LumenFinding) {
        let place = finding.inspection.place
        lumenInspections = (lumenInspections ?? []).filter { $0.place != place } + [finding.inspection]
        let others = (lumenDefects ?? []).filter { LumenPlace(side: $0.side, level: $0.level) != place }
        lumenDefects = others + finding.defects
    }

    /// The area of a place.
    func area(_ area: PlannedArea) -> LumenArea? { lumenAreas.first { $0.itemID == area.itemID } }

    /// What was seen of a lumen.
    func finding(_ place: LumenPlace) -> LumenFinding? {
        guard let inspection = lumenInspections?.first(where: { $0.place == place }) else { return nil }
        let defects = (lumenDefects ?? []).filter { $0.side == place.side && $0.level == place.level }
        return LumenFinding(inspection: inspection, defects: defects)
    }
}

/// What was decided of a step: nothing more is to be done there unless it is to be repeated.
struct StepEntry: Codable, Hashable {
    /// What became of it.
    var state: StepState
    /// Why the vein was not visualised.
    var notVisualised: NotVisualisedReason?
    /// The operator's own words.
    var note: String?
    /// The take that the operator chose; `nil` = the last whole one.
    var chosenTake: Int?

    /// A decision on a step.
    init(_ state: StepState, notVisualised: NotVisualisedReason? = nil, note: String? = nil, chosenTake: Int? = nil) {
        self.state = state
        self.notVisualised = notVisualised
        self.note = note
        self.chosenTake = chosenTake
    }
}

/// A rest that the protocol asks for.
public struct PlannedRest: Sendable, Hashable {
    /// The posture that the patient has just taken.
    public var posture: Posture
    /// How long, seconds.
    public var seconds: Double
    /// The sites that are to be examined in it.
    public var sites: [ExamSite]
}

/// What came of a rest.
public enum RestOutcome: Sendable, Hashable {
    /// The patient rested so many seconds.
    case rested(seconds: Double)
    /// The patient cannot take the posture; the note is the operator's own words.
    case postureNotPossible(note: String?)
    /// Nobody was asked, for nobody is examined in this posture.
    case notAsked
}

/// What is known of a step after a take.
public struct TakeReview: Sendable, Hashable {
    /// The recording that would be made next.
    public var next: PlannedRecording
    /// Everything that was recorded of the step; the last one is new.
    public var takes: [TakeRecord]
}

/// Whether a step is done.
public enum TakeDecision: Sendable, Hashable {
    /// It is; the number is that of the take to judge, `nil` the last whole one.
    case goOn(judging: Int?)
    /// It is to be recorded again.
    case again
}
