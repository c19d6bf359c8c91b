/// An M-mode strip: one line of successive frames, over time.
///
/// Each column keeps its own time; where frames are missing the strip has a gap, which is never closed up.
public struct MModeStrip: Sendable, Hashable {
    /// One frame's line.
    public struct Column: Sendable, Hashable {
        /// When it was taken, seconds since the start: pulse / PRF.
        public var seconds: Double
        /// Its samples from the transducer on: 0 = -60 dB or less, 255 = 0 dB.
        public var samples: [UInt8]
    }

    /// Which line, from 0 on the left.
    public let line: Int
    /// Depth of the picture, mm.
    public private(set) var depthMm: Double?
    /// Where the line lies, mm to the right of the Doppler line.
    public private(set) var acrossMm: Double?
    /// The columns in the order of time.
    public private(set) var columns: [Column] = []
    /// Frames whose line did not arrive, or that came out of order: each is a gap.
    public private(set) var gaps = 0
    private var shape: (lines: Int, samples: Int)?

    /// The most samples that are kept (project choice: ten minutes at 50 frames a second and 2,000 samples).
    public static let mostSamples = 1 << 26
    /// A column stands for its time until half of this many usual distances from its neighbour (project choice).
    private static let widestColumn = 1.5

    /// An empty strip of a line.
    public init(line: Int) { self.line = line }

    /// Adds a frame's line; one with another size than the first, or more than are kept, is a gap.
    ///
    /// - Throws: `noSuchLine` when the frame has no such line.
    public mutating func add(_ frame: BModeFrame, atSeconds seconds: Double) throws(ImagingError) {
        guard line >= 0, line < frame.lines else { throw .noSuchLine(line, lines: frame.lines) }
        if shape == nil {
            shape = (frame.lines, frame.samplesPerLine)
            depthMm = frame.depthMm
            acrossMm = frame.acrossMm(ofLine: Double(line))
        }
        let isLater = columns.last.map { seconds > $0.seconds } ?? true
        let hasRoom = (columns.count + 1) * frame.samplesPerLine <= Self.mostSamples
        guard shape?.lines == frame.lines, shape?.samples == frame.samplesPerLine, seconds.isFinite, isLater, hasRoom,
            !frame.missingLines.contains(where: { $0.contains(line) })
        else {
            gaps += 1
            return
        }
        let start = line * frame.samplesPerLine
        columns.append(
            Column(seconds: seconds, samples: Array(frame.samples[start..<start + frame.samplesPerLine])))
    }

    /// The usual distance of columns, seconds: the median; `nil` for fewer than two.
    public var usualDistanceSeconds: Double? {
        guard columns.count > 1 else { return nil }
        let distances = zip(columns, columns.dropFirst()).map { $1.seconds - $0.seconds }.sorted()
        return distances[distances.count / 2]
    }

    /// The picture on an even time axis: for each moment the nearest column, `nil` in a gap.
    ///
    /// - Parameter count: moments, from the first column to the last.
    public func columns(evenly count: Int) -> [Column?] {
        guard let first = columns.first, let last = columns.last, count > 0 else { return [] }
        let reach = (usualDistanceSeconds ?? 0) * Self.widestColumn / 2
        var near = 0
        return (0..<count).map { index in
            let share = count > 1 ? Double(index) / Double(count - 1) : 0
            let seconds = first.seconds + share * (last.seconds - first.seconds)
            while near + 1 < columns.count,
                abs(columns[near + 1].seconds - seconds) <= abs(columns[near].seconds - seconds)
            {
                near += 1
            }
            return abs(columns[near].seconds - seconds) <= reach || columns.count == 1 ? columns[near] : nil
        }
    }

    /// Whether two strips show the same.
    public static func == (one: Self, other: Self) -> Bool {
        one.line == other.line && one.depthMm == other.depthMm && one.columns == other.columns && one.gaps == other.gaps
    }

    /// Hashes what `==` compares.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(line)
        hasher.combine(columns)
    }
}
