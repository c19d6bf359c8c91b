internal import Foundation

/// Runs work that blocks on a thread of its own, so that Swift's pool of threads is left to others.
func onDeskThread<Value: Sendable>(
    _ body: @escaping @Sendable () throws(DeskRefusal) -> Value
) async throws(DeskRefusal) -> Value {
    let result: Result<Value, DeskRefusal> = await withCheckedContinuation { continuation in
        let thread = Thread {
            do throws(DeskRefusal) {
                continuation.resume(returning: .success(try body()))
            } catch {
                continuation.resume(returning: .failure(error))
            }
        }
        // What is drawn and packed here needs more than the 512 KiB that other threads get (project choice).
        thread.stackSize = 4 << 20
        thread.name = "desk"
        thread.start()
    }
    return try result.get()
}
