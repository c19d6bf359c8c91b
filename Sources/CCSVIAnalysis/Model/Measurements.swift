/// What was measured in an exam: all that the criteria read.
///
/// `exam score` takes this as JSON.
public struct ExamMeasurements: Sendable, Hashable, Codable {
    /// What each examined site showed.
    ///
    /// A planned site that is not listed was not examined.
    public var observations: [VeinObservation]
    /// Areas of the jugular lumen.
    ///
    /// A planned area that is not listed was not examined.
    public var lumenAreas: [LumenArea]
    /// Defects seen in or around the jugular lumen.
    public var lumenDefects: [LumenDefect]
    /// Where the lumen was looked at for defects.
    ///
    /// A place that is not listed, and for which no defect is listed, was not examined.
    public var lumenInspections: [LumenInspection]
    /// Volume flows: shown beside the criteria, never scored.
    public var volumeFlows: [VolumeFlow]
    /// Arterial inflow of the head, supine, mL/min, above 0; `nil` = not measured.
    public var arterialInflowSupineMlPerMin: Double?
    /// Findings of other modalities: shown beside the criteria, never scored.
    public var otherFindings: [OtherFinding]

    /// Measurements from their parts.
    public init(
        observations: [VeinObservation] = [], lumenAreas: [LumenArea] = [], lumenDefects: [LumenDefect] = [],
        lumenInspections: [LumenInspection] = [], volumeFlows: [VolumeFlow] = [],
        arterialInflowSupineMlPerMin: Double? = nil, otherFindings: [OtherFinding] = []
    ) {
        self.observations = observations
        self.lumenAreas = lumenAreas
        self.lumenDefects = lumenDefects
        self.lumenInspections = lumenInspections
        self.volumeFlows = volumeFlows
        self.arterialInflowSupineMlPerMin = arterialInflowSupineMlPerMin
        self.otherFindings = otherFindings
    }

    /// Reads measurements; the lists that earlier versions did not write are empty where they do not stand.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            observations: try fields.decode([VeinObservation].self, forKey: .observations),
            lumenAreas: try fields.decode([LumenArea].self, forKey: .lumenAreas),
            lumenDefects: try fields.decode([LumenDefect].self, forKey: .lumenDefects),
            lumenInspections: try fields.decodeIfPresent([LumenInspection].self, forKey: .lumenInspections) ?? [],
            volumeFlows: try fields.decodeIfPresent([VolumeFlow].self, forKey: .volumeFlows) ?? [],
            arterialInflowSupineMlPerMin: try fields.decodeIfPresent(
                Double.self, forKey: .arterialInflowSupineMlPerMin),
            otherFindings: try fields.decodeIfPresent([OtherFinding].self, forKey: .otherFindings) ?? [])
    }
}

/// How far a site was examined.
///
/// The three are never mixed up.
public enum ExaminationStatus: String, Sendable, Hashable, Codable, CaseIterable {
    case examined, notExamined, notAssessable
}

/// Whether flow was found at an examined site.
public enum FlowPresence: String, Sendable, Hashable, Codable, CaseIterable {
    /// Flow was detected; reflux episodes, if any, are listed beside it.
    case present
    /// No flow was detected. It counts as absent only with its three conditions.
    case absent
}

/// The conditions under which no flow was found.
///
/// Only with all three is flow absent; without them the site is not assessable (criteria readings of the project,
/// "Unknown").
public struct AbsenceConditions: Sendable, Hashable, Codable {
    /// The wall filter was set low.
    public var lowWallFilter: Bool
    /// The velocity scale was set low.
    public var lowVelocityScale: Bool
    /// The patient took deep inspirations.
    public var deepInspirations: Bool

    /// Conditions from their values.
    public init(lowWallFilter: Bool, lowVelocityScale: Bool, deepInspirations: Bool) {
        self.lowWallFilter = lowWallFilter
        self.lowVelocityScale = lowVelocityScale
        self.deepInspirations = deepInspirations
    }

    /// Whether all three held.
    public var allHold: Bool { lowWallFilter && lowVelocityScale && deepInspirations }
}

/// A stretch of flow against the direction that is normal for the vein and window.
public struct RefluxEpisode: Sendable, Hashable, Codable {
    /// Start since the start of the recording, seconds; `nil` when entered by hand without it.
    public var onsetSeconds: Double?
    /// Length, seconds, above 0.
    public var durationSeconds: Double
    /// How far the length may be off either way, seconds; `nil` when entered by hand without it.
    public var durationUncertaintySeconds: Double?
    /// Fastest mean velocity against the normal direction, cm/s, above 0; `nil` when not known.
    public var peakVelocityCmPerS: Double?
    /// What the patient did.
    public var manoeuvre: Manoeuvre
    /// In how many breaths of the recording a reflux at least this long was seen; `nil` when breathing was not recorded.
    public var breathsSeen: Int?
    /// How many breaths the recording holds; `nil` when that is not known.
    public var breathsRecorded: Int?
    /// Confidence from 0 to 1 by the detector's stated rule; `nil` when entered by hand.
    public var confidence: Double?

