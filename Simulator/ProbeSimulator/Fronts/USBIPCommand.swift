/// What a USB/IP host sends once a device is attached (Linux, Documentation/usb/usbip_protocol.rst).
///
/// All integers are big-endian; every command begins with 48 bytes.
enum USBIPCommand: Sendable, Hashable {
    /// Do this transfer.
    case submit(USBIPSubmission)
    /// Take back the transfer `victim`.
    case unlink(sequence: UInt32, victim: UInt32)

    /// Bytes of every command's and reply's header.
    static let headerBytes = 48
    /// The longest transfer: what all of usbfs may hold unless an administrator raises it (Linux, usbfs_memory_mb).
    static let longestTransferBytes: UInt32 = 16 << 20
    /// The most isochronous packets of a transfer (Linux, USBIP_MAX_ISO_PACKETS).
    static let mostPackets: UInt32 = 1024

    private static let submitCode: UInt32 = 1
    private static let unlinkCode: UInt32 = 2
    /// What stands for "not isochronous" by the documentation; Linux itself sends 0.
    private static let noPackets = UInt32.max
    private static let mostEndpoints: UInt32 = 16
    private static let packetBytes = 16

    /// Reads the command at the beginning of what has arrived.
    ///
    /// - Returns: the command and how many bytes it took; `nil` until it has arrived whole.
    /// - Throws: when no further byte could make it a command; known from its first 48 bytes on.
    static func read(_ bytes: ArraySlice<UInt8>) throws(USBIPError) -> (command: USBIPCommand, count: Int)? {
        guard bytes.count >= headerBytes else { return nil }
        let code: UInt32 = bytes.bigEndian(at: 0)
        switch code {
        case submitCode: return try readSubmission(bytes)
        case unlinkCode:
            let unlink = unlink(sequence: bytes.bigEndian(at: 4), victim: bytes.bigEndian(at: 20))
            return (unlink, headerBytes)
        default: throw .unknownCommand(code)
        }
    }

    private static func readSubmission(
        _ bytes: ArraySlice<UInt8>
    ) throws(USBIPError) -> (command: USBIPCommand, count: Int)? {
        let direction: UInt32 = bytes.bigEndian(at: 12)
        let number: UInt32 = bytes.bigEndian(at: 16)
        let length: UInt32 = bytes.bigEndian(at: 24)
        let stated: UInt32 = bytes.bigEndian(at: 32)
        let packets = stated == noPackets ? 0 : stated
        guard number < mostEndpoints, direction <= 1 else {
            throw .noSuchEndpoint(number: number, direction: direction)
        }
        guard length <= longestTransferBytes else { throw .transferTooLong(bytes: length) }
        guard packets <= mostPackets else { throw .tooManyPackets(packets) }
        let isIn = direction == 1
        let outBytes = isIn ? 0 : Int(length)
        let count = headerBytes + outBytes + Int(packets) * packetBytes
        guard bytes.count >= count else { return nil }
        let start = bytes.startIndex + headerBytes
        let submission = USBIPSubmission(
            sequence: bytes.bigEndian(at: 4), endpoint: UInt8(number) | (isIn ? USBIPSubmission.inBit : 0),
            flags: bytes.bigEndian(at: 20), length: Int(length), setup: setup(bytes),
            out: Array(bytes[start..<(start + outBytes)]),
            packets: try readPackets(bytes[(start + outBytes)..<(start + count - headerBytes)], in: length))
        return (.submit(submission), count)
    }

    /// The eight bytes of a control transfer's setup stage, which are little-endian as on the bus.
    private static func setup(_ bytes: ArraySlice<UInt8>) -> USBSetup {
        let setup = Array(bytes.dropFirst(40).prefix(8))
        return USBSetup(
            requestType: setup[0], request: setup[1], value: setup.littleEndian(at: 2),
            index: setup.littleEndian(at: 4), length: setup.littleEndian(at: 6))
    }

    private static func readPackets(
        _ bytes: ArraySlice<UInt8>, in length: UInt32
    ) throws(USBIPError) -> [USBIPSubmission.Packet] {
        var packets: [USBIPSubmission.Packet] = []
        for place in stride(from: 0, to: bytes.count, by: packetBytes) {
            let offset: UInt32 = bytes.bigEndian(at: place)
            let wanted: UInt32 = bytes.bigEndian(at: place + 4)
            guard offset <= length, wanted <= length - offset else {
                throw .packetOutside(offset: offset, bytes: wanted)
            }
            packets.append(USBIPSubmission.Packet(offset: offset, length: wanted))
        }
        return packets
    }
}
