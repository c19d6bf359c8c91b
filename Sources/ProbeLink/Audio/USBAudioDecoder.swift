internal import Glibc

/// Decodes the stream of a USB sound interface into I and Q of one gate, one sample a pulse.
///
/// The stream is bare samples: what is lost shows in the packets alone (Audio Data Formats 1.0, 2.2.1: a packet holds
/// whole samples of all channels). So each call of `consume` takes one packet, or several whole ones: an unfinished
/// sample at its end counts as bad and is marked as one lost pulse, and the next call begins a new sample. Missed
/// packets are marked as many pulses as their time holds, the rounding never adding up. What cannot be known: damage
/// within a packet that arrived, and samples that the interface itself left out.
///
/// 16 bits are handed on as they are, 24 bits fill the upper bits of 32. A frame with a sample at full scale, before
/// or after the channels were joined, is marked as clipped. A constant part is left to the wall filter.
///
/// A pure state machine: the same packets in any cutting at whole samples give the same frames.
public struct USBAudioDecoder: Sendable {
    private let stream: USBAudioStream
    private let wireChannels: Int
    private let sampleByteCount: Int
    private let joining: ChannelJoining
    private let isFiltered: Bool
    private var frames: PulseFrames
    private var missed: MissedTime
    private var filter = HilbertFilter()
    /// Samples that wait in the filter.
    private var waiting = 0
    /// Outputs of the filter, and one, that a sample at full scale still spoils.
    private var clippedWithin = 0
    private var receivedSamples: UInt64 = 0

    /// A decoder for the packets that follow the start of a run.
    ///
    /// - Parameters:
    ///   - stream: what the channels carry; values outside their ranges are the caller's mistake and give noise.
    ///   - wireChannels: channels of the interface, 1 or 2; one is enough for `mono`, which takes the first.
    ///   - pulsesPerFrame: pulses of a frame; 0 is taken as 1. The last one before a loss or the end may be shorter.
    public init(stream: USBAudioStream, wireChannels: Int, pulsesPerFrame: UInt16) {
        self.stream = stream
        self.wireChannels = wireChannels == 1 ? 1 : 2
        sampleByteCount = stream.sampleBits == 24 ? 3 : 2
        joining = ChannelJoining(stream)
        isFiltered = stream.channels == .forwardReverse
        // The interface cannot say when the Doppler transmits: what it records is taken to be echoes.
        frames = PulseFrames(
            format: stream.sampleBits == 24 ? .iqInt32 : .iqInt16, gates: 1, pulsesPerFrame: pulsesPerFrame,
            flags: .transmitting)
        missed = MissedTime(pulsesPerSecond: Double(stream.sampleRateHz))
    }

    /// What has been counted so far.
    public var counters: LinkCounters { frames.counters }

    /// Samples that have come, those of missed packets included.
    var samplesOfClock: Double { Double(receivedSamples) + missed.allPulses }

    /// Takes one packet, or several whole ones.
    public mutating func consume<Sink: FrameSink & ~Copyable>(_ bytes: RawSpan, into sink: inout Sink) {
        let size = sampleByteCount * wireChannels
        let whole = bytes.byteCount / size
        if whole > 0 { settle() }
        for sample in 0..<whole {
            let left = number(in: bytes, at: sample * size)
            let right = wireChannels == 2 ? number(in: bytes, at: sample * size + sampleByteCount) : 0
            take(left, right, into: &sink)
        }
        receivedSamples = receivedSamples.saturatingSum(UInt64(whole))
        if bytes.byteCount > whole * size {
            settle()
            endStretch(into: &sink)
            frames.counters.bad += 1
            frames.lose(pulses: 1)
            receivedSamples = receivedSamples.saturatingSum(1)
        }
    }

    /// Notes that packets did not arrive between the bytes before and those that follow.
    public mutating func miss<Sink: FrameSink & ~Copyable>(
        packets count: Int, packetNanoseconds: UInt64, into sink: inout Sink
    ) {
        guard count > 0 else { return }
        endStretch(into: &sink)
        missed.add(packets: count, packetNanoseconds: packetNanoseconds)
    }

    /// Ends the stream: hands on every sample that is still in the filter.
    public mutating func finish<Sink: FrameSink & ~Copyable>(into sink: inout Sink) {
        endStretch(into: &sink)
        settle()
        frames.finish(into: &sink)
    }

    /// Marks the packets that were missed before what follows.
    private mutating func settle() {
        guard missed.isOpen else { return }
        let packets = missed.packets
        frames.lose(pulses: missed.settle(), packets: packets)
    }

