/// How spectra and velocities are computed.
///
/// Everything in it is printed with the results.
public struct SpectralSettings: Sendable, Hashable, Codable {
    /// Pulse repetition frequency, Hz: the sample rate of every gate.
    public var prfHz: Double
    /// Gates side by side in the samples, 1 or more.
    public var gates: Int
    /// Length of the window and of the transform, pulses: a power of two from 64 to 1024.
    public var fftLength: Int
    /// Distance of neighbouring columns, pulses, 1 or more.
    public var hopPulses: Int
    /// Cut-off of the wall filter (high-pass Butterworth of order 4, -3 dB), Hz; 0 removes only the mean.
    public var wallFilterCutoffHz: Double
    /// How the maximum velocity is found.
    public var envelopeMethod: EnvelopeMethod
    /// Whether gain and phase differences of I and Q are estimated and removed.
    public var correctsIQ: Bool
    /// The window of each spectrum.
    public var window: SpectralWindow
    /// The kind of wall filter.
    public var wallFilter: WallFilterKind

    /// Settings from their fields.
    public init(
        prfHz: Double, gates: Int = 1, fftLength: Int = 256, hopPulses: Int = 64, wallFilterCutoffHz: Double,
        envelopeMethod: EnvelopeMethod = .modifiedGeometric, correctsIQ: Bool = false,
        window: SpectralWindow = .hann, wallFilter: WallFilterKind = .butterworth
    ) {
        self.prfHz = prfHz
        self.gates = gates
        self.fftLength = fftLength
        self.hopPulses = hopPulses
        self.wallFilterCutoffHz = wallFilterCutoffHz
        self.envelopeMethod = envelopeMethod
        self.correctsIQ = correctsIQ
        self.window = window
        self.wallFilter = wallFilter
    }
}

extension SpectralSettings {
    /// Settings from a document; what older documents do not name has the value that was in force then.
    ///
    /// - Throws: what the decoder finds wrong.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            prfHz: try values.decode(Double.self, forKey: .prfHz), gates: try values.decode(Int.self, forKey: .gates),
            fftLength: try values.decode(Int.self, forKey: .fftLength),
            hopPulses: try values.decode(Int.self, forKey: .hopPulses),
            wallFilterCutoffHz: try values.decode(Double.self, forKey: .wallFilterCutoffHz),
            envelopeMethod: try values.decode(EnvelopeMethod.self, forKey: .envelopeMethod),
            correctsIQ: try values.decode(Bool.self, forKey: .correctsIQ),
            window: try values.decodeIfPresent(SpectralWindow.self, forKey: .window) ?? .hann,
            wallFilter: try values.decodeIfPresent(WallFilterKind.self, forKey: .wallFilter) ?? .butterworth)
    }
}

/// A named way to find the maximum Doppler shift of a column.
public enum EnvelopeMethod: String, Sendable, Hashable, Codable, CaseIterable {
    /// The last bin of the run of bins that together stand most above the column's noise times a fixed ratio.
    case noiseThreshold
    /// Modified geometric method: the largest distance between a side's cumulative spectrum and its chord.
    case modifiedGeometric
    /// Signal-noise slope intersection: where the straight parts of the cumulative spectrum meet.
    case signalNoiseSlopeIntersection
    /// The 95th percentile of the flow's power: the baseline of the literature, too low for most profiles.
    case percentile
}

/// What is known about one column beside its figures.
public struct ColumnFlags: OptionSet, Sendable, Hashable, Codable {
    /// The bits.
    public let rawValue: UInt16

    /// Flags from their bits.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// The envelope reaches the Nyquist limit, so the velocity may be aliased.
    public static let aliased = ColumnFlags(rawValue: 1)
    /// The converter clipped in a frame of this column.
    public static let clipped = ColumnFlags(rawValue: 2)
    /// No flow stands out of the noise in either direction.
    public static let noFlowDetected = ColumnFlags(rawValue: 4)
    /// The wall filter had not settled: start, or samples were missing just before.
    public static let settling = ColumnFlags(rawValue: 8)
    /// Short, broadband and in both directions at once: a tap on the probe, not flow.
    public static let tap = ColumnFlags(rawValue: 16)
    /// Not every pulse of the column was transmitted.
    public static let notTransmitting = ColumnFlags(rawValue: 32)
    /// Several pulses were exactly alike, as a dropout's zeros are, in the column or just before: nothing was measured.
    public static let noSignal = ColumnFlags(rawValue: 64)

