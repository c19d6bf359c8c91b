internal import ProbeLink
internal import Synchronization

/// A source whose recording the operator may end early; what was recorded is kept.
struct RecordedSource: FrameSource {
    private let source: any FrameSource
    private let early: EarlyEnd
    private let onEnd: @Sendable () -> Void

    init(_ source: any FrameSource, until early: EarlyEnd, onEnd: @escaping @Sendable () -> Void) {
        self.source = source
        self.early = early
        self.onEnd = onEnd
    }

    var origin: SourceOrigin { source.origin }

    func prepare(_ wanted: AcquisitionSettings) throws(SourceError) -> AcquisitionSettings {
        try source.prepare(wanted)
    }

    func run<Sink: FrameSink & ~Copyable>(
        into sink: inout Sink, until stop: StopSignal
    ) throws(SourceRunError) -> LinkCounters {
        defer { onEnd() }
        return try source.run(into: &sink, until: early.signal(following: stop))
    }
}

/// Ends one recording, and nothing else, whenever it is asked to.
final class EarlyEnd: Sendable {
    private let asked = Mutex<(isRequested: Bool, signals: [StopSignal])>((false, []))

    /// What ends a run, as its caller's signal does too.
    func signal(following stop: StopSignal) -> StopSignal {
        let signal = StopSignal(following: stop)
        let isRequested = asked.withLock { asked in
            asked.signals = [signal]
            return asked.isRequested
        }
        if isRequested { signal.request() }
        return signal
    }

    /// Ends the recording.
    func request() {
        let signals = asked.withLock { asked in
            asked.isRequested = true
            return asked.signals
        }
        for signal in signals { signal.request() }
    }
}
