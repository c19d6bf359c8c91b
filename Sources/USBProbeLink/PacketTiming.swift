/// How the packets of an isochronous endpoint follow each other in time, and how many pass while nothing is in flight.
///
/// The bus asks for a packet in each interval, whether anybody waits for it or not. Those that were asked for and
/// failed are counted exactly. Those that passed while no transfer was in flight are told by the host's clock alone,
/// to about the length of one transfer.
struct PacketTiming: Equatable {
    /// The interval of one packet, nanoseconds.
    let packetNs: UInt64
    /// How long all transfers last together, nanoseconds.
    let queueNs: UInt64
    /// When a transfer came back last that had not been cancelled; 0 = none yet.
    private var lastArrivalNs: UInt64 = 0
    /// When a transfer was put in flight last.
    private var lastSubmissionNs: UInt64 = 0
    /// Packets that passed unasked for since then and have not been told.
    private var untold = 0

    init(_ endpoint: USBEndpoint, plan: TransferPlan) {
        packetNs = endpoint.intervalNanoseconds
        queueNs = UInt64(plan.packets * plan.count) &* endpoint.intervalNanoseconds
    }

    /// Notes that a transfer came back by itself, or with packets in it.
    mutating func arrived(atNs now: UInt64) { lastArrivalNs = now }

    /// Notes that a transfer was put in flight.
    mutating func submitted(atNs now: UInt64) { lastSubmissionNs = now }

    /// Notes that every transfer had come back before the first was put in flight again at this time.
    mutating func ranDry(atNs now: UInt64) {
        let emptyFromNs = lastSubmissionNs &+ queueNs
        if lastSubmissionNs > 0, now > emptyFromNs { untold += Int(clamping: (now - emptyFromNs) / packetNs) }
    }

    /// Notes that transfers are put in flight again at this time, all of them having been called back.
    ///
    /// At least one packet is told: nobody knows that none passed.
    mutating func resumed(atNs now: UInt64) {
        guard lastArrivalNs > 0, now >= lastArrivalNs else { return }
        untold += max(Int(clamping: (now - lastArrivalNs) / packetNs), 1)
        lastArrivalNs = now
    }

    /// Takes the number of packets to tell before the next transfer.
    mutating func takeUntold() -> Int {
        defer { untold = 0 }
        return untold
    }
}
