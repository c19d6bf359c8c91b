public import ProbeLink

/// What a recording is of: everything that its samples mean beyond themselves.
///
/// The first block of the file.
public struct RecordingDescription: Sendable, Hashable, Codable {
    /// The format's name and version.
    public static let formatID = "dopplerbridge-recording-1"

    /// `dopplerbridge-recording-1`.
    public var format: String
    /// The program that wrote it, with its version.
    public var software: String
    /// Where the samples come from.
    ///
    /// The mark of simulation is in here.
    public var origin: SourceOrigin
    /// The settings in force.
    public var settings: AcquisitionSettings
    /// What was looked at, and how.
    public var context: RecordingContext

    /// A description from its fields.
    public init(software: String, origin: SourceOrigin, settings: AcquisitionSettings, context: RecordingContext) {
        format = Self.formatID
        self.software = software
        self.origin = origin
        self.settings = settings
        self.context = context
    }
}

/// What the probe was held at, and what shifts mean there.
///
/// `nil` is "not known", never a default.
public struct RecordingContext: Sendable, Hashable, Codable {
    /// The exam site's id, `ijv.left.j2.supine`.
    public var siteID: String?
    /// What the patient did: `quietBreathing`.
    public var manoeuvre: String?
    /// Counted from 1 when a step is repeated.
    public var take: Int
    /// Counted from 1 when the probe was lost during a step and the step recorded anew; `nil` = 1.
    public var segment: Int?
    /// Whether it is a step's low-flow check; `nil` where a version that did not say it recorded take 2 for that alone.
    public var isLowFlowCheck: Bool?
    /// The session of the exam, counted from 1; `nil` = 1.
    public var session: Int?
    /// Angle between beam and flow, degrees.
    public var insonationAngleDegrees: Double?
    /// Speed of sound that velocities are computed with, m/s.
    public var speedOfSoundMPerS: Double?
    /// The direction that is normal here: `towards` or `away`.
    public var normalDirection: String?
    /// Whether I and Q are corrected for gain and phase differences.
    public var correctsIQ: Bool
    /// Cut-off of the wall filter, Hz, where the operator chose the settings; `nil` = the protocol's.
    public var wallFilterHz: Double?
    /// Length of window and transform, pulses, where the operator chose the settings; `nil` = the protocol's.
    public var fftLength: Int?
    /// Distance of neighbouring columns, pulses, where the operator chose the settings; `nil` = the protocol's.
    public var hopPulses: Int?
    /// `true` where the samples come from a file that does not say that one of them is a pulse, and nobody else did: its
    /// sample rate stands for the pulse repetition frequency, and no velocity may be computed.
    public var assumesPRF: Bool?

    /// A context from its fields.
    public init(
        siteID: String? = nil, manoeuvre: String? = nil, take: Int = 1, segment: Int? = nil,
        isLowFlowCheck: Bool? = nil, session: Int? = nil, insonationAngleDegrees: Double? = nil,
        speedOfSoundMPerS: Double? = nil, normalDirection: String? = nil,
        correctsIQ: Bool = false
    ) {
        self.siteID = siteID
        self.manoeuvre = manoeuvre
        self.take = take
        self.segment = segment
        self.isLowFlowCheck = isLowFlowCheck
        self.session = session
        self.insonationAngleDegrees = insonationAngleDegrees
        self.speedOfSoundMPerS = speedOfSoundMPerS
        self.normalDirection = normalDirection
        self.correctsIQ = correctsIQ
    }
}

/// How a recording ended.
///
/// The last block of the file; without it the recording was cut off.
public struct RecordingClosing: Sendable, Hashable, Codable {
    /// What was counted between the probe and the frames.
    public var link: LinkCounters
    /// What was dropped at the ring.
    public var ring: RingCounters
    /// Why the source ended early, in words; `nil` when it was stopped as planned or by the operator.
    public var endedEarlyBecause: String?

    /// A closing from its fields.
    public init(link: LinkCounters, ring: RingCounters, endedEarlyBecause: String?) {
        self.link = link
        self.ring = ring
        self.endedEarlyBecause = endedEarlyBecause
    }
}
