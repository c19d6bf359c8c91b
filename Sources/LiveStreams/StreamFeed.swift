public import Acquisition
internal import Foundation
public import ProbeLink
internal import Synchronization

/// Turns the frames of running sources to pieces for researchers' programs, on a thread of its own.
///
/// The thread lives as long as a run. Of a live probe it reads copies that it may miss, so that it never holds up an
/// acquisition; what it misses is counted and told in the stream.
public final class StreamFeed: Sendable {
    /// Pieces are handed on so far apart at least, seconds (project choice: as the console's live view, 60 a second).
    static let pieceSeconds = 0.016
    /// The outlets are told how the source stands so far apart, seconds (project choice).
    static let tellSeconds = 0.5
    /// How long the thread sleeps while nothing is due, microseconds (project choice).
    private static let restMicroseconds: UInt32 = 2000
    /// The most markers of an operator that wait at a time (project choice: a person types fewer in an hour).
    static let mostMarkers = 1000

    private struct State: Sendable {
        var expected: StreamRunFacts?
        var counters = StreamCounters()
        var markers: [(text: String, seconds: Double)] = []
        /// The thread of the run before, which ends first.
        var before: DispatchSemaphore?
    }

    private let time: StreamTime
    private let pace: StreamPace
    private let isPlayedAgain: Bool
    private let outlets: [any StreamOutlet]
    private let state = Mutex(State())

    /// A feed without a source.
    ///
    /// - Parameters:
    ///   - time: the clock that all stamps stand on.
    ///   - pace: whether sources wait for the stream.
    ///   - isPlayedAgain: whether the sources are recordings.
    ///   - outlets: take every piece, on the stream's thread, one at a time.
    public init(
        time: StreamTime, pace: StreamPace, isPlayedAgain: Bool = false, outlets: [any StreamOutlet]
    ) {
        self.time = time
        self.pace = pace
        self.isPlayedAgain = isPlayedAgain
        self.outlets = outlets
    }

    /// What was counted so far.
    public var counters: StreamCounters { state.withLock { $0.counters } }

    /// A source whose frames go here too.
    ///
    /// - Parameter look: says what to look at with the settings that are in force.
    public func tap(
        _ source: any FrameSource, look: @escaping @Sendable (AcquisitionSettings) -> StreamLook
    ) -> TappedSource { TappedSource(source, tap: StreamTap(feed: self, look: look)) }

    /// Puts a marker of the operator's into the stream, with the time it is now.
    ///
    /// It is handed on with the next pieces of a run.
    public func mark(_ text: String) {
        let seconds = time.nowSeconds
        state.withLock { state in
            guard state.markers.count < Self.mostMarkers else {
                state.counters.droppedMarkers &+= 1
                return
            }
            state.markers.append((text, seconds))
        }
    }

    /// Waits until the pieces of every run that has ended are handed on.
    public func drain() {
        guard let before = state.withLock({ $0.before }) else { return }
        before.wait()
        before.signal()
    }

    /// Takes the settings of the next run, once all of the run before is handed on, and lets the outlets know.
    fileprivate func expect(_ settings: AcquisitionSettings, _ origin: SourceOrigin, _ look: StreamLook) {
        drain()
        let facts = state.withLock { state in
            let facts = StreamRunFacts(
                run: state.counters.runs + 1, origin: origin, settings: settings,
                isPlayedAgain: isPlayedAgain, look: look,
                timesRealTime: pace.factor, utcOffsetSeconds: time.utcOffsetSeconds)
            state.expected = facts
            return facts
        }
        for outlet in outlets { outlet.publish(.prepared(facts)) }
    }

    /// Begins to stream a run.
    ///
    /// - Returns: where its frames go; `nil` where nothing was prepared, or no memory is left for the ring.
    fileprivate func open() -> StreamRun? {
        state.withLock { state -> StreamRun? in
            guard let expected = state.expected else { return nil }
            let run: StreamRun
            do throws(RingError) {
                run = try StreamRun(expected, pace: pace, time: time)
            } catch {
                return nil
            }
            state.counters.runs += 1
            let before = state.before
            let done = DispatchSemaphore(value: 0)
            state.before = done
            let thread = Thread { [self] in
                if let before {
                    before.wait()
                    before.signal()
                }
                stream(run)
                done.signal()
            }
            thread.name = "live streams"
            thread.start()
            return run
        }
    }

    // MARK: The stream's thread

    private func stream(_ run: StreamRun) {
        var passage = StreamPassage(run, totals: counters)
        if let gating = run.takeGatingReader() {
            follow(gating, run, &passage)
        } else if let lossy = run.takeLossyReader() {
            follow(lossy, run, &passage)
        }
        handOn(passage.finish(markers: takeMarkers()), &passage)
        tell(passage)
    }

    /// Streams a source that waits.
    private func follow(_ reader: consuming GatingReader, _ run: StreamRun, _ passage: inout StreamPassage) {
        while !reader.isFinished {
            let used = reader.read { $0.deliverRecords(to: &passage.maker) }
            look(&passage)
            if used == 0 { usleep(Self.restMicroseconds) }
        }
    }

    /// Streams a source that does not wait.
    private func follow(_ lossy: consuming LossyReader, _ run: StreamRun, _ passage: inout StreamPassage) {
        var reader = lossy
        // As large as the ring: a reader that is late takes all that is still there. Only what is used takes memory.
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: run.ring.capacity, alignment: 8)
        defer { buffer.deallocate() }
        guard let start = buffer.baseAddress else { return }
        while true {
            // What is known before the copy is not newer than what is copied.
            let isClosed = run.ring.isClosed
            let count = reader.copy(into: buffer)
            if count > 0 {
                RawSpan(_unsafeStart: UnsafeRawPointer(start), byteCount: count).deliverRecords(to: &passage.maker)
            }
            look(&passage)
            if isClosed, count == 0 { return }
            if count == 0 { usleep(Self.restMicroseconds) }
        }
    }

    /// Hands on what is there when it is time to.
    private func look(_ passage: inout StreamPassage) {
        let now = time.nowSeconds
        guard passage.isDue(nowSeconds: now, everySeconds: Self.pieceSeconds) else { return }
        // Markers wait for the clock that says where they belong.
        handOn(passage.take(markers: passage.hasClock ? takeMarkers() : []), &passage)
        if passage.isTellingDue(nowSeconds: now, everySeconds: Self.tellSeconds) { tell(passage) }
    }

    private func takeMarkers() -> [(text: String, seconds: Double)] {
        state.withLock { state in
            defer { state.markers.removeAll(keepingCapacity: true) }
            return state.markers
        }
    }

    private func handOn(_ pieces: [StreamPiece], _ passage: inout StreamPassage) {
        for piece in pieces {
            for outlet in outlets { outlet.publish(piece) }
            passage.count(piece)
        }
        let counters = passage.counters
        state.withLock { state in
            let dropped = state.counters.droppedMarkers
            let runs = state.counters.runs
            state.counters = counters
            state.counters.droppedMarkers = dropped
            state.counters.runs = runs
        }
    }

    private func tell(_ passage: StreamPassage) {
        let counters = counters
        for outlet in outlets { outlet.tell(counters) }
    }
}

/// The stream as a source's tap.
private struct StreamTap: FrameTap {
    let feed: StreamFeed
    let look: @Sendable (AcquisitionSettings) -> StreamLook

    func expect(_ settings: AcquisitionSettings, _ origin: SourceOrigin) {
        feed.expect(settings, origin, look(settings))
    }

    func open() -> (any TappedRun)? { feed.open() }
}
