public import Acquisition
internal import DopplerDSP
internal import Foundation
public import ProbeLink
internal import Synchronization

/// Turns the frames of running sources to pieces for screens and loudspeakers, on a thread of its own.
///
/// The thread lives as long as a run. It reads copies that it may miss, so that it never holds up an acquisition.
public final class LiveFeed: Sendable {
    /// Pieces are handed on so far apart at least, ms (project choice of the console's contract: 60 a second).
    static let pieceMs = 16.0
    /// Sound is, ms (project choice: a quarter of the 20 ms within which it is to reach the loudspeaker's buffer).
    static let soundMs = 5.0
    /// How long the live thread sleeps while nothing is due, microseconds (project choice).
    private static let restMicroseconds: UInt32 = 2500

    private struct State: Sendable {
        var expected: (settings: AcquisitionSettings, look: LiveLook)?
        var run: LiveRun?
        var look: LiveLook?
        var lookChanges = 0
        var sequence: UInt32 = 0
        var counters = LiveCounters()
        /// The thread of the run before, which ends first.
        var before: DispatchSemaphore?
    }

    private let nowMs: @Sendable () -> Double
    private let onPiece: @Sendable (LivePiece) -> Void
    private let onPicture: @Sendable (BModePicture, AcquisitionSettings) -> Void
    private let state = Mutex(State())

    /// A feed without a source.
    ///
    /// - Parameters:
    ///   - nowMs: the clock that pieces are stamped with, ms; it is read for every frame and must not wait.
    ///   - onPiece: takes every piece, on the live thread, one at a time.
    ///   - onPicture: takes every B-mode picture as it was put together, with the settings in force.
    public init(
        nowMs: @escaping @Sendable () -> Double, onPiece: @escaping @Sendable (LivePiece) -> Void,
        onPicture: @escaping @Sendable (BModePicture, AcquisitionSettings) -> Void = { _, _ in }
    ) {
        self.nowMs = nowMs
        self.onPiece = onPiece
        self.onPicture = onPicture
    }

    /// What was counted so far.
    public var counters: LiveCounters {
        state.withLock { state in
            var counters = state.counters
            counters.newestPulse = state.run?.newestPulse ?? 0
            return counters
        }
    }

    /// A source whose frames go here too.
    ///
    /// - Parameter look: says what to look at with the settings that are in force.
    public func tap(
        _ source: any FrameSource, look: @escaping @Sendable (AcquisitionSettings) -> LiveLook
    ) -> TappedSource { TappedSource(source, tap: LiveTap(feed: self, look: look)) }

    /// Looks at another gate, or with another wall filter, from now on; what is `nil` stays.
    public func look(gate: Int?, wallFilterHz: Double?) {
        state.withLock { state in
            guard var look = state.look else { return }
            if let gate { look.gate = gate }
            if let wallFilterHz { look.spectral.wallFilterCutoffHz = wallFilterHz }
            guard look != state.look else { return }
            state.look = look
            state.lookChanges += 1
        }
    }

    /// Takes the settings of the next run.
    fileprivate func expect(_ settings: AcquisitionSettings, _ look: LiveLook) {
        state.withLock { $0.expected = (settings, look) }
    }

    /// Begins to look at a run.
    ///
    /// - Returns: where its frames go; `nil` where there is nothing to look with.
    fileprivate func open() -> LiveRun? {
        state.withLock { state -> LiveRun? in
            guard let expected = state.expected else { return nil }
            state.counters.runs &+= 1
            state.counters.lostInProbe = 0
            state.counters.lostOnLink = 0
            state.counters.missedPulses = 0
            do throws(RingError) {
                let run = try LiveRun(expected.settings, expected.look, nowMs: nowMs)
                state.run = run
                state.look = expected.look
                let before = state.before
                let done = DispatchSemaphore(value: 0)
                state.before = done
                start(run, after: before, done: done)
                return run
            } catch {
                state.counters.runsWithoutRing &+= 1
                return nil
            }
        }
    }

