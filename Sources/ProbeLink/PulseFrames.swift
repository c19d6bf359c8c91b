/// Gathers decoded pulses into frames and puts what is missing at its place between them.
///
/// Nothing is allocated for a pulse or a frame.
struct PulseFrames: Sendable {
    /// The furthest that pulses are counted: beyond, a loss is cut, so that no sum overflows.
    private static let greatestPulse = UInt64.max / 2

    /// What was counted: frames, pulses and losses here, the rest by the decoder that fills them.
    var counters = LinkCounters()
    /// Pulses of all frames and losses so far.
    private(set) var nextPulse: UInt64 = 0

    private let format: SampleFormat
    private let gates: UInt16
    private let pulsesPerFrame: UInt16
    private let flags: FrameFlags
    private var payload: [UInt8] = []
    private var pulses: UInt16 = 0
    private var sequence: UInt32 = 0
    private var isClipped = false
    private var lostPulses: UInt64 = 0
    private var lostPackets: UInt64 = 0

    /// - Parameter pulsesPerFrame: 0 is taken as 1; the last frame before a loss or the end may be shorter.
    init(format: SampleFormat, gates: UInt16, pulsesPerFrame: UInt16, flags: FrameFlags) {
        self.format = format
        self.gates = gates
        self.pulsesPerFrame = max(1, pulsesPerFrame)
        self.flags = flags
        payload.reserveCapacity(Int(self.pulsesPerFrame) * Int(gates) * (format.bytesPerIQPair ?? 0))
    }

    /// Notes that pulses are missing before the next one.
    ///
    /// - Parameter packets: how many packets that was; 0 where it is not known.
    mutating func lose(pulses: UInt64, packets: UInt64 = 0) {
        let counted = min(pulses, Self.greatestPulse - min(Self.greatestPulse, nextPulse.saturatingSum(lostPulses)))
        lostPulses += counted
        lostPackets = lostPackets.saturatingSum(packets)
        counters.missingPulses = counters.missingPulses.saturatingSum(counted)
        counters.lostPackets = counters.lostPackets.saturatingSum(packets)
    }

    /// Begins a pulse, behind whatever is missing before it.
    mutating func beginPulse<Sink: FrameSink & ~Copyable>(into sink: inout Sink) {
        if lostPulses > 0 || lostPackets > 0 { markLoss(into: &sink) }
    }

    /// Adds one number of the pulse, I or Q, in the order of the frame's format.
    mutating func append(_ number: some FixedWidthInteger) {
        for byte in 0..<(number.bitWidth / 8) { payload.append(UInt8(truncatingIfNeeded: number >> (8 * byte))) }
    }

    /// Ends a pulse; a full frame is handed on.
    mutating func endPulse<Sink: FrameSink & ~Copyable>(isClipped: Bool = false, into sink: inout Sink) {
        if isClipped { self.isClipped = true }
        pulses += 1
        nextPulse += 1
        if pulses == pulsesPerFrame { deliver(into: &sink) }
    }

    /// Hands on everything that is left.
    mutating func finish<Sink: FrameSink & ~Copyable>(into sink: inout Sink) {
        deliver(into: &sink)
        if lostPulses > 0 || lostPackets > 0 { markLoss(into: &sink) }
    }

    private mutating func markLoss<Sink: FrameSink & ~Copyable>(into sink: inout Sink) {
        deliver(into: &sink)
        sink.lost(
            StreamLoss(kind: .iq, place: .link, firstPulse: nextPulse, pulses: lostPulses, packets: lostPackets))
        nextPulse += lostPulses
        lostPulses = 0
        lostPackets = 0
    }

    private mutating func deliver<Sink: FrameSink & ~Copyable>(into sink: inout Sink) {
        guard pulses > 0 else { return }
        var said = flags
        if sequence == 0, counters.frames == 0 { said.insert(.first) }
        if isClipped { said.insert(.clipped) }
        sink.receive(
            FrameHeader(
                kind: .iq, format: format, flags: said, sequence: sequence, pulseIndex: nextPulse - UInt64(pulses),
                items: gates, records: pulses),
            payload.span.bytes)
        counters.frames += 1
        counters.pulses += UInt64(pulses)
        payload.removeAll(keepingCapacity: true)
        sequence &+= 1
        pulses = 0
        isClipped = false
    }
}
