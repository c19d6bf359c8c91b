/// The packets of an isochronous endpoint that nobody has collected yet, one for each interval.
struct PacketQueue: Sendable {
    /// Length of an interval at full speed, nanoseconds (USB 2.0, section 5.6.3).
    static let intervalNanoseconds: UInt64 = 1_000_000
    /// Packets that are kept (project choice: a quarter of a second); a real device would keep one.
    static let capacity = 256

    private var packets: [[UInt8]] = []
    private var first = 0
    /// Packets that nobody collected in time.
    private(set) var uncollected: UInt64 = 0

    /// Adds the packet of the newest interval; the oldest goes when there are too many.
    mutating func add(_ packet: [UInt8]) {
        packets.append(packet)
        if packets.count - first > Self.capacity {
            first += 1
            uncollected += 1
        }
        if first >= Self.capacity {
            packets.removeFirst(first)
            first = 0
        }
    }

    /// Gives the oldest packet, cut to `limit` bytes.
    mutating func take(atMost limit: Int) -> StreamRead {
        guard first < packets.count else { return .nothingYet }
        let packet = packets[first]
        first += 1
        return .bytes(packet.count > limit ? Array(packet.prefix(max(0, limit))) : packet, endsTransfer: true)
    }

    /// Forgets every packet.
    mutating func clear() {
        packets.removeAll()
        first = 0
    }
}
