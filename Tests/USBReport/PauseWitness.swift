import Foundation
import Glibc
import Synchronization

/// As many threads as there are processors that wake every millisecond and note how late: what the machine itself takes from every
/// program, by load or by the host of a virtual machine.
///
/// After a pause it catches up, so that a pause of 30 ms counts as 30 wakings that were 30, 29, 28 ... ms late, as it does
/// for samples that come meanwhile.
final class PauseWitness: Sendable {
    private static let stepNs: UInt64 = 1_000_000

    private let isStopped = Atomic<Bool>(false)
    private let late = Mutex(Histogram())
    private let ended = DispatchSemaphore(value: 0)
    private let processors = ProcessInfo.processInfo.activeProcessorCount

    init() {
        for _ in 0..<processors {
            Thread.detachNewThread { [self] in
                watch()
                ended.signal()
            }
        }
    }

    private func watch() {
        var due = Clock.nanoseconds() + Self.stepNs
        while !isStopped.load(ordering: .relaxed) {
            let now = Clock.nanoseconds()
            if now < due {
                var wait = timespec(tv_sec: 0, tv_nsec: Int(due - now))
                nanosleep(&wait, nil)
            }
            let woken = Clock.nanoseconds()
            late.withLock { $0.add(woken > due ? woken - due : 0) }
            due += Self.stepNs
        }
    }

    /// Ends the threads.
    ///
    /// - Returns: how late they were.
    func finish() -> Histogram {
        isStopped.store(true, ordering: .relaxed)
        for _ in 0..<processors { ended.wait() }
        return late.withLock { $0 }
    }
}
