internal import ProbeLink

/// What one run of a front keeps between its looks at the device.
struct StreamingPass {
    /// What an isochronous endpoint brought, and when by the host's clock, nanoseconds.
    struct Arrival {
        var interval: IsochronousInterval
        var hostNanoseconds: UInt64
    }

    /// The bulk transfer in flight, or complete and waiting for room.
    var transfer: TransferAssembly
    /// When the transfer's last bytes came, by the host's clock, nanoseconds.
    var transferHostNanoseconds: UInt64 = 0
    /// Length of an interval of an isochronous endpoint, nanoseconds.
    var intervalNanoseconds: UInt64 = 0
    /// Isochronous packets that wait for room, oldest first.
    var arrivals: [Arrival] = []
    /// Whether the thread may rest when nothing could be delivered.
    var shouldRest = false
    /// When the device stopped answering, by its clock, nanoseconds; `nil` while it answers.
    var silentSinceNanoseconds: UInt64?
    /// When the next heartbeat is due, by the device's clock, nanoseconds; `nil` without one or before the first.
    private(set) var nextBeatNanoseconds: UInt64?

    /// The shortest interval between two heartbeats, nanoseconds, so that a zero interval cannot hang the loop.
    private static let shortestBeatNanoseconds: UInt64 = 1_000_000
    /// Room of an isochronous packet, bytes: the largest of high speed (USB 2.0, section 5.6.3), three in a microframe.
    private static let intervalBytes = 3072
    /// Most packets that are taken at one look (project choice: as many as a transfer of 32 ms has).
    private static let mostArrivals = 32

    private let heartbeat: Heartbeat?
    private var events: [[UInt8]] = []

    init(transferBytes: Int, packetBytes: Int, heartbeat: Heartbeat?) {
        transfer = TransferAssembly(capacity: transferBytes, packetBytes: packetBytes)
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

    /// Collects every event that waits in the device.
    mutating func collectEvents(from device: inout any SimulatedDevice) {
        guard let endpoint = device.eventEndpoint else { return }
        while case .bytes(let event, _) = device.read(endpoint: endpoint, atMost: Self.intervalBytes) {
            events.append(event)
        }
    }

    /// Collects the packets of the intervals that are over.
    mutating func collectIntervals(from device: inout any SimulatedDevice, hostNanoseconds: UInt64) {
        while arrivals.count < Self.mostArrivals {
            let interval = device.readInterval(endpoint: device.streamEndpoint, atMost: Self.intervalBytes)
            guard interval != .nothingYet else { return }
            arrivals.append(Arrival(interval: interval, hostNanoseconds: hostNanoseconds))
        }
    }

    /// The events collected since the last time.
    mutating func takeEvents() -> [[UInt8]] {
        defer { events.removeAll(keepingCapacity: true) }
        return events
    }
}
