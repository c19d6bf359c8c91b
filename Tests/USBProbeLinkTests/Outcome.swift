import Dispatch

/// A number from another thread.
final class Outcome: Sendable {
    private let done = DispatchSemaphore(value: 0)
    private let value = Locked(0)

    func finish(with result: Int) {
        value.withLock { $0 = result }
        done.signal()
    }

    func wait() -> Int {
        done.wait()
        return value.withLock { $0 }
    }
}
