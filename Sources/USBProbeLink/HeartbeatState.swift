internal import ProbeLink

/// When the heartbeat is due, and how it fares.
struct HeartbeatState {
    /// The most failures in a row before the run ends: the probe has then stopped transmitting by itself.
    ///
    /// Project choice.
    static let mostFailures = 3
    /// The shortest interval, nanoseconds, so that a mistaken 0 does not fill the bus; project choice.
    static let leastIntervalNs: UInt64 = 1_000_000

    let request: ControlRequest
    let transfer: TransferPool.Transfer
    private let intervalNs: UInt64
    /// When the next one is to be sent, monotonic nanoseconds.
    private(set) var dueNs: UInt64
    var isInFlight = false
    /// When the last one was sent.
    private(set) var sentNs: UInt64 = 0
    var failures = 0

    /// The first one is due at once.
    init(_ heartbeat: Heartbeat, transfer: TransferPool.Transfer, nowNs: UInt64) {
        request = heartbeat.request
        self.transfer = transfer
        intervalNs = max(Self.nanoseconds(heartbeat.interval), Self.leastIntervalNs)
        dueNs = nowNs
    }

    /// Whether one is to be sent now; if so it counts as in flight.
    ///
    /// One that is still on its way when the next is due lets that one pass, and times that were missed are not made
    /// up for.
    mutating func begin(nowNs: UInt64) -> Bool {
        guard nowNs >= dueNs else { return false }
        dueNs &+= intervalNs
        if dueNs <= nowNs { dueNs = nowNs &+ intervalNs }
        guard !isInFlight else { return false }
        isInFlight = true
        sentNs = nowNs
        return true
    }

    static func nanoseconds(_ duration: Duration) -> UInt64 {
        let parts = duration.components
        let seconds = UInt64(clamping: parts.seconds).multipliedReportingOverflow(by: 1_000_000_000)
        // An interval beyond half of the range is as good as never and cannot overflow the clock.
        let most = UInt64.max / 2
        guard !seconds.overflow, seconds.partialValue < most else { return most }
        return seconds.partialValue + UInt64(clamping: parts.attoseconds / 1_000_000_000)
    }
}
