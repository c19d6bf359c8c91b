internal import Foundation
internal import ProbeLink
internal import Synchronization

/// One live scan: a source that runs on a thread of its own into nothing but the screens.
final class LiveScan: Sendable {
    private let stop = StopSignal()
    private let ending = Mutex<(hasEnded: Bool, waiters: [CheckedContinuation<Void, Never>])>((false, []))

    /// Runs a source that was prepared.
    ///
    /// - Parameter onEnd: is told when it has ended and the probe is disarmed, and why if it ended by itself.
    func run(_ source: some FrameSource, onEnd: @escaping @Sendable (SourceError?) -> Void) {
        let thread = Thread { [self] in
            var sink = NoSink()
            var failure: SourceError?
            do throws(SourceRunError) {
                _ = try source.run(into: &sink, until: stop)
            } catch {
                failure = error.reason
            }
            let waiters = ending.withLock { ending in
                ending.hasEnded = true
                defer { ending.waiters = [] }
                return ending.waiters
            }
            for waiter in waiters { waiter.resume() }
            onEnd(failure)
        }
        thread.name = "live scan"
        thread.start()
    }

    /// Ends the scan, and waits until the probe is disarmed.
    func end() async {
        stop.request()
        await withCheckedContinuation { continuation in
            let hasEnded = ending.withLock { ending in
                if !ending.hasEnded { ending.waiters.append(continuation) }
                return ending.hasEnded
            }
            if hasEnded { continuation.resume() }
        }
    }
}

/// A sink that keeps nothing.
struct NoSink: FrameSink {
    func receive(_ frame: FrameHeader, _ payload: RawSpan) {}
    func lost(_ loss: StreamLoss) {}
    func event(_ event: ProbeEvent) {}
    func hasRoom(forBytes count: Int) -> Bool { true }
}

/// Does what blocks its thread away from Swift's thread pool.
func onThread<Value: Sendable, Failure: Error>(
    _ body: @escaping @Sendable () throws(Failure) -> Value
) async throws(Failure) -> Value {
    let result: Result<Value, Failure> = await withCheckedContinuation { continuation in
        let thread = Thread { continuation.resume(returning: Result(catching: body)) }
        thread.name = "bedside"
        thread.start()
    }
    return try result.get()
}
