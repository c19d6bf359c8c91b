internal import CLibUSB

/// The packets of an isochronous transfer that came back, stretch by stretch: good ones joined, others counted.
///
/// Joining moves bytes towards the beginning of the transfer's own buffer; afterwards `joinedBytes` of it are good.
struct PacketStretches {
    enum Stretch {
        /// Bytes of one or more good packets in a row, valid until the transfer is put in flight again.
        case good(UnsafeRawBufferPointer)
        /// So many packets in a row that did not arrive or came damaged.
        case missed(Int)
    }

    private let buffer: UnsafeMutablePointer<UInt8>
    private let packets: UnsafeMutableBufferPointer<libusb_iso_packet_descriptor>
    private let bufferBytes: Int
    /// Whether the transfer was taken back or its device left: what it had not reached is not missed.
    private let isCutShort: Bool
    private var next = 0
    private var offset = 0
    /// Good bytes so far.
    private(set) var joinedBytes = 0

    /// The packets of a transfer; `nil` without a buffer.
    init?(_ transfer: TransferPool.Transfer) {
        guard let buffer = transfer.pointee.buffer, let first = iso_packets_of(transfer) else { return nil }
        self.buffer = buffer
        packets = UnsafeMutableBufferPointer(start: first, count: max(Int(transfer.pointee.num_iso_packets), 0))
        bufferBytes = max(Int(transfer.pointee.length), 0)
        let status = transfer.pointee.status
        isCutShort = status == LIBUSB_TRANSFER_CANCELLED || status == LIBUSB_TRANSFER_NO_DEVICE
    }

    /// The next stretch that has anything in it; `nil` at the end.
    mutating func nextStretch() -> Stretch? {
        while next < packets.count {
            if isGood(next) {
                let start = joinedBytes
                while next < packets.count, isGood(next) { join() }
                guard joinedBytes > start else { continue }
                return .good(UnsafeRawBufferPointer(start: buffer + start, count: joinedBytes - start))
            }
            let first = next
            while next < packets.count, !isGood(next) { skip() }
            if isCutShort, next == packets.count { return nil }
            return .missed(next - first)
        }
        return nil
    }

    private func isGood(_ index: Int) -> Bool { packets[index].status == LIBUSB_TRANSFER_COMPLETED }

    private mutating func join() {
        // A length beyond the packet's own room, or the buffer's, is a lie.
        let room = min(Int(packets[next].length), max(bufferBytes - offset, 0))
        let count = min(Int(packets[next].actual_length), room)
        if count > 0, offset != joinedBytes { (buffer + joinedBytes).update(from: buffer + offset, count: count) }
        joinedBytes += count
        skip()
    }

    private mutating func skip() {
        offset += Int(packets[next].length)
        next += 1
    }
}
