public import DopplerDSP
public import ProbeLink

/// Something that is streamed, with its place by pulse index and its time by the line of the run's clock.
public enum StreamPiece: Sendable {
    /// A run is going to begin: what it will be a run of. Nothing of the run before comes after it.
    case prepared(StreamRunFacts)
    /// The run's first frame has come: the line that its stamps begin with.
    case begin(StreamRunFacts, ClockLine)
    /// Samples without a gap.
    case samples(SampleBlock)
    /// Columns of the gate that is looked at.
    case columns(ColumnBlock)
    /// Something happened.
    case marker(StreamMarker)
}

/// What holds for one run of a source, from its start to the next change of settings.
public struct StreamRunFacts: Sendable, Hashable {
    /// Which run of the stream, from 1.
    public var run: Int
    /// What the samples come from.
    public var origin: SourceOrigin
    /// The settings in force.
    public var settings: AcquisitionSettings
    /// Whether it was recorded before and is played again.
    public var isPlayedAgain: Bool
    /// What is looked at.
    public var look: StreamLook
    /// How fast signal goes by where the source can wait: times real time; `nil` = the source's own clock.
    public var timesRealTime: Double?
    /// What makes UTC of monotonic seconds.
    public var utcOffsetSeconds: Double

    /// How the stamps are made, in words.
    public var clockWords: String {
        let rate = timesRealTime.map { $0 == 1 ? "paced by the program" : "simulated, \($0) times real time" }
        return "pulse index / PRF on the host's monotonic clock; offset fixed at the beginning of the run; "
            + (rate ?? "the probe's drift followed as a line")
    }

    /// What the samples are, in a word or two.
    public var nature: String {
        (origin.isSimulated ? "SIMULATED" : "MEASURED") + (isPlayedAgain ? " (played again)" : "")
    }
}

/// Samples of all gates without a gap.
public struct SampleBlock: Sendable {
    /// Index since the start of the run of the first pulse.
    public var firstPulse: UInt64
    /// How many pulses, 1 or more.
    public var pulses: Int
    /// Gates side by side, 1 or more.
    public var gates: Int
    /// How the bytes are to be read.
    public var format: IQFormat
    /// For each pulse, for each gate, I and Q, little-endian.
    public var bytes: [UInt8]
    /// The clock's line.
    public var line: ClockLine
}

/// Columns of one gate, in the order of time.
public struct ColumnBlock: Sendable {
    /// The figures.
    public var columns: [EnvelopeColumn]
    /// Power, squared counts: for each column `fftLength` bins from -PRF/2 upwards.
    public var power: [Float]
    /// Bins of each column.
    public var fftLength: Int
    /// The clock's line.
    public var line: ClockLine
}

/// One column's figures, in the unit of the run's look; not a number = not measured.
public struct EnvelopeColumn: Sendable, Hashable {
    /// Index since the start of the run of the column's first pulse.
    public var firstPulse: UInt64
    /// Index of the column's middle, half pulses included.
    public var middlePulse: Double
    /// Maximum towards the transducer, 0 or above.
    public var maximumTowards: Double
    /// Maximum away from the transducer, 0 or below.
    public var maximumAway: Double
    /// Mean, positive towards the transducer.
    public var mean: Double
    /// What is wrong with it, as `ColumnFlags`.
    public var flags: UInt16
}

/// Something that happened, in words.
public struct StreamMarker: Sendable, Hashable {
    /// The words, such as `posture upright` or `loss link 12 pulses from 3456`.
    public var text: String
    /// When, seconds of the monotonic clock.
    public var seconds: Double
    /// Where: the pulse's index since the start of the run; `nil` before the first frame.
    public var pulse: UInt64?

    /// A marker from its parts.
    public init(text: String, seconds: Double, pulse: UInt64?) {
        self.text = text
        self.seconds = seconds
        self.pulse = pulse
    }
}

/// Takes what is streamed, on the stream's own thread, one piece at a time; it must not wait for a client.
public protocol StreamOutlet: Sendable {
    /// Takes a piece.
    func publish(_ piece: StreamPiece)
    /// Tells how the source stands: called a few times a second.
    func tell(_ counters: StreamCounters)
}
