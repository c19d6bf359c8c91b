internal import ProbeLink

/// Notices that a stream has fallen silent without an error, as when the program in the probe hangs.
struct SilenceWatch {
    private let limitNs: UInt64
    private var lastSignNs: UInt64

    init(limit: Duration, nowNs: UInt64) {
        limitNs = HeartbeatState.nanoseconds(limit)
        lastSignNs = nowNs
    }

    /// Notes that the probe sent something, be it an empty transfer.
    mutating func heard(atNs now: UInt64) { lastSignNs = now }

    /// Why the run is to end; `nil` = it need not.
    func problem(nowNs now: UInt64, device: String) -> TransportError? {
        guard now > lastSignNs, now - lastSignNs >= limitNs else { return nil }
        return .timedOut(what: "the stream of \(device)", milliseconds: Int(clamping: limitNs / 1_000_000))
    }
}
