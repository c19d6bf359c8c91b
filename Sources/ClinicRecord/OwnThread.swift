internal import Foundation

/// Runs work that blocks on a thread of its own, so that Swift's pool of threads is left to others.
public func onOwnThread<Value: Sendable>(
    named name: String, _ body: @escaping @Sendable () throws(ClinicRecordError) -> Value
) async throws(ClinicRecordError) -> Value {
    let result: Result<Value, ClinicRecordError> = await withCheckedContinuation { continuation in
        let thread = Thread {
            do throws(ClinicRecordError) {
                continuation.resume(returning: .success(try body()))
            } catch {
                continuation.resume(returning: .failure(error))
            }
        }
        thread.name = name
        thread.start()
    }
    return try result.get()
}
