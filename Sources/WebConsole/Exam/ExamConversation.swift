internal import ExamSession
internal import ProbeLink
internal import Synchronization

/// What operator and exam say to each other: the state that all see, and the acts that the bedside waits for.
final class ExamConversation: Sendable {
    /// What the bedside waits for.
    enum Signal: Sendable {
        /// The operator did something that the bedside answers to.
        case act(ConsoleAct)
        /// The operator changed settings that the probe has to be told.
        case settings
        /// A live scan ended by itself, or as it was asked to.
        case scanEnded(number: Int, failure: SourceError?)
        /// A rest is over.
        case restOver(number: Int)
        /// The operator's browser has been away for too long.
        case operatorLost
    }

    /// What the lock protects.
    struct Core: Sendable {
        var state: ExamState
        var settings = RoomSettings()
        var queue: [Signal] = []
        var waiter: CheckedContinuation<Signal, Never>?
        /// What ends the recording that is made, and that alone.
        var recordingEnd: EarlyEnd?
        /// Rests that have begun, and when the last one ends.
        var rests = 0
        var restEndsAt: Double?
        /// What settings are shown with.
        var shownLimits = SettingsLimits.wide
        var shownGates = 1
    }

    private let core: Mutex<Core>
    /// One at a time, so that changes are told in order.
    private let telling = Mutex<Void>(())
    private let onState: @Sendable (ExamState) -> Void

    init(_ state: ExamState, onState: @escaping @Sendable (ExamState) -> Void) {
        core = Mutex(Core(state: state))
        self.onState = onState
    }

    var state: ExamState { core.withLock { $0.state } }
    var settings: RoomSettings { core.withLock { $0.settings } }

    /// Changes what is known, and tells it.
    func change(_ body: (inout Core) -> Void) {
        telling.withLock { _ in
            let state = core.withLock { core -> ExamState in
                body(&core)
                return core.state
            }
            onState(state)
        }
    }

    /// Changes what no screen shows.
    func note<Result: Sendable>(_ body: (inout Core) -> Result) -> Result { core.withLock { body(&$0) } }

    // MARK: Acts

    /// Takes an act of the operator, or says why not.
    ///
    /// An act that the bedside answers to makes the phase `working` at once, so that none is done twice.
    func offer(_ act: ConsoleAct) throws(RoomRefusal) {
        var refusal: RoomRefusal?
        change { core in
            guard core.state.allows(act) else {
                refusal = .notNow(act: act.name, phase: core.state.phase)
                return
            }
            if case .accept(let take?) = act, !core.state.takes.contains(where: { $0.take == take && $0.isComplete }) {
                refusal = .wrong(what: "there is no whole take \(take)", next: "choose one of the whole takes")
                return
            }
            core.state.trouble = nil
            if !core.state.isAsideScan(act) { core.state.phase = .working }
            Self.post(.act(act), &core)
        }
        if let refusal { throw refusal }
    }

    /// Posts what is no act.
    func post(_ signal: Signal) { core.withLock { Self.post(signal, &$0) } }

    private static func post(_ signal: Signal, _ core: inout Core) {
        if let waiter = core.waiter {
            core.waiter = nil
            waiter.resume(returning: signal)
        } else {
            core.queue.append(signal)
        }
    }

    /// What comes next; the bedside alone waits here.
    func next() async -> Signal {
        await withCheckedContinuation { continuation in
            core.withLock { core in
                if core.queue.isEmpty {
                    core.waiter = continuation
                } else {
                    continuation.resume(returning: core.queue.removeFirst())
                }
            }
        }
    }
}

extension ExamState {
    /// Whether an act fits what the exam is doing.
    func allows(_ act: ConsoleAct) -> Bool {
        switch act {
        case .live: isScanPossible && !isTransmitting
        case .freeze: isScanPossible && isTransmitting
        case .record, .skip, .notVisualised: isAtStep
        case .notAssessable: isAtStep || phase == .measuring || phase == .inspecting
        case .stop, .valsalva: phase == .recording
        case .mark: phase == .recording || phase == .reviewing
        case .accept, .repeatStep: phase == .reviewing
        case .rested, .postureNotPossible: phase == .resting
        case .area, .noArea: phase == .measuring
        case .lumen: phase == .inspecting
        case .leave: phase != .ended && phase != .working
        }
    }

    private var isAtStep: Bool { phase == .ready || phase == .live || phase == .frozen }

    private var isScanPossible: Bool { isAtStep || phase == .measuring || phase == .inspecting }

    /// Whether an act begins or ends a scan beside a question that stays open.
    fileprivate func isAsideScan(_ act: ConsoleAct) -> Bool {
        guard act == .live || act == .freeze else { return false }
        return phase == .measuring || phase == .inspecting
    }
}
