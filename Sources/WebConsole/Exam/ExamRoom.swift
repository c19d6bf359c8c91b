internal import CCSVIAnalysis
internal import ExamSession
public import LiveView
internal import ProbeLink
internal import Synchronization

/// The exam at the console: one at a time, driven by an operator's acts, told as plain values.
///
/// It knows nothing of browsers. Callbacks are called one at a time and in order, and must neither wait nor call back.
public final class ExamRoom: Sendable {
    /// How long a live scan goes on without its operator, seconds (project choice of the console's contract).
    public static let secondsWithoutOperator = 5.0
    /// How often a state that only time changes is told, seconds (project choice: a running clock looks even).
    static let tickSeconds = 0.25

    /// An exam that is open or has ended.
    private struct Open: Sendable {
        var conversation: ExamConversation
        var stop: StopSignal
        var limits: SettingsLimits
        var liveGates: Int
        var marks: MarkedRecording
        var run: Task<Void, Never>?
        var ticks: Task<Void, Never>?
        var away: Task<Void, Never>?
    }

    private let clock: RoomClock
    private let feed: LiveFeed
    private let pictures: PictureShelf
    private let onState: @Sendable (ExamState?) -> Void
    private let onEnd: @Sendable (EndedExam) async -> Void
    private let open = Mutex<Open?>(nil)

    /// A room without an exam.
    ///
    /// - Parameters:
    ///   - clock: the clocks.
    ///   - onState: is told each change; `nil` when the room is empty.
    ///   - onPiece: is told each piece of the live picture and sound, from the thread that makes them.
    ///   - onEnd: is told when an exam has ended and its folder is whole, before the state says so.
    public init(
        clock: RoomClock, onState: @escaping @Sendable (ExamState?) -> Void,
        onPiece: @escaping @Sendable (LivePiece) -> Void,
        onEnd: @escaping @Sendable (EndedExam) async -> Void
    ) {
        self.clock = clock
        self.onState = onState
        self.onEnd = onEnd
        let pictures = PictureShelf()
        self.pictures = pictures
        feed = LiveFeed(
            nowMs: clock.unixMs, onPiece: onPiece,
            onPicture: { pictures.put($0, $1) })
    }

    /// The exam that is open or has just ended; `nil` in an empty room.
    public var state: ExamState? { open.withLock { $0?.conversation.state } }

    /// What the live view has counted since the room was made.
    public var liveCounters: LiveCounters { feed.counters }

    /// Begins an exam in a new folder, or goes on with the one that the folder holds.
    ///
    /// - Throws: `RoomRefusal.examOpen` while one is open.
    public func begin(_ opening: ExamOpening) throws(RoomRefusal) {
        let taken = open.withLock { open -> (Open, ConsoleBedside)? in
            if let open, open.conversation.state.phase != .ended { return nil }
            let made = make(opening)
            open = made.0
            return made
        }
        guard let (made, bedside) = taken else { throw .examOpen(examID: state?.examID ?? "") }
        onState(made.conversation.state)
        let run = Task { await self.run(opening, made, bedside) }
        let ticks = Task { await self.tick(made.conversation) }
        open.withLock { open in
            open?.run = run
            open?.ticks = ticks
        }
    }

    /// Does what the operator asks for.
    ///
    /// - Throws: why it is not done.
    public func act(_ act: ConsoleAct) throws(RoomRefusal) {
        guard let open = open.withLock({ $0 }) else { throw .noExam }
        switch act {
        case .stop: try open.conversation.stopRecording()
        case .valsalva: try open.marks.mark(moment(nil, act.name, in: open), by: act, in: open.conversation)
        case .mark(let seconds, let label):
            try open.marks.mark(moment(seconds, label, in: open), by: act, in: open.conversation)
        case .record(manoeuvreStarted: true):
            let recordingID = open.conversation.state.recordingID
            try open.conversation.offer(act)
            let start = ExamState.MarkedMoment(seconds: 0, label: ConsoleAct.valsalva.name)
            if let recordingID { try open.marks.keep(start, of: recordingID) }
        case .leave where open.conversation.state.phase == .recording:
            open.stop.request()
            try open.conversation.stopRecording()
        default: try open.conversation.offer(act)
        }
    }

