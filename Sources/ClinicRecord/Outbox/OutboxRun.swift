public import ExamArchive
internal import Foundation
internal import Synchronization

/// All destinations at work: one thread for each, and the listener.
public final class OutboxRun: Sendable {
    private let archive: Archive
    private let settings: RecordSettings
    private let secret: IdentitySecret
    private let means: OutboxWorker.Means
    private let state = Mutex(State())
    private let ended = DispatchSemaphore(value: 0)

    private struct State {
        var isStopped = false
        var ends: [End] = []
    }

    /// How the work for one destination ended.
    public struct End: Sendable, Hashable {
        /// The destination.
        public var destination: String
        /// How many documents it took.
        public var taken = 0
        /// How many attempts ended otherwise.
        public var left = 0
        /// Why its queue stopped; `nil` where it did not.
        public var stopped: String?
        /// What went wrong with the archive; `nil` where nothing did.
        public var archiveError: ArchiveError?
    }

    /// How often the outbox is looked at when nothing is due, seconds (project choice).
    private static let idleSeconds = 0.2

    /// A run over one archive.
    ///
    /// - Parameter secret: opened before (`Archive.opened`).
    public init(_ archive: Archive, settings: RecordSettings, secret: IdentitySecret, means: OutboxWorker.Means) {
        self.archive = archive
        self.settings = settings
        self.secret = secret
        self.means = means
    }

    /// Sends until nothing is due (`once`), or until it is stopped.
    ///
    /// - Parameters:
    ///   - lingerSeconds: with `once`, how long reports of storage commitment are waited for in the end.
    /// - Returns: how it ended, by destination.
    public func run(once: Bool, lingerSeconds: Double = 0) throws(ClinicRecordError) -> [End] {
        var listener: CommitmentListener?
        if let settings = settings.listener {
            listener = try CommitmentListener(settings, receiver: OutboxWorker.receiver(archive, means))
        }
        let known = Set(settings.destinations.map(\.name))
        for destination in settings.destinations {
            let thread = Thread { [self] in
                let end = work(for: destination, once: once)
                state.withLock { $0.ends.append(end) }
                ended.signal()
            }
            thread.name = "outbox \(destination.name)"
            thread.start()
        }
        for _ in known { ended.wait() }
        if once, listener != nil { linger(lingerSeconds) }
        withExtendedLifetime(listener) {}
        return state.withLock { $0.ends.sorted { $0.destination < $1.destination } }
    }

    /// Ends it: each worker finishes what it has in hand.
    public func stop() { state.withLock { $0.isStopped = true } }

    private var isStopped: Bool { state.withLock { $0.isStopped } }

    private func work(for destination: Destination, once: Bool) -> End {
        var end = End(destination: destination.name)
        let worker = OutboxWorker(destination, archive: archive, secret: secret, means: means)
        do throws(ArchiveError) {
            while !isStopped {
                switch try worker.step() {
                case .tried(let taken, let left):
                    end.taken += taken
                    end.left += left
                    end.stopped = nil
                case .idle:
                    end.stopped = nil
                    if once { return end }
                    Thread.sleep(forTimeInterval: Self.idleSeconds)
                case .stopped(let reason):
                    end.stopped = reason
                    if once { return end }
                    // A person may let it go on meanwhile.
                    Thread.sleep(forTimeInterval: Self.idleSeconds)
                }
            }
        } catch {
            end.archiveError = error
        }
        return end
    }

    /// Waits for reports as long as some are open.
    private func linger(_ seconds: Double) {
        let step = 0.1
        for _ in 0..<Int(max(0, seconds) / step) where !isStopped {
            do throws(ArchiveError) {
                let open = try archive.deliveries(in: [.sent]).contains { $0.transactionUID != nil }
                guard open else { return }
            } catch { return }
            Thread.sleep(forTimeInterval: step)
        }
    }
}
