internal import Acquisition
internal import ProbeLink
internal import Synchronization

/// One run of a source as the live view sees it: the ring between the acquisition thread and the live thread.
final class LiveRun: TappedRun {
    let settings: AcquisitionSettings
    let look: LiveLook
    let ring: SampleRing
    private let writer: Mutex<RingFrameSink?>
    private let reader: Mutex<LossyReader?>
    private let nowMs: @Sendable () -> Double
    private let newestMsBits = Atomic<UInt64>(0)
    private let endPulse = Atomic<UInt64>(0)

    init(
        _ settings: AcquisitionSettings, _ look: LiveLook, nowMs: @escaping @Sendable () -> Double
    ) throws(RingError) {
        self.settings = settings
        self.look = look
        self.nowMs = nowMs
        ring = try SampleRing(capacity: AcquisitionRun.defaultRingBytes)
        reader = Mutex(ring.makeLossyReader())
        // No planned length and nobody who gates: it never stops and never drops.
        writer = Mutex(RingFrameSink(writer: try ring.makeWriter(), plannedPulses: nil, stop: StopSignal()))
    }

    /// The writing end, for the acquisition thread; once.
    func takeWriter() -> RingFrameSink? { writer.withLock { $0.take() } }

    /// The reading end, for the live thread; once.
    func takeReader() -> LossyReader? { reader.withLock { $0.take() } }

    /// Nobody waits for a screen.
    var holdsUp: Bool { false }

    func isDue(forBytes count: Int) -> Bool { true }

    func arrived(_ frame: FrameHeader) {}

    /// What is noted is in the ring: the live thread reads the note first.
    func copied(_ frame: FrameHeader) {
        guard frame.kind == .iq else { return }
        newestMsBits.store(nowMs().bitPattern, ordering: .releasing)
        endPulse.store(frame.pulseIndex &+ UInt64(frame.records), ordering: .releasing)
    }

    /// When the newest frame came, ms; 0 before the first.
    var newestMs: Double { Double(bitPattern: newestMsBits.load(ordering: .acquiring)) }

    /// The end of the newest frame.
    var newestPulse: UInt64 { endPulse.load(ordering: .acquiring) }
}
