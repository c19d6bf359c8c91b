public import Acquisition
public import ProbeLink

/// The samples of one recording on a time base without holes: the place of a sample is its pulse, and what was lost has
/// a place too, filled with 0 and listed as a gap.
public struct RecordedSamples: Sendable {
    /// What stands in place of a few lost pulses, and why.
    public struct Gap: Sendable, Hashable, Codable {
        /// The first pulse that is missing.
        public var firstPulse: Int
        /// How many are missing.
        public var pulses: Int
        /// Where they were lost: `probe`, `link` or `ring`, and `unknown` where no mark says so.
        public var place: String

        /// A gap from its fields.
        public init(firstPulse: Int, pulses: Int, place: String) {
            self.firstPulse = firstPulse
            self.pulses = pulses
            self.place = place
        }
    }

    /// ECG and breathing on a time base without holes.
    public struct Physiology: Sendable, Hashable {
        /// Samples a second.
        public var rateHz: Double
        /// ECG, microvolts; 0 where missing.
        public var ecgMicroV: [Int16]
        /// Breathing, 32,767 = full scale, rising is inspiration; 0 where missing.
        public var respiration: [Int16]
        /// Places that hold no sample.
        public var missing: [Range<Int>]
    }

    /// The recording's name without its folder.
    public let fileName: String
    /// What it is of.
    public let description: RecordingDescription
    /// How it ended; `nil` when it was cut off.
    public let closing: RecordingClosing?
    /// Whether the file had its closing block and nothing behind it.
    public let isWhole: Bool
    /// How the samples are stored.
    public let format: SampleFormat
    /// Gates side by side.
    public let gates: Int
    /// Pulses, gaps included.
    public let pulses: Int
    /// The samples, little-endian: for each pulse, for each gate, I and Q; 0 in gaps.
    public let bytes: [UInt8]
    /// What is missing, in the order of time.
    public let gaps: [Gap]
    /// Pulses in frames that the probe or a reader marked as clipped.
    public let clipped: [Range<Int>]
    /// Pulses in frames that were not transmitted throughout.
    public let silent: [Range<Int>]
    /// The probe's events, in the order of time.
    public let events: [ProbeEvent]
    /// ECG and breathing; `nil` where none were sent.
    public let physiology: Physiology?
    /// What was left out and why, in sentences.
    public let problems: [String]

    /// The longest time base that is filled, bytes of samples (project choice: as long as the longest recording).
    static let mostBytes = 4 << 30

    /// Reads a recording.
    ///
    /// - Throws: when it cannot be read, holds no I/Q, changes its form half-way, or is too long with its gaps.
    public init(of recording: Recording) throws(SampleFileError) {
        let name = recording.fileName
        guard recording.description.settings.prfMilliHz > 0 else {
            throw .noSamples(file: name, reason: "its settings have no pulse repetition frequency")
        }
        var collector = SampleCollector(settings: recording.description.settings, mostBytes: Self.mostBytes)
        do throws(SourceRunError) {
            _ = try ReplaySource(recording).run(into: &collector, until: StopSignal())
        } catch {
            throw .damaged(file: name, problem: error.reason.description)
        }
        collector.finish()
        if let pulses = collector.beyond { throw .tooLong(file: name, pulses: pulses) }
        guard let format = collector.format, collector.pulses > 0 else {
            throw .noSamples(file: name, reason: "no frame of I and Q")
        }
        guard collector.mixedFormats == 0 else {
            throw .noSamples(file: name, reason: "\(collector.mixedFormats) frames have another form than the first")
        }
        fileName = name
        description = recording.description
        closing = recording.closing
        isWhole = recording.isWhole
        self.format = format
        gates = collector.gates
        pulses = collector.pulses
        bytes = collector.bytes
        gaps = collector.gaps
        clipped = collector.clipped
        silent = collector.silent
        events = collector.events
        physiology = collector.physiology.result(endSeconds: Double(collector.pulses) / description.settings.prfHz)
        problems = collector.problems + (isWhole ? [] : ["\(name) was cut off: it was never closed"])
    }

    /// Pulse repetition frequency, Hz.
    public var prfHz: Double { description.settings.prfHz }

    /// Whether anything in it is simulated.
    public var isSimulated: Bool { description.origin.isSimulated }

    /// Bytes of I, and of Q.
    var bytesPerNumber: Int { format == .iqInt16 ? 2 : 4 }

    /// For each pulse 1 where it is missing, else 0.
    var mask: [UInt8] {
        var mask = [UInt8](repeating: 0, count: pulses)
        for gap in gaps { for pulse in gap.firstPulse..<gap.firstPulse + gap.pulses { mask[pulse] = 1 } }
        return mask
    }

    /// One number, I at even and Q at odd places, of a pulse and a gate.
    func number(_ index: Int) -> Int32 {
        let span = bytes.span.bytes
        return bytesPerNumber == 2
            ? Int32(Int16(littleEndian: span.unsafeLoadUnaligned(fromByteOffset: 2 * index, as: Int16.self)))
            : Int32(littleEndian: span.unsafeLoadUnaligned(fromByteOffset: 4 * index, as: Int32.self))
    }
}
