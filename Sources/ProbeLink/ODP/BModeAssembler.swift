/// Puts B-mode packets together to frames; a pure state machine.
///
/// A frame is handed on as soon as all of its lines are there, or when a later frame begins; then it says which lines are
/// missing. Lines and samples must be those of the settings in force: a packet that says otherwise, a line beyond the
/// frame, a line that was there before and a frame that has passed are counted and not used.
public struct BModeAssembler: Sendable {
    /// What was counted.
    public struct Counters: Sendable, Hashable {
        /// Frames handed on whole.
        public var wholeFrames: UInt64 = 0
        /// Frames handed on with lines missing.
        public var incompleteFrames: UInt64 = 0
        /// Frames of which nothing came, by the frame indices.
        public var missingFrames: UInt64 = 0
        /// Packets that could not be used.
        public var unusablePackets: UInt64 = 0

        /// Nothing counted.
        public init() {}
    }

    /// Bytes before the lines: frame index, first line, lines of the frame (ODP 1.0, "Payloads").
    private static let headBytes = 8
    /// The most samples of a frame that are kept (project choice: sixteen times what the reference probe makes).
    public static let mostSamples = 1 << 22

    private struct Open {
        var picture: BModePicture
        var hasLine: [Bool]
        var arrived = 0
    }

    /// What was counted.
    public private(set) var counters = Counters()
    private let settings: AcquisitionSettings
    private let lines: Int
    private let samplesPerLine: Int
    private var open: Open?
    /// The first frame index that may still come.
    private var expectedFrame: UInt32 = 0

    /// An assembler for settings in force; without B-mode in them every packet is unusable.
    public init(_ settings: AcquisitionSettings) {
        self.settings = settings
        let count = Int(settings.bModeLines) * Int(settings.bModeSamplesPerLine)
        let isPossible = settings.streams.contains(.bMode) && count > 0 && count <= Self.mostSamples
        lines = isPossible ? Int(settings.bModeLines) : 0
        samplesPerLine = isPossible ? Int(settings.bModeSamplesPerLine) : 0
    }

    /// Takes one frame of the stream; those of other kinds are passed over.
    ///
    /// - Returns: the pictures that are finished by it: at most an incomplete one and a whole one.
    public mutating func take(_ frame: FrameHeader, _ payload: RawSpan) -> [BModePicture] {
        guard frame.kind == .bMode else { return [] }
        guard let part = part(frame, payload) else {
            counters.unusablePackets &+= 1
            return []
        }
        var finished: [BModePicture] = []
        if open?.picture.frameIndex != part.index {
            // Ahead by less than half of all numbers; else it has passed.
            guard part.index &- expectedFrame < 1 << 31 else {
                counters.unusablePackets &+= 1
                return []
            }
            if let earlier = finish() { finished.append(earlier) }
            counters.missingFrames &+= UInt64(part.index &- expectedFrame)
            open = begun(part.index, frame)
            expectedFrame = part.index &+ 1
        }
        guard add(part, frame, payload) else {
            counters.unusablePackets &+= 1
            return finished
        }
        if let whole = open, whole.arrived == lines, let picture = finish() { finished.append(picture) }
        return finished
    }

    /// Ends the stream.
    ///
    /// - Returns: the frame that was begun, with what is missing of it; `nil` when there is none.
    public mutating func finish() -> BModePicture? {
        guard let ended = open else { return nil }
        open = nil
        var picture = ended.picture
        var line = 0
        while line < lines {
            let first = line
            while line < lines, !ended.hasLine[line] { line += 1 }
            if line > first { picture.missingLines.append(first..<line) }
            while line < lines, ended.hasLine[line] { line += 1 }
        }
        if picture.isComplete { counters.wholeFrames &+= 1 } else { counters.incompleteFrames &+= 1 }
        return picture
    }

    /// What a packet says of itself; `nil` where it does not fit the settings or itself.
    private func part(_ frame: FrameHeader, _ payload: RawSpan) -> (index: UInt32, lines: Range<Int>)? {
        let count = Int(frame.items)
        guard frame.format == .odpBMode, lines > 0, count > 0, Int(frame.records) == samplesPerLine,
            payload.byteCount == Self.headBytes + count * samplesPerLine,
            Int(payload.uint16(at: 6)) == lines
        else { return nil }
        let first = Int(payload.uint16(at: 4))
        guard first + count <= lines else { return nil }
        return (payload.uint32(at: 0), first..<first + count)
    }

    private func begun(_ index: UInt32, _ frame: FrameHeader) -> Open {
        let millisecondsPerSecond = 1000.0
        let prfHz = Double(max(1, settings.prfMilliHz)) / millisecondsPerSecond
        let micrometresPerMm = 1000.0
        let nanometresPerMm = 1e6
        return Open(
            picture: BModePicture(
                frameIndex: index, pulseIndex: frame.pulseIndex, isTransmitting: true, lines: lines,
                samplesPerLine: samplesPerLine, depthMm: Double(settings.bModeDepthUm) / micrometresPerMm,
                linePitchMm: Double(settings.bModeLinePitchNm) / nanometresPerMm,
                seconds: Double(frame.pulseIndex) / prfHz,
                samples: [UInt8](repeating: 0, count: lines * samplesPerLine), missingLines: []),
            hasLine: [Bool](repeating: false, count: lines))
    }

    /// Adds a packet's lines to the open frame; `false` when one of them is there already.
    private mutating func add(
        _ part: (index: UInt32, lines: Range<Int>), _ frame: FrameHeader, _ payload: RawSpan
    ) -> Bool {
        guard let begun = open, !begun.hasLine[part.lines].contains(true) else { return false }
        for line in part.lines { open?.hasLine[line] = true }
        open?.arrived += part.lines.count
        let start = part.lines.lowerBound * samplesPerLine
        for place in 0..<part.lines.count * samplesPerLine {
            open?.picture.samples[start + place] = payload.uint8(at: Self.headBytes + place)
        }
        if !frame.flags.contains(.transmitting) { open?.picture.isTransmitting = false }
        return true
    }
}
