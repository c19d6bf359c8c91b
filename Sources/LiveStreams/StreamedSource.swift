internal import Acquisition
public import ProbeLink

/// A source whose frames are streamed too.
///
/// Every frame, mark and event goes on to the real sink first, bit for bit; the stream gets a copy. A live probe never waits
/// for the stream; a file or an accelerated simulation does, so that it goes at the pace that was asked for.
public struct StreamedSource: FrameSource {
    private let source: any FrameSource
    private let feed: StreamFeed
    private let look: @Sendable (AcquisitionSettings) -> StreamLook

    init(
        _ source: any FrameSource, feed: StreamFeed, look: @escaping @Sendable (AcquisitionSettings) -> StreamLook
    ) {
        self.source = source
        self.feed = feed
        self.look = look
    }

    /// What the frames come from.
    public var origin: SourceOrigin { source.origin }

    /// Applies settings, and looks at the source as they say.
    public func prepare(_ wanted: AcquisitionSettings) throws(SourceError) -> AcquisitionSettings {
        let settings = try source.prepare(wanted)
        feed.expect(settings, source.origin, look(settings))
        return settings
    }

    /// Delivers the source's frames as they are.
    public func run<Sink: FrameSink & ~Copyable>(
        into sink: inout Sink, until stop: StopSignal
    ) throws(SourceRunError) -> LinkCounters {
        guard let run = feed.open() else { return try source.run(into: &sink, until: stop) }
        var streamed = StreamedSink(sink, run)
        let result: Result<LinkCounters, SourceRunError>
        do throws(SourceRunError) {
            result = .success(try source.run(into: &streamed, until: stop))
        } catch {
            result = .failure(error)
        }
        sink = streamed.release()
        return try result.get()
    }
}

/// Hands everything on to the real sink, and a copy to the stream.
struct StreamedSink<Inner: FrameSink & ~Copyable>: ~Copyable, FrameSink {
    private var inner: Inner
    private var copy: RingFrameSink?
    private let run: StreamRun
    private let waits: Bool

    init(_ inner: consuming Inner, _ run: StreamRun) {
        self.inner = inner
        self.run = run
        waits = run.pace != .byTheProbe
        copy = run.takeWriter()
    }

    func hasRoom(forBytes count: Int) -> Bool {
        guard inner.hasRoom(forBytes: count) else { return false }
        guard waits else { return true }
        return run.isDue(forBytes: count) && (copy?.hasRoom(forBytes: count) ?? true)
    }

    mutating func receive(_ frame: FrameHeader, _ payload: RawSpan) {
        inner.receive(frame, payload)
        if frame.kind == .iq { run.note(endPulse: frame.pulseIndex &+ UInt64(frame.records)) }
        copy?.receive(frame, payload)
    }

    mutating func lost(_ loss: StreamLoss) {
        inner.lost(loss)
        copy?.lost(loss)
    }

    mutating func event(_ event: ProbeEvent) {
        inner.event(event)
        copy?.event(event)
    }

    /// Ends the copy and gives the real sink back.
    consuming func release() -> Inner {
        if let copy = copy.take() { _ = copy.close() }
        return inner
    }
}
