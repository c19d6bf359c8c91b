internal import Acquisition
internal import ProbeLink
internal import Synchronization

/// One run of a source as the stream sees it: the ring between the acquisition thread and the stream's.
final class StreamRun: TappedRun {
    let facts: StreamRunFacts
    let pace: StreamPace
    let ring: SampleRing
    let arrivals = ArrivalNote()
    private let time: StreamTime
    private let writer: Mutex<RingFrameSink?>
    private let lossy: Mutex<LossyReader?>
    private let gating: Mutex<GatingReader?>

    init(_ facts: StreamRunFacts, pace: StreamPace, time: StreamTime) throws(RingError) {
        self.facts = facts
        self.pace = pace
        self.time = time
        ring = try SampleRing(capacity: AcquisitionRun.defaultRingBytes)
        lossy = Mutex(ring.makeLossyReader())
        gating = Mutex(pace == .byTheProbe ? nil : try ring.makeGatingReader())
        // No planned length: the acquisition's own ring ends the run.
        writer = Mutex(RingFrameSink(writer: try ring.makeWriter(), plannedPulses: nil, stop: StopSignal()))
    }

    /// The writing end, for the acquisition thread; once.
    func takeWriter() -> RingFrameSink? { writer.withLock { $0.take() } }

    /// The reading end of a stream that may be overtaken, for the stream's thread; once.
    func takeLossyReader() -> LossyReader? { lossy.withLock { $0.take() } }

    /// The reading end of a stream that the source waits for, for the stream's thread; once, and `nil` for a live probe.
    func takeGatingReader() -> GatingReader? { gating.withLock { $0.take() } }

    /// When a frame came is noted before its samples can be read, so that they have a time.
    func arrived(_ frame: FrameHeader) {
        guard frame.kind == .iq else { return }
        arrivals.note(
            endPulse: frame.pulseIndex &+ UInt64(frame.records), nanoseconds: time.monotonicNanoseconds())
    }

    func copied(_ frame: FrameHeader) {}

    /// A live probe never waits for the stream; what can wait does, so that it goes at the pace that was asked for.
    var holdsUp: Bool { pace != .byTheProbe }

    /// Whether it is time for so many bytes more: none is streamed before it would be sampled.
    func isDue(forBytes count: Int) -> Bool {
        guard let factor = pace.factor, let first = arrivals.firstArrival, let newest = arrivals.newestArrival else {
            return true
        }
        let elapsedSeconds = (Double(time.monotonicNanoseconds()) - Double(first.nanoseconds)) / 1e9
        let bytesPerPulse = Self.bytesPerPair * max(1, Int(facts.settings.gates))
        let pulses = Double(newest.endPulse) - Double(first.endPulse) + Double(count / bytesPerPulse)
        return pulses / facts.settings.prfHz <= elapsedSeconds * factor
    }

    /// Bytes of I and Q of 16 bits each.
    private static let bytesPerPair = 4
}
