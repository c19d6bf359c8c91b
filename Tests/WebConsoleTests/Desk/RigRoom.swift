import ExamSession
import Synchronization

@testable import WebConsole

/// A room in which nothing is examined: it remembers what it is asked for.
final class RigRoom: DeskRoom {
    private struct Kept: Sendable {
        var opening: ExamOpening?
        var isEnded = false
        var acts: [ConsoleAct] = []
        var changes: [SettingsChange] = []
        var calls: [String] = []
    }

    private let kept = Mutex(Kept())

    var opening: ExamOpening? { kept.withLock { $0.opening } }
    var acts: [ConsoleAct] { kept.withLock { $0.acts } }
    var changes: [SettingsChange] { kept.withLock { $0.changes } }
    var calls: [String] { kept.withLock { $0.calls } }

    func end() { kept.withLock { $0.isEnded = true } }

    var state: ExamState? {
        kept.withLock { kept in
            guard let opening = kept.opening else { return nil }
            var state = ExamState(opening)
            if kept.isEnded { state.phase = .ended }
            return state
        }
    }

    func begin(_ opening: ExamOpening) throws(RoomRefusal) {
        let open = kept.withLock { kept -> String? in
            if let there = kept.opening, !kept.isEnded { return there.plan.examID }
            kept.opening = opening
            kept.isEnded = false
            return nil
        }
        if let open { throw .examOpen(examID: open) }
    }

    func act(_ act: ConsoleAct) throws(RoomRefusal) {
        guard kept.withLock({ $0.opening }) != nil else { throw .noExam }
        kept.withLock { $0.acts.append(act) }
    }

    func settings(_ change: SettingsChange) throws(RoomRefusal) -> ExamState.SettingsInForce {
        kept.withLock { $0.changes.append(change) }
        throw .notPossible(what: "no step is on", next: "wait")
    }

    func operatorLost() { kept.withLock { $0.calls.append("lost") } }
    func operatorBack() { kept.withLock { $0.calls.append("back") } }
}
