/// Cuts a stream of bare I/Q samples into frames and watches that they stay aligned.
///
/// Such a stream has no header, number or checksum, so lost bytes cannot be seen in it. What can be seen is that
/// samples no longer begin where they should: every window of 64 pulses is judged by its differences, and when
/// four in a row agree on another phase, the samples are realigned, the place counts as bad and is marked as a loss
/// of one pulse. Frames are held back by two windows for that, by five while a wrong phase lasts.
///
/// What is not known, and no reader of these bytes can know:
/// - How much was lost. The fewest bytes that explain the new phase are assumed, all from one pulse. Whole pulses may
///   be missing beside it, and whole pulses alone go unnoticed, so times after the first mark are lower bounds.
/// - Whether I and Q have changed places, when just one sample, or a sample and more, was lost.
/// - The place, where signal and noise are alike from one pulse to the next; else it is right to about one pulse.
/// - Losses within the last window of a run, where no whole window follows.
/// - Anything at all where samples fill their range with noise, or where the lowest byte of the samples is unused.
///
/// A pure state machine: the same bytes in any cutting give the same frames. Nothing is allocated for a frame.
public struct UnframedIQDecoder: Sendable {
    /// What has been counted so far.
    public private(set) var counters = LinkCounters()

    private let monitor: AlignmentMonitor
    private var assembly: IQFrameAssembly
    /// Bytes that have not been handed on, from a pulse's beginning.
    private var held: [UInt8] = []
    /// How many of the held pulses have been judged.
    private var judgedPulses = 0
    /// The phase that the last windows agreed on, and how many they were.
    private var wrongPhase = 0
    private var wrongWindows = 0

    private var format: UnframedIQFormat { monitor.format }

    /// A decoder for the bytes that follow the start of a run.
    ///
    /// - Parameters:
    ///   - pulsesPerFrame: pulses of a frame; 0 is taken as 1. The last one before a loss or the end may be shorter.
    ///   - flags: what is said of every frame, such as `.transmitting`; the stream says nothing itself.
    public init(format: UnframedIQFormat, pulsesPerFrame: UInt16, flags: FrameFlags = []) {
        monitor = AlignmentMonitor(format: format)
        assembly = IQFrameAssembly(format: format, pulsesPerFrame: max(1, pulsesPerFrame), flags: flags)
        held.reserveCapacity(
            (AlignmentMonitor.lastingWindows + 2) * AlignmentMonitor.windowPulses * format.bytesPerPair)
    }

    /// Takes the next bytes of the stream.
    public mutating func consume<Sink: FrameSink & ~Copyable>(_ bytes: RawSpan, into sink: inout Sink) {
        let window = AlignmentMonitor.windowPulses * format.bytesPerPair
        var offset = 0
        while offset < bytes.byteCount {
            let missing = judgedPulses * format.bytesPerPair + window - held.count
            let end = min(bytes.byteCount, offset + missing)
            bytes.extracting(offset..<end).withUnsafeBytes { held.append(contentsOf: $0) }
            offset = end
            judgeWindows(into: &sink)
        }
    }

    /// Ends the stream: hands on every whole pulse.
    ///
    /// - Parameter countingCutOff: whether the bytes of an unfinished pulse count as cut off.
    public mutating func finish<Sink: FrameSink & ~Copyable>(
        into sink: inout Sink, countingCutOff: Bool = true
    ) {
        // Nothing follows that could confirm a wrong phase or not, so the last windows decide.
        if wrongWindows > 0 { realign(into: &sink) }
        if countingCutOff, !held.count.isMultiple(of: format.bytesPerPair) { counters.cutOff = 1 }
        release(pulses: held.count / format.bytesPerPair, into: &sink)
        held.removeAll(keepingCapacity: true)
        deliver(into: &sink)
    }

    /// Judges every window that is whole.
    private mutating func judgeWindows<Sink: FrameSink & ~Copyable>(into sink: inout Sink) {
        let pulses = AlignmentMonitor.windowPulses
        while held.count >= (judgedPulses + pulses) * format.bytesPerPair {
            let phase = monitor.betterPhase(in: held.span.bytes, at: judgedPulses * format.bytesPerPair)
            judgedPulses += pulses
            if let phase {
                wrongWindows = phase == wrongPhase ? wrongWindows + 1 : 1
                wrongPhase = phase
            } else {
                wrongWindows = 0
            }
            if wrongWindows == AlignmentMonitor.lastingWindows {
                realign(into: &sink)
            } else {
                // One window more is kept: the damage lies in the one before the first that looks wrong.
                let kept = (wrongWindows + 1) * pulses
                release(pulses: max(0, judgedPulses - kept), into: &sink)
            }
        }
    }

    /// Finds where among the held pulses the phase changed and goes on from the next whole pulse.
    private mutating func realign<Sink: FrameSink & ~Copyable>(into sink: inout Sink) {
        let place = monitor.damagedPulse(in: held.span.bytes, pulses: judgedPulses, phase: wrongPhase)
        release(pulses: place, into: &sink)
        deliver(into: &sink)
        sink.lost(
            StreamLoss(kind: .iq, place: .link, firstPulse: assembly.nextPulse, pulses: 1, packets: 0))
        assembly.skipPulse()
        counters.bad += 1
        counters.missingPulses += 1
        held.removeFirst(min(held.count, monitor.shiftToNextPair(phase: wrongPhase)))
        judgedPulses = 0
        wrongWindows = 0
    }

    /// Hands on the first held pulses.
    private mutating func release<Sink: FrameSink & ~Copyable>(pulses: Int, into sink: inout Sink) {
        for pulse in 0..<pulses {
            assembly.append(held, at: pulse * format.bytesPerPair)
            if assembly.isFull { deliver(into: &sink) }
        }
        held.removeFirst(pulses * format.bytesPerPair)
        judgedPulses = max(0, judgedPulses - pulses)
    }

    /// Hands on the frame as far as it has come.
    private mutating func deliver<Sink: FrameSink & ~Copyable>(into sink: inout Sink) {
        guard assembly.pulses > 0 else { return }
        counters.frames += 1
        counters.pulses += UInt64(assembly.pulses)
        assembly.deliver(into: &sink)
    }
}
