import Dispatch
import Synchronization

/// A number from another thread.
final class Outcome: Sendable {
    private let done = DispatchSemaphore(value: 0)
    private let value = Mutex(0)

    func finish(with result: Int) {
        value.withLock { $0 = result }
        done.signal()
    }

    func wait() -> Int {
        done.wait()
        return value.withLock { $0 }
    }
}
