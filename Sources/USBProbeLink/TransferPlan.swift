internal import ProbeLink

/// How many transfers of what size are kept in flight on the stream endpoint.
struct TransferPlan: Equatable {
    /// Bytes of one transfer, a multiple of the endpoint's packet size.
    let transferBytes: Int
    /// Packets of one transfer of an isochronous endpoint; 0 = not isochronous.
    let packets: Int
    /// Transfers in flight.
    private(set) var count: Int

    /// How long one transfer lasts at the expected rate, microseconds.
    ///
    /// Project choice within the 2 to 5 ms that keep delay low and interrupts few; rounding down to whole packets
    /// leaves at least half of it.
    static let transferMicroseconds = 4_000
    /// How much time the transfers in flight cover together, microseconds.
    ///
    /// Project choice within 250 to 500 ms: what a loaded host may sleep without loss.
    static let queueMicroseconds = 400_000
    /// The fewest transfers in flight: with fewer the probe's queue fills while one is handed over.
    static let leastCount = 4
    /// The most memory in flight, bytes: a quarter of the 16 MiB that Linux lets all USB programs share.
    static let mostBytes = 4 << 20
    /// The most isochronous packets that Linux takes in one request (drivers/usb/core/devio.c).
    static let mostPackets = 128

    /// A plan for a rate.
    ///
    /// - Parameters:
    ///   - bytesPerSecond: the expected rate; 0 and less give the smallest transfers.
    ///   - packetBytes: the endpoint's wMaxPacketSize, 1 or more.
    init(bytesPerSecond: Int, packetBytes: Int) {
        precondition(packetBytes > 0, "a packet has at least one byte")
        // Rates beyond any USB bus are treated as the memory's worth in each transfer, so nothing overflows.
        let rate = min(max(bytesPerSecond, 0), Self.mostBytes * 1_000)
        let wanted = rate * Self.transferMicroseconds / 1_000_000
        let largest = Self.mostBytes / Self.leastCount
        packets = 0
        transferBytes = max(min(wanted, largest) / packetBytes, 1) * packetBytes
        let queue = rate * Self.queueMicroseconds / 1_000_000
        let covering = (queue + transferBytes - 1) / transferBytes
        count = max(min(covering, Self.mostBytes / transferBytes), Self.leastCount)
    }

    /// A plan for an isochronous endpoint, where the bus sets the pace and not the device.
    ///
    /// - Parameters:
    ///   - isochronousPacketBytes: the most that one interval may bring, 1 or more.
    ///   - packetNanoseconds: that interval.
    init(isochronousPacketBytes: Int, packetNanoseconds: UInt64) {
        precondition(isochronousPacketBytes > 0 && packetNanoseconds > 0, "a packet has a size and an interval")
        let interval = Int(clamping: packetNanoseconds)
        let affordable = Self.mostBytes / Self.leastCount / isochronousPacketBytes
        packets = max(min(Self.transferMicroseconds * 1_000 / interval, Self.mostPackets, affordable), 1)
        transferBytes = packets * isochronousPacketBytes
        let covering = Self.queueMicroseconds * 1_000 / (packets * interval)
        count = max(min(covering, Self.mostBytes / transferBytes), Self.leastCount)
    }

    /// The plan for an endpoint.
    init(_ endpoint: USBEndpoint, bytesPerSecond: Int) {
        if endpoint.kind == .isochronousIn {
            self.init(
                isochronousPacketBytes: endpoint.packetBytes, packetNanoseconds: endpoint.intervalNanoseconds)
        } else {
            self.init(bytesPerSecond: bytesPerSecond, packetBytes: endpoint.packetBytes)
        }
    }

    /// All bytes in flight.
    var bytes: Int { transferBytes * count }

    /// The same with as few transfers as what the system allows needs, halved as often as it takes.
    ///
    /// - Parameters:
    ///   - extraBytes: what else is in flight.
    ///   - limitMegabytes: `usbfs_memory_mb`: 0 = unlimited; `nil` = not known, not checked.
    /// - Throws: `memoryLimit` when even `leastCount` transfers are too many: the kernel would refuse them late and
    ///   without a reason.
    func fitting(extraBytes: Int, limitMegabytes: Int?) throws(TransportError) -> TransferPlan {
        guard let limitMegabytes, limitMegabytes > 0 else { return self }
        let limit = limitMegabytes.multipliedReportingOverflow(by: 1 << 20)
        var plan = self
        while !limit.overflow, plan.bytes + extraBytes > limit.partialValue {
            guard plan.count > Self.leastCount else {
                throw .memoryLimit(neededBytes: plan.bytes + extraBytes, limitBytes: limit.partialValue)
            }
            plan.count = max(plan.count / 2, Self.leastCount)
        }
        return plan
    }
}
