/// What a USB/IP device sends once it is attached (Linux, Documentation/usb/usbip_protocol.rst).
enum USBIPReply {
    private static let submitCode: UInt32 = 3
    private static let unlinkCode: UInt32 = 4

    /// The reply to a submission.
    ///
    /// - Parameters:
    ///   - actualLength: bytes taken of an OUT transfer or given by an IN transfer.
    ///   - data: what an IN transfer gives, isochronous packets without the room between them.
    static func submit(
        _ submission: USBIPSubmission, status: USBIPStatus, actualLength: Int, startFrame: UInt32 = 0,
        data: [UInt8] = []
    ) -> [UInt8] {
        let packets = submission.packets
        var bytes = header(submitCode, sequence: submission.sequence)
        bytes.appendBigEndian(status.rawValue)
        bytes.appendBigEndian(UInt32(clamping: actualLength))
        bytes.appendBigEndian(startFrame)
        bytes.appendBigEndian(UInt32(packets.count))
        bytes.appendBigEndian(UInt32(packets.count { $0.status != .done }))
        bytes.append(contentsOf: repeatElement(0, count: USBIPCommand.headerBytes - bytes.count))
        bytes += data
        for packet in packets {
            bytes.appendBigEndian(packet.offset)
            bytes.appendBigEndian(packet.length)
            bytes.appendBigEndian(packet.actualLength)
            bytes.appendBigEndian(packet.status.rawValue)
        }
        return bytes
    }

    /// The reply to an unlinking.
    static func unlink(sequence: UInt32, status: USBIPStatus) -> [UInt8] {
        var bytes = header(unlinkCode, sequence: sequence)
        bytes.appendBigEndian(status.rawValue)
        bytes.append(contentsOf: repeatElement(0, count: USBIPCommand.headerBytes - bytes.count))
        return bytes
    }

    /// Command and sequence; device, direction and endpoint are 0 in replies.
    private static func header(_ code: UInt32, sequence: UInt32) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.appendBigEndian(code)
        bytes.appendBigEndian(sequence)
        bytes.append(contentsOf: repeatElement(0, count: 12))
        return bytes
    }
}
