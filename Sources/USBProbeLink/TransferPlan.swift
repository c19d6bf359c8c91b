internal import ProbeLink

/// How many transfers of what size are kept in flight on the stream endpoint.
struct TransferPlan: Equatable {
    /// Bytes of one transfer, a multiple of the endpoint's packet size.
    let transferBytes: Int
    /// Transfers in flight.
    let count: Int

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
        transferBytes = max(min(wanted, largest) / packetBytes, 1) * packetBytes
        let queue = rate * Self.queueMicroseconds / 1_000_000
        let covering = (queue + transferBytes - 1) / transferBytes
        count = max(min(covering, Self.mostBytes / transferBytes), Self.leastCount)
    }

    /// All bytes in flight.
    var bytes: Int { transferBytes * count }

    /// Refuses what the kernel would refuse late and without a reason.
    ///
    /// - Parameters:
    ///   - extraBytes: what else is in flight.
    ///   - limitMegabytes: `usbfs_memory_mb`: 0 = unlimited; `nil` = not known, not checked.
    func check(extraBytes: Int, limitMegabytes: Int?) throws(TransportError) {
        guard let limitMegabytes, limitMegabytes > 0 else { return }
        let limit = limitMegabytes.multipliedReportingOverflow(by: 1 << 20)
        guard !limit.overflow, bytes + extraBytes > limit.partialValue else { return }
        throw .memoryLimit(neededBytes: bytes + extraBytes, limitBytes: limit.partialValue)
    }
}
