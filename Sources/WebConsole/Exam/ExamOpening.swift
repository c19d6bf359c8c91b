public import ExamSession

/// What the console needs to begin an exam, or to go on with one.
public struct ExamOpening: Sendable {
    /// The protocol, the rules, ids and clocks.
    public var plan: ExamPlan
    /// The exam's folder: a new one, or one that holds an unfinished exam.
    public var folder: ExamFolder
    /// The probe.
    public var probe: any HandHeldProbe
    /// Between what it can be set.
    public var limits: SettingsLimits
    /// The patient's name where it may be shown.
    public var name: String?
    /// Whether a rest takes the time of the wall; else, with a simulated patient who does not, it is over at once.
    public var restsByTheClock = true
    /// Gates that a live scan asks for; 1 asks for the recorded one alone.
    public var liveGates = ExamOpening.usualLiveGates
    /// Whether a live scan asks for B-mode pictures.
    public var asksPictures = true

    /// Gates of a live scan unless told otherwise (project choice: 64 at half a millimetre span 32 mm, the neck's veins).
    public static let usualLiveGates = 64

    /// An opening from its parts.
    public init(
        plan: ExamPlan, folder: ExamFolder, probe: any HandHeldProbe, limits: SettingsLimits = .wide,
        name: String? = nil
    ) {
        self.plan = plan
        self.folder = folder
        self.probe = probe
        self.limits = limits
        self.name = name
    }
}

/// An exam that has ended at the console.
public struct EndedExam: Sendable {
    /// The exam's folder, which holds everything.
    public var folder: ExamFolder
    /// What came of it; `nil` where it could not be written.
    public var outcome: ExamOutcome?
    /// Why it could not be written.
    public var failure: ExamSessionError?
}
