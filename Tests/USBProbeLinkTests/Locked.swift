import Foundation

/// A value behind a lock that the thread sanitizer sees.
///
/// The standard library's `Mutex` calls the kernel by itself on Linux, so the order that it makes is hidden from the
/// sanitizer; this one is a lock of the C library.
// Sound: the value is only reached while the lock is held.
final class Locked<Value>: @unchecked Sendable {
    private let lock = NSLock()
    private var value: Value

    init(_ value: Value) { self.value = value }

    func withLock<Result, Failure: Error>(
        _ body: (inout Value) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        lock.lock()
        defer { lock.unlock() }
        return try body(&value)
    }
}
