/// One B-mode frame as it came from the wire, whole or with lines missing.
public struct BModePicture: Sendable, Hashable {
    /// The frame's number since the start, wraps.
    public var frameIndex: UInt32
    /// The last pulse not after the first of its lines that arrived.
    public var pulseIndex: UInt64
    /// Whether the transmitter was on during all that arrived.
    public var isTransmitting: Bool
    /// Lines of the frame.
    public var lines: Int
    /// Samples of a line.
    public var samplesPerLine: Int
    /// Depth of the picture, mm.
    public var depthMm: Double
    /// Distance of neighbouring lines, mm.
    public var linePitchMm: Double
    /// When it was taken, seconds since RUN by the probe's clock: pulse / PRF.
    public var seconds: Double
    /// The samples, line by line from the left: 0 = -60 dB or less, 255 = 0 dB.
    ///
    /// Those of missing lines are 0.
    public var samples: [UInt8]
    /// Lines that never arrived, in order; empty = the frame is whole.
    public var missingLines: [Range<Int>]

    /// A picture from its parts.
    public init(
        frameIndex: UInt32, pulseIndex: UInt64, isTransmitting: Bool, lines: Int, samplesPerLine: Int,
        depthMm: Double, linePitchMm: Double, seconds: Double, samples: [UInt8], missingLines: [Range<Int>]
    ) {
        self.frameIndex = frameIndex
        self.pulseIndex = pulseIndex
        self.isTransmitting = isTransmitting
        self.lines = lines
        self.samplesPerLine = samplesPerLine
        self.depthMm = depthMm
        self.linePitchMm = linePitchMm
        self.seconds = seconds
        self.samples = samples
        self.missingLines = missingLines
    }

    /// Whether every line arrived; a frame that is not whole must never be shown as if it were.
    public var isComplete: Bool { missingLines.isEmpty }
}
