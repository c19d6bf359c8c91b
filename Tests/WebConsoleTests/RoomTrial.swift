import ExamSession
import Foundation
import LiveView
import Synchronization
import Testing
import WebConsole

/// A clock that a test moves.
final class TrialClock: Sendable {
    private struct State: Sendable {
        var now = 100.0
        var number = 0
        var sleepers: [Int: (until: Double, wake: CheckedContinuation<Void, Never>)] = [:]
    }

    private let state = Mutex(State())

    var clock: RoomClock {
        RoomClock(
            secondsNow: { self.state.withLock { $0.now } },
            unixMs: { ProcessInfo.processInfo.systemUptime * 1000 }, sleep: { await self.sleep($0) })
    }

    private func sleep(_ seconds: Double) async {
        let number = state.withLock { state -> Int in
            state.number += 1
            return state.number
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if Task.isCancelled { return true }
                    state.sleepers[number] = (state.now + seconds, continuation)
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.sleepers.removeValue(forKey: number) }?.wake.resume()
        }
    }

    /// How many sleep until a time that lies so many seconds ahead, or further.
    func sleepers(atLeast seconds: Double) -> Int {
        state.withLock { state in state.sleepers.values.filter { $0.until >= state.now + seconds }.count }
    }

    /// Lets time go by.
    func advance(by seconds: Double) {
        let due = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            state.now += seconds
            let due = state.sleepers.filter { $0.value.until <= state.now }
            for number in due.keys { state.sleepers[number] = nil }
            return due.values.map(\.wake)
        }
        for sleeper in due { sleeper.resume() }
    }
}

/// A room with an exam, and what it tells.
final class RoomTrial: Sendable {
    let room: ExamRoom
    let clock = TrialClock()
    let kept: Pieces
    let ends: Ended
    private let states: AsyncStream<ExamState?>

    init() {
        let (states, sink) = AsyncStream.makeStream(of: ExamState?.self, bufferingPolicy: .unbounded)
        self.states = states
        let pieces = Pieces()
        let ended = Ended()
        room = ExamRoom(
            clock: clock.clock, onState: { sink.yield($0) }, onPiece: { pieces.add($0) },
            onEnd: { ended.add($0) })
        self.kept = pieces
        self.ends = ended
    }

    final class Pieces: Sendable {
        let all = Mutex<[LivePiece.Kind: Int]>([:])
        func add(_ piece: LivePiece) {
            guard let kind = piece.kind else { return }
            all.withLock { $0[kind, default: 0] += 1 }
        }
    }

    final class Ended: Sendable {
        let all = Mutex<[EndedExam]>([])
        func add(_ exam: EndedExam) { all.withLock { $0.append(exam) } }
    }

    /// The next state of which something holds.
    @discardableResult
    func next(_ what: String = "", where holds: (ExamState) -> Bool) async throws -> ExamState {
        for await state in states {
            if let state, holds(state) { return state }
            if let state, state.phase == .ended { break }
        }
        throw Missed(what: what, state: room.state)
    }

    /// Waits for a phase.
    @discardableResult
    func phase(_ phase: ExamPhase) async throws -> ExamState {
        try await next("\(phase)") { $0.phase == phase }
    }

    struct Missed: Error, CustomStringConvertible {
        var what: String
        var state: ExamState?
        var description: String { "never: \(what); last \(String(describing: state))" }
    }

    /// Waits until pieces of these kinds were shown.
    func seen(_ kinds: Set<LivePiece.Kind>) async throws {
        while !kinds.isSubset(of: kept.all.withLock { Set($0.keys) }) { try await Task.sleep(for: .milliseconds(2)) }
    }

    /// Waits until so many sleep until a time that lies so many seconds ahead, or further.
    func sleeping(_ count: Int, atLeast seconds: Double) async throws {
        while clock.sleepers(atLeast: seconds) < count { try await Task.sleep(for: .milliseconds(2)) }
    }

    /// Begins an exam.
    func begin(
        _ plan: ExamPlan, in folder: ExamFolder, probe: any HandHeldProbe, rests: Bool = false
    ) throws {
        var opening = ExamOpening(plan: plan, folder: folder, probe: probe)
        opening.restsByTheClock = rests
        opening.liveGates = 4
        try room.begin(opening)
    }

    /// The exam as it was written.
    func outcome() throws -> ExamOutcome {
        try #require(ends.all.withLock { $0.last?.outcome })
    }
}
