public import Acquisition
public import CCSVIAnalysis
public import ProbeLink

/// What happens at the patient's side: who holds the probe, and what a person enters.
///
/// A technician at a terminal, the simulated patient and the folder of an earlier exam each are one.
public protocol Bedside: Sendable {
    /// Where the samples come from, known before the first step.
    var origin: SourceOrigin { get }

    /// Puts the probe to a site and opens the source there.
    ///
    /// - Returns: the source, or why the site is not recorded.
    func hold(at planned: PlannedRecording) async throws(ExamSessionError) -> Placement

    /// Puts the probe to the same site again after a recording there has ended, where one more is to be made.
    ///
    /// That is so when the probe was unplugged during the recording and has come back.
    ///
    /// - Parameters:
    ///   - planned: the recording that is to be made, with its segment.
    ///   - failure: why the one before ended early; `nil` when it came to its end.
    ///   - stop: ends the waiting.
    /// - Returns: the probe; `nil` when the recording before stays the last of this step.
    func holdAgain(
        at planned: PlannedRecording, after failure: SourceError?, stop: StopSignal
    ) async throws(ExamSessionError) -> HeldProbe?

    /// Lets the patient rest after a change of posture, before anything is recorded in the new one.
    ///
    /// - Parameter stop: ends the rest.
    func rest(_ rest: PlannedRest, stop: StopSignal) async throws(ExamSessionError) -> RestOutcome

    /// Asks whether to go on after a take, or to record the step again; the earlier take is kept.
    func review(_ review: TakeReview) async throws(ExamSessionError) -> TakeDecision

    /// The sessions of the exam that is played again; `nil` for a patient who is there.
    var recordedSessions: [SessionRecord]? { get }

    /// The area of a jugular lumen; `nil` when it was not looked at.
    func lumenArea(_ area: PlannedArea) async throws(ExamSessionError) -> LumenArea?

    /// What was seen when the lumen of a jugular vein was looked at for defects; `nil` when it was not looked at.
    func lumenFinding(_ place: LumenPlace) async throws(ExamSessionError) -> LumenFinding?

    /// Called once when every step is done, to let go of the probe.
    func finish() async
}

extension Bedside {
    /// Most sources do not come back.
    public func holdAgain(
        at planned: PlannedRecording, after failure: SourceError?, stop: StopSignal
    ) async throws(ExamSessionError) -> HeldProbe? { nil }

    /// Nobody asks for a rest where nobody is there to rest.
    public func rest(_ rest: PlannedRest, stop: StopSignal) async throws(ExamSessionError) -> RestOutcome { .notAsked }

    /// Whoever is not asked goes on.
    public func review(_ review: TakeReview) async throws(ExamSessionError) -> TakeDecision { .goOn(judging: nil) }

    /// Most exams are not played again.
    public var recordedSessions: [SessionRecord]? { nil }

    /// Nothing is known of defects where nobody looks for them.
    public func lumenFinding(_ place: LumenPlace) async throws(ExamSessionError) -> LumenFinding? { nil }
}

/// What looking at one lumen for defects brought.
public struct LumenFinding: Sendable, Hashable {
    /// How far it was looked at.
    public var inspection: LumenInspection
    /// The defects that were seen there.
    public var defects: [LumenDefect]

    /// A finding from its parts.
    public init(inspection: LumenInspection, defects: [LumenDefect] = []) {
        self.inspection = inspection
        self.defects = defects
    }
}

/// What came of putting the probe to a site.
public enum Placement: Sendable {
    /// The probe is there.
    case held(HeldProbe)
    /// Nothing was done, and nothing is said of it: the step stays to be done.
    case notExamined
    /// The operator leaves the step out.
    case skipped(reason: String)
    /// The vein was looked for and not seen, or could not be looked for; the note is the operator's own words.
    case notVisualised(NotVisualisedReason, note: String?)
    /// The site was tried and cannot be judged.
    case notAssessable(reason: String)
}

/// A source at a site.
public struct HeldProbe: Sendable {
    /// Where frames come from.
    public var source: any FrameSource
    /// Whether I and Q of this source are corrected for gain and phase differences.
    public var correctsIQ: Bool
    /// How it was recorded; `nil` while it is recorded for the first time.
    public var recordedContext: RecordingContext?
    /// Why the recording that is played ended early; `nil` for one that did not, and for a probe.
    public var recordedEnd: String?
    /// The settings that the operator chose instead of the protocol's; `nil` = the protocol's.
    ///
    /// What of them the probe's own settings do not say stands in the recording's context, so that an analysis of the
    /// recording gives the same again.
    public var preset: SettingsPreset?

    /// A source at a site.
    public init(
        source: any FrameSource, correctsIQ: Bool, recordedContext: RecordingContext? = nil,
        recordedEnd: String? = nil, preset: SettingsPreset? = nil
    ) {
        self.recordedEnd = recordedEnd
        self.preset = preset
        self.source = source
        self.correctsIQ = recordedContext?.correctsIQ ?? correctsIQ
        self.recordedContext = recordedContext
    }
}