    /// An episode from its fields.
    public init(
        onsetSeconds: Double? = nil, durationSeconds: Double, durationUncertaintySeconds: Double? = nil,
        peakVelocityCmPerS: Double? = nil, manoeuvre: Manoeuvre = .quietBreathing, breathsSeen: Int?,
        breathsRecorded: Int? = nil, confidence: Double? = nil
    ) {
        self.onsetSeconds = onsetSeconds
        self.durationSeconds = durationSeconds
        self.durationUncertaintySeconds = durationUncertaintySeconds
        self.peakVelocityCmPerS = peakVelocityCmPerS
        self.manoeuvre = manoeuvre
        self.breathsSeen = breathsSeen
        self.breathsRecorded = breathsRecorded
        self.confidence = confidence
    }
}

/// What one site showed.
public struct VeinObservation: Sendable, Hashable, Codable {
    /// Where.
    public var site: ExamSite
    /// How far it was examined.
    public var status: ExaminationStatus
    /// Why it could not be assessed; required for `notAssessable`.
    public var reason: String?
    /// Whether flow was found; required for `examined`, `nil` otherwise.
    public var flow: FlowPresence?
    /// The conditions of an absence; `nil` counts as none recorded.
    public var absence: AbsenceConditions?
    /// The reflux episodes; empty when none was found.
    public var refluxes: [RefluxEpisode]
    /// Direction of the flow outside reflux with regard to the transducer; `nil` when it was not noted.
    ///
    /// What is normal depends on vein and window: the protocol says it for each.
    public var direction: FlowDirection?
    /// Why the direction of the flow that was seen is not known; `nil` where it is known or was not noted.
    public var directionReason: String?
    /// Mean velocity along the vein over the recording, cm/s, positive in the normal direction; `nil` = not measured.
    public var meanVelocityCmPerS: Double?
    /// The recording that shows it; `nil` when entered by hand.
    public var recordingID: String?

    /// An observation from its fields.
    public init(
        site: ExamSite, status: ExaminationStatus, reason: String? = nil, flow: FlowPresence? = nil,
        absence: AbsenceConditions? = nil, refluxes: [RefluxEpisode] = [], direction: FlowDirection? = nil,
        directionReason: String? = nil, meanVelocityCmPerS: Double? = nil, recordingID: String? = nil
    ) {
        self.site = site
        self.status = status
        self.reason = reason
        self.flow = flow
        self.absence = absence
        self.refluxes = refluxes
        self.direction = direction
        self.directionReason = directionReason
        self.meanVelocityCmPerS = meanVelocityCmPerS
        self.recordingID = recordingID
    }
}

/// How a lumen area was found.
public enum AreaMethod: String, Sendable, Hashable, Codable, CaseIterable {
    case entered, ellipse, trace, automatic
}

/// The cross-sectional area of an internal jugular vein at one level in one posture.
public struct LumenArea: Sendable, Hashable, Codable {
    /// Side of the vein.
    public var side: Side
    /// Level of the vein.
    public var level: JugularLevel
    /// Posture of the patient.
    public var posture: Posture
    /// How far it was examined.
    public var status: ExaminationStatus
    /// Why it could not be assessed; required for `notAssessable`.
    public var reason: String?
    /// Area, mm2, 0 or above; required for `examined`, `nil` otherwise.
    public var areaMm2: Double?
    /// How it was found; required for `examined`.
    public var method: AreaMethod?
    /// When in the breath it was measured; `nil` when that was not noted.
    public var breathingPhase: BreathingPhase?
    /// Confidence of an automatic contour, 0 to 1; `nil` for other methods.
    public var confidence: Double?
    /// Whether a person corrected the automatic contour; `nil` for other methods.
    public var isCorrected: Bool?
    /// The recording of the picture; `nil` when entered by hand.
    public var recordingID: String?
    /// The picture that it was measured in; `nil` when entered by hand.
    public var picture: AreaPicture?
    /// Values that stood here before, the latest first: listed and never scored; `nil` counts as none.
    public var superseded: [SupersededArea]?

    /// An area from its fields.
    public init(
        side: Side, level: JugularLevel, posture: Posture, status: ExaminationStatus = .examined,
        reason: String? = nil, areaMm2: Double?, method: AreaMethod? = .entered, breathingPhase: BreathingPhase? = nil,
        confidence: Double? = nil, isCorrected: Bool? = nil, recordingID: String? = nil,
        picture: AreaPicture? = nil, superseded: [SupersededArea]? = nil
    ) {
        self.side = side
        self.level = level
        self.posture = posture
        self.status = status
        self.reason = reason
        self.areaMm2 = areaMm2
        self.method = method
        self.breathingPhase = breathingPhase
        self.confidence = confidence
        self.isCorrected = isCorrected
        self.recordingID = recordingID
        self.picture = picture
        self.superseded = superseded
    }
}
