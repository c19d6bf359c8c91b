public import ProbeLink

/// Somebody who gets copies of a source's frames.
package protocol FrameTap: Sendable {
    /// A run is prepared with the settings that are in force.
    func expect(_ settings: AcquisitionSettings, _ origin: SourceOrigin)

    /// A run begins.
    ///
    /// - Returns: where its copies go; `nil` where nobody looks.
    func open() -> (any TappedRun)?
}

/// One run as somebody sees it who gets copies; called on the acquisition thread, and must not wait.
package protocol TappedRun: Sendable {
    /// Where the copies go; once.
    func takeWriter() -> RingFrameSink?

    /// Whether the source waits for room for the copies, which a live probe must not.
    var holdsUp: Bool { get }

    /// Whether a source that waits may go on with so many bytes more.
    func isDue(forBytes count: Int) -> Bool

    /// A frame has come; its copy is made next.
    func arrived(_ frame: FrameHeader)

    /// A frame's copy is made.
    func copied(_ frame: FrameHeader)
}

/// A source whose frames somebody else sees too.
///
/// Every frame, mark and event goes on to the real sink first, bit for bit; who taps the source gets a copy.
public struct TappedSource: FrameSource {
    private let source: any FrameSource
    private let tap: any FrameTap

    /// A source with somebody who gets copies.
    package init(_ source: any FrameSource, tap: any FrameTap) {
        self.source = source
        self.tap = tap
    }

    /// What the frames come from.
    public var origin: SourceOrigin { source.origin }

    /// Applies settings, and lets the tap know them.
    public func prepare(_ wanted: AcquisitionSettings) throws(SourceError) -> AcquisitionSettings {
        let settings = try source.prepare(wanted)
        tap.expect(settings, source.origin)
        return settings
    }

    /// Delivers the source's frames as they are.
    public func run<Sink: FrameSink & ~Copyable>(
        into sink: inout Sink, until stop: StopSignal
    ) throws(SourceRunError) -> LinkCounters {
        guard let run = tap.open() else { return try source.run(into: &sink, until: stop) }
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

/// Hands everything on to the real sink, and a copy to who taps the source.
private struct TapSink<Inner: FrameSink & ~Copyable>: ~Copyable, FrameSink {
    private var inner: Inner
    private var copy: RingFrameSink?
    private let run: any TappedRun

    init(_ inner: consuming Inner, _ run: any TappedRun) {
        self.inner = inner
        self.run = run
        copy = run.takeWriter()
    }

    func hasRoom(forBytes count: Int) -> Bool {
        guard inner.hasRoom(forBytes: count) else { return false }
        guard run.holdsUp else { return true }
        return run.isDue(forBytes: count) && (copy?.hasRoom(forBytes: count) ?? true)
    }

    mutating func receive(_ frame: FrameHeader, _ payload: RawSpan) {
        inner.receive(frame, payload)
        run.arrived(frame)
        copy?.receive(frame, payload)
        run.copied(frame)
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
