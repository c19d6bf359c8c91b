internal import Acquisition
public import ProbeLink

/// A source whose frames the live view sees too.
///
/// Every frame, mark and event goes on to the real sink first, bit for bit; the live view gets a copy that it may miss.
public struct TappedSource: FrameSource {
    private let source: any FrameSource
    private let feed: LiveFeed
    private let look: @Sendable (AcquisitionSettings) -> LiveLook

    init(_ source: any FrameSource, feed: LiveFeed, look: @escaping @Sendable (AcquisitionSettings) -> LiveLook) {
        self.source = source
        self.feed = feed
        self.look = look
    }

    /// What the frames come from.
    public var origin: SourceOrigin { source.origin }

    /// Applies settings, and looks at the source as they say.
    public func prepare(_ wanted: AcquisitionSettings) throws(SourceError) -> AcquisitionSettings {
        let settings = try source.prepare(wanted)
        feed.expect(settings, look(settings))
        return settings
    }

    /// Delivers the source's frames as they are.
    public func run<Sink: FrameSink & ~Copyable>(
        into sink: inout Sink, until stop: StopSignal
    ) throws(SourceRunError) -> LinkCounters {
        guard let run = feed.open() else { return try source.run(into: &sink, until: stop) }
        var tapped = TapSink(sink, run)
        let result: Result<LinkCounters, SourceRunError>
        do throws(SourceRunError) {
            result = .success(try source.run(into: &tapped, until: stop))
        } catch {
            result = .failure(error)
        }
        sink = tapped.release()
        return try result.get()
    }
}

/// Hands everything on to the real sink, and a copy to the live view.
struct TapSink<Inner: FrameSink & ~Copyable>: ~Copyable, FrameSink {
    private var inner: Inner
    private var copy: RingFrameSink?
    private let run: LiveRun

    init(_ inner: consuming Inner, _ run: LiveRun) {
        self.inner = inner
        self.run = run
        copy = run.takeWriter()
    }

    func hasRoom(forBytes count: Int) -> Bool { inner.hasRoom(forBytes: count) }

    mutating func receive(_ frame: FrameHeader, _ payload: RawSpan) {
        inner.receive(frame, payload)
        copy?.receive(frame, payload)
        if frame.kind == .iq { run.note(endPulse: frame.pulseIndex &+ UInt64(frame.records)) }
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
