public import DopplerDSP

/// A whole exam: what was recorded, what was measured and what that says.
///
/// This is `exam.json`.
public struct Exam: Sendable, Hashable, Codable {
    /// The format's name and version.
    public static let schemaID = "dopplerbridge-exam-1"

    /// `dopplerbridge-exam-1`.
    public var schema: String
    /// The exam's id.
    public var examID: String
    /// The subject's code; never a name.
    public var subjectCode: String
    /// Start of the exam, ISO 8601 with offset.
    public var startedAt: String
    /// The program that wrote it, with its version.
    public var software: String
    /// The algorithms' names and versions.
    public var algorithms: [String]
    /// The exam protocol.
    public var protocolReference: Reference
    /// SHA-256 of the protocol's file where it is a site's own, lower-case hexadecimal; `nil` for one that is built in.
    public var protocolSHA256: String?
    /// Where the samples came from, in words: maker, product, serial number.
    public var sourceDescription: String
    /// The word that picked the source.
    public var sourceSpecifier: String
    /// Whether anything in the exam is simulated.
    ///
    /// Nothing removes this mark.
    public var isSimulated: Bool
    /// Mechanical and thermal index as the probe declares them, or `not available`.
    public var outputDeclaration: String
    /// When quality assurance of the Doppler chain was last run, and how it ended, in words.
    public var qualityAssurance: String
    /// The recordings, in the order of the steps, those of a step as they were made.
    public var recordings: [VeinRecording]
    /// What was measured.
    public var measurements: ExamMeasurements
    /// What that says.
    public var assessment: Assessment
    /// What it says under every published definition, side by side; `nil` in exams of versions that did not write it.
    public var definitions: DefinitionOverview?
    /// That it was made blinded; `nil` for an exam that was not.
    public var blinding: Blinding?
    /// What limits the exam, in sentences: steps not done, losses, doubtful signals.
    public var limitations: [String]
    /// The statement of what this exam is and is not.
    public var statement: [String]
    /// The sessions, and what became of every step; `nil` in exams of a version that did not keep it.
    public var course: ExamCourse?

    /// An exam from its fields.
    public init(
        examID: String, subjectCode: String, startedAt: String, software: String, algorithms: [String],
        protocolReference: Reference, sourceDescription: String, sourceSpecifier: String, isSimulated: Bool,
        outputDeclaration: String, qualityAssurance: String, recordings: [VeinRecording],
        measurements: ExamMeasurements, assessment: Assessment, definitions: DefinitionOverview? = nil,
        blinding: Blinding? = nil, limitations: [String], statement: [String],
        protocolSHA256: String? = nil, course: ExamCourse? = nil
    ) {
        schema = Self.schemaID
        self.examID = examID
        self.subjectCode = subjectCode
        self.startedAt = startedAt
        self.software = software
        self.algorithms = algorithms
        self.protocolReference = protocolReference
        self.sourceDescription = sourceDescription
        self.sourceSpecifier = sourceSpecifier
        self.isSimulated = isSimulated
        self.outputDeclaration = outputDeclaration
        self.qualityAssurance = qualityAssurance
        self.recordings = recordings
        self.measurements = measurements
        self.assessment = assessment
        self.definitions = definitions
        self.blinding = blinding
        self.limitations = limitations
        self.statement = statement
        self.protocolSHA256 = protocolSHA256
        self.course = course
    }

    /// The protocol for people: `standard 2`, with the beginning of its fingerprint where it is a site's own.
    public var protocolName: String {
        let name = "\(protocolReference.id) \(protocolReference.version)"
        return protocolSHA256.map { "\(name) (\($0.prefix(Self.fingerprintDigits)))" } ?? name
    }

    /// Digits of a fingerprint that tell a site's few files apart (project choice).
    private static let fingerprintDigits = 8
}

