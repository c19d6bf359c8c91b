import ClinicRecord
import ExamArchive
import Foundation
import Synchronization

/// Sends the outbox in the background, as `record send` does, for as long as the console runs.
final class ConsoleOutbox: Sendable {
    private struct State {
        var run: OutboxRun?
        var isStopped = false
        var isEnded = false
        var seen: Set<String>?
    }

    private let archive: Archive
    private let settings: RecordSettings
    private let secret: IdentitySecret
    private let name: String
    private let state = Mutex(State())

    /// After a run that ended by itself, so long until the next, seconds (project choice: a full disk is not asked often).
    private static let pauseSeconds = 5.0
    /// How long the end waits for a document that is being sent, seconds (project choice).
    private static let longestEndSeconds = 20.0
    private static let lookSeconds = 0.1

    /// Begins to send.
    init(_ archive: Archive, _ settings: RecordSettings, _ secret: IdentitySecret, by name: String, console: Console) {
        self.archive = archive
        self.settings = settings
        self.secret = secret
        self.name = name
        let thread = Thread { [self] in work(console) }
        thread.name = "outbox"
        thread.start()
    }

    private func work(_ console: Console) {
        while let run = next() {
            do throws(ClinicRecordError) {
                let ends = try run.run(once: false)
                for error in ends.compactMap(\.archiveError) { console.say("dopplerbridge: outbox: \(error)") }
            } catch {
                console.say("dopplerbridge: outbox: \(error)")
            }
            var waited = 0.0
            while waited < Self.pauseSeconds, !state.withLock({ $0.isStopped }) {
                Thread.sleep(forTimeInterval: Self.lookSeconds)
                waited += Self.lookSeconds
            }
        }
        state.withLock { $0.isEnded = true }
    }

    private func next() -> OutboxRun? {
        let means = OutboxWorker.Means(
            by: name, now: { ArchiveTime(secondsSince1970: Date().timeIntervalSince1970) },
            newUID: RecordUID.make, seed: UInt64(Date().timeIntervalSince1970))
        return state.withLock { state in
            guard !state.isStopped else { return nil }
            let run = OutboxRun(archive, settings: settings, secret: secret, means: means)
            state.run = run
            return run
        }
    }

    /// Whether the outbox is another one than when this was last asked.
    ///
    /// Blocks.
    func hasChanged() -> Bool {
        do throws(ArchiveError) {
            let open = try archive.deliveries(in: [.queued, .sending, .needsAPerson])
            let now = Set(open.map { "\($0.id) \($0.state) \($0.attempts)" })
            return state.withLock { state in
                defer { state.seen = now }
                return state.seen.map { $0 != now } ?? false
            }
        } catch {
            return false
        }
    }

    /// Ends it: what is being sent is finished, as far as the receiver does not keep it waiting.
    ///
    /// Blocks.
    func stop() {
        state.withLock { state in
            state.isStopped = true
            state.run?.stop()
        }
        var waited = 0.0
        while waited < Self.longestEndSeconds, !state.withLock({ $0.isEnded }) {
            Thread.sleep(forTimeInterval: Self.lookSeconds)
            waited += Self.lookSeconds
        }
    }
}
