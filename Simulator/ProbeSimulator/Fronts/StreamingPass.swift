internal import ProbeLink

/// What one run of a front keeps between its looks at the probe.
struct StreamingPass {
    /// The transfer in flight, or complete and waiting for room.
    var transfer: TransferAssembly
    /// Whether the thread may rest when nothing could be delivered.
    var shouldRest = false
    /// When the next heartbeat is due, by the probe's clock, nanoseconds; `nil` without one or before the first.
    private(set) var nextBeatNanoseconds: UInt64?

    /// The shortest interval between two heartbeats, nanoseconds, so that a zero interval cannot hang the loop.
    private static let shortestBeatNanoseconds: UInt64 = 1_000_000

    private let heartbeat: Heartbeat?
    private var events: [[UInt8]] = []

    init(transferBytes: Int, heartbeat: Heartbeat?) {
        transfer = TransferAssembly(capacity: transferBytes)
        self.heartbeat = heartbeat
    }

    /// The heartbeat that is due by now; asking for it makes it sent.
    mutating func dueBeat(at nanoseconds: UInt64) -> ControlRequest? {
        guard let heartbeat, nanoseconds >= nextBeatNanoseconds ?? 0 else { return nil }
        let interval = max(Self.shortestBeatNanoseconds, heartbeat.interval.wholeNanoseconds)
        let (next, overflow) = nanoseconds.addingReportingOverflow(interval)
        nextBeatNanoseconds = overflow ? .max : next
        return heartbeat.request
    }

    /// Collects every event that waits in the probe.
    mutating func collectEvents(from probe: inout SimulatedProbe) {
        while case .bytes(let event, _) = probe.readEvent() { events.append(event) }
    }

    /// The events collected since the last time.
    mutating func takeEvents() -> [[UInt8]] {
        defer { events.removeAll(keepingCapacity: true) }
        return events
    }
}