    /// Changes settings for the live scan and the next recordings of the step.
    ///
    /// - Returns: the settings as they are now; a live scan that has to begin anew tells its own when it has.
    /// - Throws: what cannot be set, or that now is not the moment.
    public func settings(_ change: SettingsChange) throws(RoomRefusal) -> ExamState.SettingsInForce {
        guard let open = open.withLock({ $0 }) else { throw .noExam }
        let needsProbe = try open.conversation.take(change, limits: open.limits, liveGates: open.liveGates)
        let settings = open.conversation.settings
        feed.look(gate: settings.gate, wallFilterHz: settings.preset?.wallFilterHz)
        if needsProbe { open.conversation.post(.settings) }
        guard let shown = open.conversation.state.settings else {
            throw .notPossible(what: "no step is on", next: "change settings when the next step begins")
        }
        return shown
    }

    /// The operator's browser has gone: a recording goes on to its end, a live scan is ended after 5 s.
    public func operatorLost() {
        let clock = clock
        open.withLock { open in
            guard let conversation = open?.conversation, open?.away == nil else { return }
            open?.away = Task {
                await clock.sleep(Self.secondsWithoutOperator)
                if !Task.isCancelled { conversation.post(.operatorLost) }
            }
        }
    }

    /// The operator's browser is back, or another one operates.
    public func operatorBack() {
        open.withLock { open in
            open?.away?.cancel()
            open?.away = nil
        }
    }

    /// Forgets an exam that has ended.
    ///
    /// - Throws: `RoomRefusal.examOpen` while it has not.
    public func close() throws(RoomRefusal) {
        let refusal = open.withLock { open -> RoomRefusal? in
            guard let state = open?.conversation.state else { return nil }
            guard state.phase == .ended else { return .examOpen(examID: state.examID) }
            open = nil
            return nil
        }
        if let refusal { throw refusal }
        onState(nil)
    }

    /// Leaves the exam, whatever it is doing, and waits until its folder is whole and the probe disarmed.
    public func shutDown() async {
        guard let open = open.withLock({ $0 }) else { return }
        open.stop.request()
        open.away?.cancel()
        open.conversation.leave()
        await open.run?.value
    }

    /// A moment of the recording: the newest sample's where no time is given.
    private func moment(_ seconds: Double?, _ label: String, in open: Open) -> ExamState.MarkedMoment {
        let prfHz = open.conversation.settings.inForce?.prfHz ?? 0
        let newest = prfHz > 0 ? Double(feed.counters.newestPulse) / prfHz : open.conversation.state.recordedSeconds
        return ExamState.MarkedMoment(seconds: seconds ?? newest, label: label)
    }

    // MARK: The exam's course

    private func make(_ opening: ExamOpening) -> (Open, ConsoleBedside) {
        let stop = StopSignal()
        let conversation = ExamConversation(ExamState(opening)) { [onState] in onState($0) }
        let bedside = ConsoleBedside(
            opening, conversation: conversation, feed: feed, pictures: pictures, clock: clock, stop: stop)
        let open = Open(
            conversation: conversation, stop: stop, limits: opening.limits, liveGates: opening.liveGates,
            marks: MarkedRecording(folder: opening.folder))
        return (open, bedside)
    }

    private func run(_ opening: ExamOpening, _ made: Open, _ bedside: ConsoleBedside) async {
        let session = ExamSession(plan: opening.plan, bedside: bedside, folder: opening.folder)
        var ended = EndedExam(folder: opening.folder)
        do throws(ExamSessionError) {
            ended.outcome = try await session.run(stop: made.stop) { made.conversation.take($0) }
        } catch {
            ended.failure = error
            await bedside.finish()
        }
        await onEnd(ended)
        let current = open.withLock { open -> (Task<Void, Never>?, Task<Void, Never>?) in (open?.ticks, open?.away) }
        current.0?.cancel()
        current.1?.cancel()
        made.conversation.end(ended)
    }

    /// Tells what only time changes.
    private func tick(_ conversation: ExamConversation) async {
        var before = 0.0
        while !Task.isCancelled {
            await clock.sleep(Self.tickSeconds)
            guard !Task.isCancelled else { return }
            let now = clock.secondsNow()
            conversation.tick(
                feed: feed.counters, seconds: before > 0 ? now - before : 0, now: now,
                hasPicture: pictures.picture != nil)
            before = now
        }
    }
}
