/// Takes FTDI's two status bytes out of every USB packet, before whatever reads the stream behind.
///
/// An FTDI chip puts its modem and line status in front of each packet, data or none (FTDI AN232B-04, and the published
/// readers of its stream). A transfer is a whole number of packets, of which the last may be short, so packets are
/// counted anew from the beginning of each transfer. Nothing is copied.
public struct FTDIStatusFilter<Inner: TransferSink & ~Copyable>: TransferSink, ~Copyable {
    /// Bytes of a full packet at high speed (USB 2.0, 5.8.3).
    public static var highSpeedPacketByteCount: Int { 512 }
    /// Bytes of a full packet at full speed (USB 2.0, 5.8.3).
    public static var fullSpeedPacketByteCount: Int { 64 }
    /// Bytes of status at the head of a packet.
    private static var statusByteCount: Int { 2 }
    /// The bit of the line status that says that the chip's buffer ran over (as in a 16550's line status register).
    private static var overrunBit: UInt8 { 0x02 }

    /// Packets whose line status says that the chip's buffer ran over.
    public private(set) var overruns: UInt64 = 0
    /// Packets that were too short to hold their status.
    public private(set) var shortPackets: UInt64 = 0
    private let packetByteCount: Int
    private var inner: Inner

    /// A filter before a sink, which it owns until `release`.
    ///
    /// - Parameter packetByteCount: bytes of a full packet, as the endpoint's descriptor says; taken as 3 to 65,535.
    public init(before inner: consuming Inner, packetByteCount: Int) {
        self.inner = inner
        self.packetByteCount = min(max(Self.statusByteCount + 1, packetByteCount), Int(UInt16.max))
    }

    /// Hands on each packet of the stream without its status, and events as they are.
    public mutating func receive(_ bytes: RawSpan, from pipe: ProbePipe) {
        guard pipe == .stream else {
            inner.receive(bytes, from: pipe)
            return
        }
        var offset = 0
        while offset < bytes.byteCount {
            let end = min(bytes.byteCount, offset + packetByteCount)
            if end - offset < Self.statusByteCount {
                shortPackets = shortPackets.saturatingSum(1)
            } else if bytes.uint8(at: offset + 1) & Self.overrunBit != 0 {
                overruns = overruns.saturatingSum(1)
            }
            let first = offset + Self.statusByteCount
            if first < end { inner.receive(bytes.extracting(first..<end), from: .stream) }
            offset = end
        }
    }

    /// Whether the sink behind would keep so many bytes.
    public func hasRoom(forBytes count: Int) -> Bool { inner.hasRoom(forBytes: count) }

    /// Hands the note on.
    public mutating func missed(packets count: Int, packetNanoseconds: UInt64) {
        inner.missed(packets: count, packetNanoseconds: packetNanoseconds)
    }

    /// Hands the time on.
    public mutating func transferArrived(hostNanoseconds: UInt64) {
        inner.transferArrived(hostNanoseconds: hostNanoseconds)
    }

    /// Gives the sink behind back.
    public consuming func release() -> Inner { inner }
}