    /// Takes a sample of both channels.
    private mutating func take<Sink: FrameSink & ~Copyable>(
        _ left: Int32, _ right: Int32, into sink: inout Sink
    ) {
        let isClipped = isAtFullScale(left) || (wireChannels == 2 && usesRight && isAtFullScale(right))
        guard isFiltered else {
            let joined = joining.join(Double(left), Double(right))
            append(joined.inPhase, joined.quadrature, isClipped: isClipped, into: &sink)
            return
        }
        waiting += 1
        if isClipped { clippedWithin = 2 * HilbertFilter.reach + 2 }
        if let output = filter.take(forward: Double(left), reverse: Double(right) * stream.rightGain) {
            release(output, into: &sink)
        }
    }

    /// Hands on what waits in the filter and begins anew.
    private mutating func endStretch<Sink: FrameSink & ~Copyable>(into sink: inout Sink) {
        guard isFiltered else { return }
        // Each sample comes out `reach` later, so this many rounds bring all of them.
        var rounds = HilbertFilter.reach
        while waiting > 0, rounds > 0 {
            if let output = filter.drain() { release(output, into: &sink) }
            rounds -= 1
        }
        filter.reset()
        waiting = 0
        clippedWithin = 0
    }

    private mutating func release<Sink: FrameSink & ~Copyable>(
        _ output: (inPhase: Double, quadrature: Double), into sink: inout Sink
    ) {
        waiting -= 1
        // A sample at full scale spoils every output that the filter makes of it.
        if clippedWithin > 0 { clippedWithin -= 1 }
        append(output.inPhase, output.quadrature, isClipped: clippedWithin > 0, into: &sink)
    }

    private mutating func append<Sink: FrameSink & ~Copyable>(
        _ inPhase: Double, _ quadrature: Double, isClipped: Bool, into sink: inout Sink
    ) {
        let turned = stream.invertsDirection ? -quadrature : quadrature
        var isAtLimit = isClipped
        frames.beginPulse(into: &sink)
        for value in [inPhase, turned] {
            if sampleByteCount == 2 {
                let number = Int16(clampingRounded: value)
                if Double(number) != value.rounded() { isAtLimit = true }
                frames.append(number)
            } else {
                let number = Int32(clampingRounded: value * 256)
                if value * 256 > Double(Int32.max) || value * 256 < Double(Int32.min) { isAtLimit = true }
                frames.append(number)
            }
        }
        frames.endPulse(isClipped: isAtLimit, into: &sink)
    }

    /// Whether the second channel is used at all.
    private var usesRight: Bool { stream.channels != .mono }

    /// Whether a sample stands at either end of its range.
    private func isAtFullScale(_ number: Int32) -> Bool {
        let greatest: Int32 = sampleByteCount == 2 ? 0x7FFF : 0x7F_FFFF
        return number >= greatest || number < -greatest
    }

    /// The number that begins at an offset.
    private func number(in bytes: RawSpan, at offset: Int) -> Int32 {
        if sampleByteCount == 2 { return Int32(bytes.int16(at: offset)) }
        let high = Int32(Int8(bitPattern: bytes.uint8(at: offset + 2)))
        return high << 16 | Int32(bytes.uint16(at: offset))
    }
}

/// Makes I and Q of two channels that carry them, or of one.
private struct ChannelJoining: Sendable {
    private let channels: USBAudioStream.Channels
    private let gain: Double
    private let sine: Double
    private let cosine: Double

    init(_ stream: USBAudioStream) {
        channels = stream.channels
        gain = stream.rightGain
        let radians = stream.rightPhaseDegrees * .pi / 180
        sine = sin(radians)
        cosine = cos(radians)
    }

    func join(_ left: Double, _ right: Double) -> (inPhase: Double, quadrature: Double) {
        switch channels {
        case .iq, .forwardReverse:
            // The right channel is sin(a + p): sin a = (sin(a + p) - cos a sin p) / cos p.
            (left, (gain * right - sine * left) / cosine)
        case .qi:
            // The right channel is cos(a + p): cos a = (cos(a + p) + sin a sin p) / cos p.
            ((gain * right + sine * left) / cosine, left)
        case .mono: (left, 0)
        }
    }
}

extension FixedWidthInteger {
    /// The nearest whole number that fits; 0 for what is not a number.
    init(clampingRounded value: Double) {
        let rounded = value.rounded()
        if let exact = Self(exactly: rounded) {
            self = exact
        } else {
            self = rounded > 0 ? .max : rounded < 0 ? .min : 0
        }
    }
}
