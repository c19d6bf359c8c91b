/// How an exam went: its sessions, and what became of every step of the protocol.
public struct ExamCourse: Sendable, Hashable, Codable {
    /// The sessions, in order; an exam that was stopped and continued has several.
    public var sessions: [SessionRecord]
    /// The steps of the protocol, in its order.
    public var steps: [StepRecord]

    /// A course from its parts.
    public init(sessions: [SessionRecord], steps: [StepRecord]) {
        self.sessions = sessions
        self.steps = steps
    }
}

/// How a session of an exam ended.
public enum SessionEnd: String, Sendable, Hashable, Codable, CaseIterable {
    /// It came to the end of the protocol.
    case completed
    /// The operator stopped it.
    case stopped
    /// The probe or the disk failed.
    case failed
    /// It has no end: the program was killed or the power was lost.
    case brokeOff
}

/// One sitting down to an exam: from the program's start to its end.
public struct SessionRecord: Sendable, Hashable, Codable {
    /// Counted from 1.
    public var number: Int
    /// Start, ISO 8601 with offset.
    public var startedAt: String
    /// End, ISO 8601 with offset; `nil` where it broke off.
    public var endedAt: String?
    /// How it ended.
    public var end: SessionEnd
    /// Why it failed, in words; `nil` where it did not.
    public var endReason: String?
    /// The probe, in words.
    public var probe: String
    /// The word that picked the source.
    public var specifier: String
    /// Whether the source is simulated.
    public var isSimulated: Bool
    /// The program, with its version.
    public var software: String
    /// When quality assurance was last run, and how it ended, in words.
    public var qualityAssurance: String
    /// What differs from the session before and from the protocol's settings, in sentences.
    public var settingsChanged: [String]
    /// The rests after a change of posture, in order.
    public var rests: [RestRecord]

    /// A session that has begun and not ended.
    public init(
        number: Int, startedAt: String, probe: String, specifier: String, isSimulated: Bool, software: String,
        qualityAssurance: String
    ) {
        self.number = number
        self.startedAt = startedAt
        end = .brokeOff
        self.probe = probe
        self.specifier = specifier
        self.isSimulated = isSimulated
        self.software = software
        self.qualityAssurance = qualityAssurance
        settingsChanged = []
        rests = []
    }
}

/// A rest after a change of posture.
public struct RestRecord: Sendable, Hashable, Codable {
    /// The new posture.
    public var posture: Posture
    /// What the protocol asks for, seconds.
    public var plannedSeconds: Double
    /// What was taken, seconds: of the simulated clock with a simulated patient.
    public var takenSeconds: Double

    /// A rest from its fields.
    public init(posture: Posture, plannedSeconds: Double, takenSeconds: Double) {
        self.posture = posture
        self.plannedSeconds = plannedSeconds
        self.takenSeconds = takenSeconds
    }

    /// Whether it was as long as the protocol asks for.
    public var isWhole: Bool { takenSeconds >= plannedSeconds }
}

/// What became of a step.
public enum StepState: String, Sendable, Hashable, Codable, CaseIterable {
    /// It was recorded, wholly or in part.
    case recorded
    /// The operator left it out, with a reason.
    case skipped
    /// The operator tried and did not see the vein, with a coded reason.
    case notVisualised
    /// It was tried and cannot be judged, with a reason in words.
    case notAssessable
    /// Nothing was done and nothing said.
    case notDone
}

/// A step of the protocol as it was done.
public struct StepRecord: Sendable, Hashable, Codable {
    /// Place in the protocol, from 1.
    public var number: Int
    /// Where.
    public var site: ExamSite
    /// What became of it.
    public var state: StepState
    /// Why the vein was not visualised; `nil` in every other state.
    public var notVisualised: NotVisualisedReason?
    /// The operator's own words: why it was skipped, or what there is to say.
    public var note: String?
    /// Which take is judged; `nil` where none is.
    public var judgedTake: Int?
    /// Whether the operator chose the judged take; otherwise it is the last whole one.
    public var isChosen: Bool
    /// Everything that was recorded, earlier takes included.
    public var takes: [TakeRecord]

    /// A step from its fields.
    public init(
        number: Int, site: ExamSite, state: StepState, notVisualised: NotVisualisedReason? = nil, note: String? = nil,
        judgedTake: Int? = nil, isChosen: Bool = false, takes: [TakeRecord] = []
    ) {
        self.number = number
        self.site = site
        self.state = state
        self.notVisualised = notVisualised
        self.note = note
        self.judgedTake = judgedTake
        self.isChosen = isChosen
        self.takes = takes
    }
}

/// One take of a step: its recording, and the low-flow check that belongs to it.
public struct TakeRecord: Sendable, Hashable, Codable {
    /// Its number at the site, from 1; low-flow checks are counted with the takes.
    public var take: Int
    /// The session in which it was made.
    public var session: Int
    /// Its recordings, the segments after a lost probe and the low-flow check included.
    public var recordingIDs: [String]
    /// Why it is not whole, in words; `nil` when it is.
    public var incompleteBecause: String?
    /// Median signal over noise of the stronger direction, dB; `nil` = not measured.
    public var signalDb: Double?
    /// Whether the signal reaches what the step asks for; `nil` where no flow was found, or none is measured.
    public var reachesLeastSignal: Bool?
    /// What the take shows; `nil` where nothing of it can be read, and for the judged take of an exam, whose observation
    /// is among the measurements.
    public var observation: VeinObservation?

    /// A take from its fields.
    public init(
        take: Int, session: Int, recordingIDs: [String], incompleteBecause: String? = nil, signalDb: Double? = nil,
        reachesLeastSignal: Bool? = nil, observation: VeinObservation? = nil
    ) {
        self.take = take
        self.session = session
        self.recordingIDs = recordingIDs
        self.incompleteBecause = incompleteBecause
        self.signalDb = signalDb
        self.reachesLeastSignal = reachesLeastSignal
        self.observation = observation
    }

    /// Whether it is whole.
    public var isComplete: Bool { incompleteBecause == nil }
}

/// Why a vein was not visualised, as a coded list.
///
/// After the limits that CTEVD appendix e-1 names (short thick neck, recent surgery, cannot lie flat, cannot cooperate,
/// thick skull); the list itself is the project's choice.
public enum NotVisualisedReason: String, Sendable, Hashable, Codable, CaseIterable {
    case noBoneWindow, shortThickNeck, scarOrDressing, lungInTheWay, notFound, patientMoves, postureNotPossible, other

    /// How the step counts: what was tried cannot be judged, what could not be tried was not examined.
    ///
    /// Neither is ever "nothing found" (criteria readings of the project, "Unknown").
    public var status: ExaminationStatus { self == .postureNotPossible ? .notExamined : .notAssessable }

    /// The reason in words: `no bone window`.
    public var words: String {
        switch self {
        case .noBoneWindow: "no bone window"
        case .shortThickNeck: "short thick neck"
        case .scarOrDressing: "scar, wound or dressing"
        case .lungInTheWay: "lung or rib in the way"
        case .notFound: "the vein was looked for and not found"
        case .patientMoves: "the patient cannot keep still"
        case .postureNotPossible: "the patient cannot take the posture"
        case .other: "another reason"
        }
    }
}