    /// Waits until the pieces of every run that has ended are handed on.
    public func drain() {
        guard let before = state.withLock({ $0.before }) else { return }
        before.wait()
        before.signal()
    }

    // MARK: The live thread

    private func start(_ run: LiveRun, after before: DispatchSemaphore?, done: DispatchSemaphore) {
        let thread = Thread { [self] in
            if let before {
                before.wait()
                before.signal()
            }
            show(run)
            done.signal()
        }
        thread.name = "live view"
        thread.start()
    }

    private func show(_ run: LiveRun) {
        // As large as the ring: a reader that is late takes all that is still there. Only what is used takes memory.
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: run.ring.capacity, alignment: 8)
        defer { buffer.deallocate() }
        guard var reader = run.takeReader(), let start = buffer.baseAddress else { return }
        var maker = LiveMaker(run.settings, run.look, sequence: state.withLock { $0.sequence })
        var seenChanges = state.withLock { $0.lookChanges }
        var handedOnMs = 0.0
        var soundedMs = 0.0
        while true {
            // What is known before the copy is not newer than what is copied.
            let isClosed = run.ring.isClosed
            let newestMs = run.newestMs
            let count = reader.copy(into: buffer)
            if count > 0 {
                RawSpan(_unsafeStart: UnsafeRawPointer(start), byteCount: count).deliverRecords(to: &maker)
            }
            let now = nowMs()
            if now - handedOnMs >= Self.pieceMs || now < handedOnMs {
                handedOnMs = now
                soundedMs = now
                handOn(&maker, run, newestMs: newestMs)
            } else if now - soundedMs >= Self.soundMs || now < soundedMs {
                soundedMs = now
                handOnSound(&maker, newestMs: newestMs)
            }
            if isClosed, count == 0 { break }
            if count == 0 { usleep(Self.restMicroseconds) }
            let (look, changes) = state.withLock { ($0.look, $0.lookChanges) }
            if changes != seenChanges, let look {
                seenChanges = changes
                maker.change(look)
            }
        }
        maker.finish(endPulse: run.newestPulse)
        handOn(&maker, run, newestMs: run.newestMs)
    }

    /// Hands on what was made, and counts it.
    private func handOn(_ maker: inout LiveMaker, _ run: LiveRun, newestMs: Double) {
        let pieces = maker.take(sampledAtMs: newestMs)
        for picture in maker.takePictures() { onPicture(picture, run.settings) }
        handOn(pieces, newestMs: newestMs)
        state.withLock { state in
            state.sequence = maker.nextSequence
            state.counters.lostInProbe = maker.counters.lostInProbe
            state.counters.lostOnLink = maker.counters.lostOnLink
            state.counters.missedPulses = maker.counters.missedPulses
        }
    }

    /// Hands on the sound alone, which is waited for most.
    private func handOnSound(_ maker: inout LiveMaker, newestMs: Double) {
        let pieces = maker.takeSound(sampledAtMs: newestMs)
        if !pieces.isEmpty { handOn(pieces, newestMs: newestMs) }
    }

    private func handOn(_ pieces: [LivePiece], newestMs: Double) {
        for piece in pieces { onPiece(piece) }
        let delayMs = newestMs > 0 ? nowMs() - newestMs : -1
        state.withLock { state in
            for piece in pieces {
                guard let kind = piece.kind else { continue }
                state.counters.pieces[Int(kind.rawValue) - 1] &+= 1
                if kind == .columns { state.counters.columnDelay.add(delayMs) }
                if kind == .sound { state.counters.soundDelay.add(delayMs) }
            }
        }
    }
}

/// The live view as a source's tap: it gets copies that it may miss.
private struct LiveTap: FrameTap {
    let feed: LiveFeed
    let look: @Sendable (AcquisitionSettings) -> LiveLook

    func expect(_ settings: AcquisitionSettings, _ origin: SourceOrigin) { feed.expect(settings, look(settings)) }

    func open() -> (any TappedRun)? { feed.open() }
}

extension LivePiece {
    /// What the piece holds; `nil` for bytes that are none.
    public var kind: Kind? { bytes.first.flatMap(Kind.init) }
}