/// One recording of one site, with everything that its figures depend on.
public struct VeinRecording: Sendable, Hashable, Codable {
    /// The recording's id within the exam: `07-ijv.left.j2.supine`.
    public var recordingID: String
    /// The place.
    public var site: ExamSite
    /// What the patient did.
    public var manoeuvre: Manoeuvre
    /// Counted from 1 when a step is repeated.
    public var take: Int
    /// File name within the exam's folder.
    public var fileName: String
    /// SHA-256 of the file, lower-case hexadecimal.
    public var sha256: String
    /// Length of the recording by the probe's clock, seconds.
    public var durationSeconds: Double
    /// Depth of the analysed gate's centre, mm.
    public var gateDepthMm: Double
    /// Length of the gate, mm.
    public var gateLengthMm: Double
    /// Transmit level, thousandths of the probe's maximum.
    public var transmitLevelPerMille: Int
    /// Receive gain, dB.
    public var receiveGainDb: Double
    /// What turns shifts into velocities.
    public var scale: DopplerScale
    /// How the spectra were computed.
    public var spectral: SpectralSettings
    /// Nyquist velocity, cm/s: the velocity scale.
    public var nyquistVelocityCmPerS: Double
    /// Wall filter's cut-off as a velocity, cm/s.
    public var wallFilterCmPerS: Double
    /// The direction that is normal here.
    public var normalDirection: FlowDirection
    /// I/Q pulses recorded.
    public var pulses: UInt64
    /// Pulses lost in the probe, on the link and at the ring.
    public var lostPulses: LostPulses
    /// Share of usable columns that are aliased, 0 to 1; `nil` without usable columns.
    public var aliasedFraction: Double?
    /// Share of usable columns in which no flow was detected, 0 to 1; `nil` without usable columns.
    public var noFlowFraction: Double?
    /// Median signal-to-noise ratio of the stronger direction, dB; `nil` without usable columns.
    public var signalToNoiseDb: Double?
    /// Breaths seen in the recording; `nil` when breathing was not recorded.
    public var breaths: Int?

    /// A recording from its fields.
    public init(
        recordingID: String, site: ExamSite, manoeuvre: Manoeuvre, take: Int, fileName: String, sha256: String,
        durationSeconds: Double, gateDepthMm: Double, gateLengthMm: Double, transmitLevelPerMille: Int,
        receiveGainDb: Double, scale: DopplerScale, spectral: SpectralSettings, nyquistVelocityCmPerS: Double,
        wallFilterCmPerS: Double, normalDirection: FlowDirection, pulses: UInt64, lostPulses: LostPulses,
        aliasedFraction: Double?, noFlowFraction: Double?, signalToNoiseDb: Double?, breaths: Int?
    ) {
        self.recordingID = recordingID
        self.site = site
        self.manoeuvre = manoeuvre
        self.take = take
        self.fileName = fileName
        self.sha256 = sha256
        self.durationSeconds = durationSeconds
        self.gateDepthMm = gateDepthMm
        self.gateLengthMm = gateLengthMm
        self.transmitLevelPerMille = transmitLevelPerMille
        self.receiveGainDb = receiveGainDb
        self.scale = scale
        self.spectral = spectral
        self.nyquistVelocityCmPerS = nyquistVelocityCmPerS
        self.wallFilterCmPerS = wallFilterCmPerS
        self.normalDirection = normalDirection
        self.pulses = pulses
        self.lostPulses = lostPulses
        self.aliasedFraction = aliasedFraction
        self.noFlowFraction = noFlowFraction
        self.signalToNoiseDb = signalToNoiseDb
        self.breaths = breaths
    }
}

/// Direction of flow with regard to the transducer.
public enum FlowDirection: String, Sendable, Hashable, Codable, CaseIterable {
    case towards, away
}

/// Pulses that are missing from a recording, by the place where they were lost.
public struct LostPulses: Sendable, Hashable, Codable {
    /// Lost in the probe, which said so.
    public var inProbe: UInt64
    /// Lost between the probe and the program.
    public var onLink: UInt64
    /// Lost because the disk or the analysis was too slow.
    public var atRing: UInt64

    /// Counts from their values.
    public init(inProbe: UInt64 = 0, onLink: UInt64 = 0, atRing: UInt64 = 0) {
        self.inProbe = inProbe
        self.onLink = onLink
        self.atRing = atRing
    }

    /// All of them; counts from a forged document that are too many to add up give the greatest number.
    public var total: UInt64 {
        [onLink, atRing].reduce(inProbe) { sum, next in
            let (all, isTooMany) = sum.addingReportingOverflow(next)
            return isTooMany ? .max : all
        }
    }
}
