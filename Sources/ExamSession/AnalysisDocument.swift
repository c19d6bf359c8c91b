internal import Acquisition
public import CCSVIAnalysis
public import DopplerDSP
public import ProbeLink

/// The whole result of `analyse`, for other programs to judge.
///
/// `null` is "not measured", everywhere.
public struct AnalysisDocument: Sendable, Codable {
    /// The format's name and version.
    public static let schemaID = "dopplerbridge-analysis-1"

    /// `dopplerbridge-analysis-1`.
    public var schema = Self.schemaID
    /// The program that wrote it.
    public var software: String
    /// Where the samples came from.
    public var origin: SourceOrigin
    /// One for each stretch of samples: one for a probe or a recording, one for each record of a DWL file.
    public var segments: [AnalysisSegment]
    /// What was wrong with the source, in sentences; empty when nothing was.
    public var problems: [String]

    /// A document from its parts.
    public init(software: String, origin: SourceOrigin, segments: [AnalysisSegment], problems: [String]) {
        self.software = software
        self.origin = origin
        self.segments = segments
        self.problems = problems
    }
}

/// One unbroken recording, or one record of a file that holds several.
public struct AnalysisSegment: Sendable, Codable {
    /// Its name within the source.
    public var name: String
    /// The settings in force.
    public var settings: AcquisitionSettings
    /// How they differ from those that were wanted, in sentences; empty where they do not.
    public var settingsChanged: [String]
    /// What turns shifts into velocities; `null` = not known, and no velocity is given.
    public var scale: DopplerScale?
    /// Nyquist velocity, cm/s.
    public var nyquistVelocityCmPerS: Double?
    /// Lowest and highest velocity that the scale shows, cm/s, by the baseline shift; `null` without a scale.
    public var velocityScaleCmPerS: [Double]?
    /// The direction that is normal: `towards` or `away`; `null` = not known, and no reflux is looked for.
    public var normalDirection: FlowDirection?
    /// How the spectra were computed.
    public var spectral: SpectralSettings
    /// What was counted on the way; `null` where the source counts nothing.
    public var counters: LinkCounters?
    /// What is missing, in the order of time.
    public var losses: [StreamLoss]
    /// What the recording device itself says of this record; only for files that say so.
    public var deviceLabel: DeviceLabel?
    /// The result of each gate.
    public var gates: [GateAnalysis]
    /// Depth against velocity; `null` where it was not asked for.
    public var multigate: MultigateDocument?
}

/// What a recording device says of one of its records.
public struct DeviceLabel: Sendable, Codable {
    /// Time of the event since the start of the device's examination, s.
    public var eventTimeSeconds: Double
    /// Level of the event, dB.
    public var eventLevelDb: Double
    /// The direction on the label.
    public var direction: FlowDirection
    /// The depth on the label, mm.
    public var depthMm: Double
    /// The device's channel, from 1.
    public var channel: Int

    /// A label from its fields.
    public init(
        eventTimeSeconds: Double, eventLevelDb: Double, direction: FlowDirection, depthMm: Double, channel: Int
    ) {
        self.eventTimeSeconds = eventTimeSeconds
        self.eventLevelDb = eventLevelDb
        self.direction = direction
        self.depthMm = depthMm
        self.channel = channel
    }
}

/// The result of one gate.
///
/// All arrays have one item for each column.
public struct GateAnalysis: Sendable, Codable {
    /// Which gate, from 0.
    public var gate: Int
    /// Depth of the gate's centre, mm; `null` = not known.
    public var depthMm: Double?
    /// Samples that the source says there are, and that were found; only where it says so.
    public var expectedSamples: Int?
    /// Samples that were found.
    public var foundSamples: Int?
    /// Whether the gate's samples end before the source says that they do.
    public var isTruncated: Bool
    /// Time of each column's middle since the start, s.
    public var timeSeconds: [Double]
    /// Mean Doppler shift by lag-one autocorrelation, Hz.
    public var meanDopplerShiftHz: [Float?]
    /// Mean velocity by lag-one autocorrelation, cm/s, positive towards the transducer.
    public var meanVelocityCmPerS: [Double?]
    /// Mean velocity with what lies beyond the Nyquist limit unwrapped where that is unambiguous, cm/s; `null` where it is
    /// not, or not measured.
    public var unwrappedMeanVelocityCmPerS: [Double?]
    /// Mean velocity by intensity weighting, cm/s.
    public var spectralMeanVelocityCmPerS: [Double?]
    /// Maximum velocity in the direction of the column's flow, cm/s, with its sign.
    public var envelopeVelocityCmPerS: [Double?]
    /// Maximum velocity towards the transducer, cm/s, 0 or above.
    public var envelopeTowardsCmPerS: [Double?]
    /// Maximum velocity away from the transducer, cm/s, 0 or below.
    public var envelopeAwayCmPerS: [Double?]
    /// Maximum Doppler shift towards the transducer, Hz.
    public var envelopeTowardsHz: [Float?]
    /// Maximum Doppler shift away from the transducer, Hz.
    public var envelopeAwayHz: [Float?]
    /// `towards`, `away` or `none` (no flow detected).
    public var direction: [String]
    /// Signal of the flow band over noise towards the transducer, dB.
    public var signalToNoiseTowardsDb: [Float]
    /// Signal of the flow band over noise away from the transducer, dB.
    public var signalToNoiseAwayDb: [Float]
    /// Noise estimate, dB over one squared count.
    public var noiseDb: [Float]
    /// What else is known of each column; names as in `ColumnFlags`.
    public var flags: [[String]]
    /// Reflux with its certainty; `null` where the normal direction or the scale is not known.
    public var refluxEpisodes: [RefluxEpisode]?
    /// Volume flow in the normal direction with its error; `null` where no area was given or the velocity is not measured.
    public var flow: FlowVolume?
    /// Medians over the columns with usable samples.
    public var summary: GateSummary
}

/// What a gate shows as a whole.
public struct GateSummary: Sendable, Codable {
    /// `towards`, `away` or `none`.
    public var direction: String
    /// Columns without taps, settling and missing transmission, on which the medians rest.
    public var usableColumns: Int
    /// Columns marked as taps.
    public var tapColumns: Int
    /// Aliased columns that were unwrapped.
    public var unwrappedColumns: Int
    /// Aliased columns that could not be unwrapped.
    public var ambiguousColumns: Int
    /// Median of the mean velocity, cm/s; `null` = not measured, or no direction of the whole.
    public var medianMeanVelocityCmPerS: Double?
    /// Median signal over noise towards the transducer, dB.
    public var medianSignalToNoiseTowardsDb: Double?
    /// Median signal over noise away from the transducer, dB.
    public var medianSignalToNoiseAwayDb: Double?
    /// Share of usable columns that are aliased, 0 to 1.
    public var aliasedFraction: Double?
    /// Share of usable columns without detected flow, 0 to 1.
    public var noFlowFraction: Double?
}
