internal import Synchronization

/// A simulated device whose time goes by a clock, shared by the threads of a front.
final class LiveDevice: Sendable {
    /// The most that a stream makes at one look, nanoseconds, so that others get a look now and then.
    private static let longestCatchUpNanoseconds: UInt64 = 1_000_000_000

    private let device: Mutex<any SimulatedDevice>
    private let elapsed: @Sendable () -> Duration
    private let times: UInt64

    /// A device whose time begins now.
    ///
    /// - Parameter times: how many times faster than the clock it goes, at least 1.
    init(_ device: any SimulatedDevice, clock: any Clock<Duration>, times: Int) {
        self.device = Mutex(device)
        self.times = UInt64(max(1, times))
        elapsed = Pace.realTime(clock).elapsed ?? { .zero }
    }

    /// Moves the device's time to now and does something with it.
    ///
    /// A stream that lags behind by much catches up in several looks.
    func look<Result: Sendable>(_ body: (inout any SimulatedDevice) -> Result) -> Result {
        let (target, overflow) = elapsed().wholeNanoseconds.multipliedReportingOverflow(by: times)
        let now = overflow ? .max : target
        return device.withLock { device in
            let missing = now - min(now, device.nowNanoseconds)
            device.advance(byNanoseconds: device.isStreaming ? min(missing, Self.longestCatchUpNanoseconds) : missing)
            return body(&device)
        }
    }
}