    /// Each flag's name, for documents.
    public static let names: [(ColumnFlags, String)] = [
        (.aliased, "aliased"), (.clipped, "clipped"), (.noFlowDetected, "noFlowDetected"),
        (.settling, "settling"), (.tap, "tap"), (.notTransmitting, "notTransmitting"), (.noSignal, "noSignal"),
    ]
}

/// The figures of one column of a spectrogram.
///
/// Shifts in Hz, positive towards the transducer; `nil` = not measurable.
public struct SpectralColumn: Sendable, Hashable {
    /// Index since the start of the column's first pulse.
    public var firstPulse: UInt64
    /// Time of the column's middle since the start, seconds.
    public var centreSeconds: Double
    /// Mean shift by lag-one autocorrelation (Kasai), Hz.
    public var meanShiftHz: Float?
    /// Mean shift by intensity weighting of the bins above noise, Hz.
    public var spectralMeanShiftHz: Float?
    /// Maximum shift towards the transducer, Hz, 0 or above.
    public var envelopeTowardsHz: Float?
    /// Maximum shift away from the transducer, Hz, 0 or below.
    public var envelopeAwayHz: Float?
    /// Noise estimate, dB over one squared count for each bin.
    public var noiseDb: Float
    /// Mean power of the flow band towards the transducer over the noise, dB; 0 is noise alone.
    ///
    /// The flow band ends at the larger of both directions' envelopes, so that the two figures compare the same
    /// shifts; without flow it ends at the Nyquist limit.
    public var signalToNoiseTowardsDb: Float
    /// Mean power of the flow band away from the transducer over the noise, dB; 0 is noise alone.
    public var signalToNoiseAwayDb: Float
    /// What else is known.
    public var flags: ColumnFlags

    /// A column from its fields.
    public init(
        firstPulse: UInt64, centreSeconds: Double, meanShiftHz: Float?, spectralMeanShiftHz: Float?,
        envelopeTowardsHz: Float?, envelopeAwayHz: Float?, noiseDb: Float, signalToNoiseTowardsDb: Float,
        signalToNoiseAwayDb: Float, flags: ColumnFlags
    ) {
        self.firstPulse = firstPulse
        self.centreSeconds = centreSeconds
        self.meanShiftHz = meanShiftHz
        self.spectralMeanShiftHz = spectralMeanShiftHz
        self.envelopeTowardsHz = envelopeTowardsHz
        self.envelopeAwayHz = envelopeAwayHz
        self.noiseDb = noiseDb
        self.signalToNoiseTowardsDb = signalToNoiseTowardsDb
        self.signalToNoiseAwayDb = signalToNoiseAwayDb
        self.flags = flags
    }
}

/// The spectra of one gate over one recording.
///
/// Columns are in the order of time; where samples are missing there are no columns, and the times of the
/// columns show the gap.
public struct Spectrogram: Sendable {
    /// How it was computed.
    public let settings: SpectralSettings
    /// Which gate, from 0.
    public let gate: Int
    /// The figures, column by column.
    public var columns: [SpectralColumn]
    /// Power, squared counts: `columns.count` times `settings.fftLength` bins from -PRF/2 upwards.
    ///
    /// The bins of a column add up to the mean power of its samples.
    public var power: [Float]
    /// How power and direction change within the windows; `nil` = not computed.
    public var course: FlowCourse?

    /// A spectrogram from its parts.
    public init(
        settings: SpectralSettings, gate: Int, columns: [SpectralColumn], power: [Float], course: FlowCourse? = nil
    ) {
        self.settings = settings
        self.gate = gate
        self.columns = columns
        self.power = power
        self.course = course
    }

    /// Doppler shift of a bin, Hz, from -PRF/2 upwards.
    public func shiftHz(ofBin bin: Int) -> Double {
        (Double(bin) - Double(settings.fftLength / 2)) * settings.prfHz / Double(settings.fftLength)
    }
}
