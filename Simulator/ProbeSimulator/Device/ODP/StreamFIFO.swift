/// The device's memory between the packets it makes and the USB packets the host collects.
///
/// Positions count bytes since the FIFO was last emptied. USB packets are counted from the end of the last
/// transfer, so that every one but a transfer's last is full.
struct StreamFIFO: Sendable {
    /// Freed bytes are given back once so many have gathered (project choice: some pages), and as many as are held:
    /// each byte is then moved once at most.
    private static let compactionBytes = 65_536

    /// How many bytes fit.
    let capacity: Int
    private var bytes: [UInt8] = []
    private var head = 0
    private var readPosition: UInt64 = 0
    private var transferEnds: [UInt64] = []
    private var lastTransferEnd: UInt64 = 0
    /// The most bytes that were held at once since the FIFO was last cleared.
    private(set) var highWaterBytes = 0

    init(capacity: Int) { self.capacity = max(0, capacity) }

    /// Bytes that wait to be read.
    var count: Int { bytes.count - head }

    /// Keeps one whole ODP packet.
    ///
    /// - Returns: `false` when it does not fit; nothing is kept then.
    mutating func append(_ packet: [UInt8]) -> Bool {
        guard packet.count <= capacity - count else { return false }
        bytes.append(contentsOf: packet)
        highWaterBytes = max(highWaterBytes, count)
        return true
    }

    /// Ends the USB transfer behind the last byte; without new bytes nothing happens.
    mutating func endTransfer() {
        let end = readPosition + UInt64(count)
        guard end > lastTransferEnd else { return }
        lastTransferEnd = end
        transferEnds.append(end)
    }

    /// Empties the FIFO and its high-water mark.
    mutating func clear() { self = StreamFIFO(capacity: capacity) }

    /// Gives as many whole USB packets as fit into `limit` bytes, up to the end of the transfer.
    mutating func take(atMost limit: Int, packetSize: Int) -> StreamRead {
        let room = limit / packetSize * packetSize
        guard room > 0 else { return .nothingYet }
        guard let end = transferEnds.first else {
            let ready = min(room, count / packetSize * packetSize)
            return ready > 0 ? .bytes(remove(ready), endsTransfer: false) : .nothingYet
        }
        let left = Int(end - readPosition)
        guard left < room else { return .bytes(remove(room), endsTransfer: false) }
        transferEnds.removeFirst()
        return .bytes(remove(left), endsTransfer: true)
    }

    private mutating func remove(_ count: Int) -> [UInt8] {
        let taken = Array(bytes[head..<(head + count)])
        head += count
        readPosition += UInt64(count)
        if head == bytes.count {
            bytes.removeAll(keepingCapacity: true)
            head = 0
        } else if head >= max(Self.compactionBytes, bytes.count - head) {
            bytes.removeFirst(head)
            head = 0
        }
        return taken
    }
}
