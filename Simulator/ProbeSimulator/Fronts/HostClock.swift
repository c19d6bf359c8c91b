/// The host's monotonic clock beside a device's: it may run fast or slow, and never goes back.
struct HostClock: Sendable {
    private static let wholePpm = 1_000_000.0

    private var deviceNanoseconds: UInt64 = 0
    private var hostNanoseconds: UInt64 = 0
    /// How much faster than the device's clock it runs, millionths; from the last setting on.
    private(set) var driftPpm: Double

    init(driftPpm: Double) { self.driftPpm = driftPpm }

    /// The host's time at a time of the device.
    func nanoseconds(atDevice device: UInt64) -> UInt64 {
        let passed = Double(device - min(device, deviceNanoseconds))
        let drift = (passed * driftPpm / Self.wholePpm).rounded()
        let sum = Double(hostNanoseconds) + passed + drift
        // Within 2^53 ns (104 days) whole nanoseconds are exact.
        return sum.isFinite && sum >= 0 && sum < Double(UInt64.max) ? UInt64(sum) : hostNanoseconds
    }

    /// Runs at another rate from a time of the device on.
    mutating func set(driftPpm: Double, atDevice device: UInt64) {
        hostNanoseconds = nanoseconds(atDevice: device)
        deviceNanoseconds = max(deviceNanoseconds, device)
        self.driftPpm = driftPpm
    }
}
