/// How spectra and velocities are computed.
///
/// Everything in it is printed with the results.
public struct SpectralSettings: Sendable, Hashable, Codable {
    /// Pulse repetition frequency, Hz: the sample rate of every gate.
    public var prfHz: Double
    /// Gates side by side in the samples, 1 or more.
    public var gates: Int
    /// Length of the Hann window and of the transform, pulses: a power of two from 64 to 1024.
    public var fftLength: Int
    /// Distance of neighbouring columns, pulses, 1 or more.
    public var hopPulses: Int
    /// Cut-off of the wall filter (high-pass Butterworth of order 4, -3 dB), Hz; 0 removes only the mean.
    public var wallFilterCutoffHz: Double
    /// How the maximum velocity is found.
    public var envelopeMethod: EnvelopeMethod
    /// Whether gain and phase differences of I and Q are estimated and removed.
    public var correctsIQ: Bool

    /// Settings from their fields.
    public init(
        prfHz: Double, gates: Int = 1, fftLength: Int = 256, hopPulses: Int = 64, wallFilterCutoffHz: Double,
        envelopeMethod: EnvelopeMethod = .noiseThreshold, correctsIQ: Bool = false
    ) {
        self.prfHz = prfHz
        self.gates = gates
        self.fftLength = fftLength
        self.hopPulses = hopPulses
        self.wallFilterCutoffHz = wallFilterCutoffHz
        self.envelopeMethod = envelopeMethod
        self.correctsIQ = correctsIQ
    }
}

/// A named way to find the maximum Doppler shift of a column.
public enum EnvelopeMethod: String, Sendable, Hashable, Codable, CaseIterable {
    /// The last bin of the run of bins that together stand most above the column's noise times a fixed ratio.
    case noiseThreshold
    /// Modified geometric method: the largest distance between a side's cumulative spectrum and its chord.
    case modifiedGeometric
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

    /// Each flag's name, for documents.
    public static let names: [(ColumnFlags, String)] = [
        (.aliased, "aliased"), (.clipped, "clipped"), (.noFlowDetected, "noFlowDetected"),
        (.settling, "settling"), (.tap, "tap"), (.notTransmitting, "notTransmitting"),
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

    /// A spectrogram from its parts.
    public init(settings: SpectralSettings, gate: Int, columns: [SpectralColumn], power: [Float]) {
        self.settings = settings
        self.gate = gate
        self.columns = columns
        self.power = power
    }

    /// Doppler shift of a bin, Hz, from -PRF/2 upwards.
    public func shiftHz(ofBin bin: Int) -> Double {
        (Double(bin) - Double(settings.fftLength / 2)) * settings.prfHz / Double(settings.fftLength)
    }
}
