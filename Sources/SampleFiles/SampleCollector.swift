internal import ProbeLink

/// Takes the frames of a recording and puts each sample at its place in time.
struct SampleCollector: FrameSink {
    private(set) var format: SampleFormat?
    let gates: Int
    private(set) var bytes: [UInt8] = []
    /// Pulses so far, gaps included.
    private(set) var pulses = 0
    private(set) var gaps: [RecordedSamples.Gap] = []
    private(set) var clipped: [Range<Int>] = []
    private(set) var silent: [Range<Int>] = []
    private(set) var events: [ProbeEvent] = []
    private(set) var physiology: PhysiologyCollector
    /// Frames whose samples are stored in another way than those of the first.
    private(set) var mixedFormats = 0
    /// The first pulse that is too far away; `nil` = none was.
    private(set) var beyond: UInt64?
    private var lastLoss: StreamLoss?
    private var unusableFrames = 0
    private var earlierFrames = 0
    private let mostBytes: Int

    init(settings: AcquisitionSettings, mostBytes: Int) {
        gates = Int(settings.gates)
        self.mostBytes = mostBytes
        physiology = PhysiologyCollector(prfHz: settings.prfHz)
    }

    func hasRoom(forBytes count: Int) -> Bool { true }

    mutating func event(_ event: ProbeEvent) { events.append(event) }

    /// What was left out and why.
    var problems: [String] {
        var problems: [String] = []
        if unusableFrames > 0 { problems.append("\(unusableFrames) frames do not fit the settings and were left out") }
        if earlierFrames > 0 { problems.append("\(earlierFrames) frames go back in time and were left out") }
        return problems + physiology.problems
    }

    mutating func receive(_ frame: FrameHeader, _ payload: RawSpan) {
        switch frame.kind {
        case .iq: receiveIQ(frame, payload)
        case .physiology: physiology.receive(frame, payload)
        case .bMode: break
        }
    }

    mutating func lost(_ loss: StreamLoss) {
        guard loss.kind == .iq else { return }
        lastLoss = loss
    }

    /// Ends the time base where the last mark of a loss does; before it, the frames say how far a gap goes.
    mutating func finish() {
        guard let lastLoss, format != nil else { return }
        let (end, isTooFar) = lastLoss.firstPulse.addingReportingOverflow(lastLoss.pulses)
        fill(upTo: isTooFar ? .max : end)
    }

    private mutating func receiveIQ(_ frame: FrameHeader, _ payload: RawSpan) {
        guard Int(frame.items) == gates, let pair = frame.format.bytesPerIQPair,
            payload.byteCount == pair * gates * Int(frame.records)
        else {
            unusableFrames += 1
            return
        }
        if format == nil { format = frame.format }
        guard format == frame.format else {
            mixedFormats += 1
            return
        }
        guard frame.pulseIndex >= UInt64(pulses) else {
            earlierFrames += 1
            return
        }
        fill(upTo: frame.pulseIndex)
        guard beyond == nil else { return }
        let begin = pulses
        payload.withUnsafeBytes { bytes.append(contentsOf: $0) }
        pulses += Int(frame.records)
        if frame.flags.contains(.clipped) { Self.append(begin..<pulses, to: &clipped) }
        if !frame.flags.contains(.transmitting) { Self.append(begin..<pulses, to: &silent) }
    }

    /// Fills the time base with 0 and notes the gap.
    private mutating func fill(upTo end: UInt64) {
        guard beyond == nil, end > UInt64(pulses) else { return }
        let bytesPerPulse = (format?.bytesPerIQPair ?? 0) * gates
        guard bytesPerPulse > 0, end <= UInt64(mostBytes / bytesPerPulse) else {
            beyond = end
            return
        }
        let begin = pulses
        pulses = Int(end)
        bytes.append(contentsOf: repeatElement(0, count: bytesPerPulse * (pulses - begin)))
        let mark = lastLoss.flatMap { (UInt64(begin)...end).contains($0.firstPulse) ? $0.place.rawValue : nil }
        let place = mark ?? "unknown"
        if let last = gaps.last, last.firstPulse + last.pulses == begin, last.place == place {
            gaps[gaps.count - 1].pulses += pulses - begin
        } else {
            gaps.append(RecordedSamples.Gap(firstPulse: begin, pulses: pulses - begin, place: place))
        }
    }

    /// Adds a stretch to others, joined with the last where they meet.
    private static func append(_ stretch: Range<Int>, to stretches: inout [Range<Int>]) {
        if let last = stretches.last, last.upperBound == stretch.lowerBound {
            stretches[stretches.count - 1] = last.lowerBound..<stretch.upperBound
        } else {
            stretches.append(stretch)
        }
    }
}
