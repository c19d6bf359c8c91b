/// One transfer that a USB/IP host asks for.
struct USBIPSubmission: Sendable, Hashable {
    /// One isochronous packet of it.
    struct Packet: Sendable, Hashable {
        /// Its place in the host's buffer, bytes.
        var offset: UInt32
        /// Its room, bytes.
        var length: UInt32
        /// What came of it, bytes.
        var actualLength: UInt32 = 0
        /// How it ended.
        var status = USBIPStatus.done
    }

    /// The direction bit of an endpoint's address (USB 2.0, table 9-13).
    static let inBit: UInt8 = 0x80
    /// A short packet is an error of this transfer (Linux, URB_SHORT_NOT_OK).
    static let shortIsError: UInt32 = 1

    /// The number that its reply carries.
    var sequence: UInt32
    /// The endpoint's address, with the direction.
    var endpoint: UInt8
    /// The host's transfer flags.
    var flags: UInt32 = 0
    /// Room of the host's buffer, or bytes that it sends.
    var length: Int
    /// The setup stage; meaningful on endpoint 0 alone.
    var setup = USBSetup(requestType: 0, request: 0)
    /// What the host sends.
    var out: [UInt8] = []
    /// The isochronous packets; empty for every other kind of transfer.
    var packets: [Packet] = []

    /// Whether the device sends.
    var isIn: Bool { endpoint & Self.inBit != 0 }
    /// Whether it is a control transfer.
    var isControl: Bool { endpoint & ~Self.inBit == 0 }
}

/// How a transfer or packet ended, in the numbers of Linux (errno.h), negative.
enum USBIPStatus: Int32, Sendable, Hashable {
    case done = 0
    /// EPIPE: stalled.
    case stalled = -32
    /// EOVERFLOW: the device sent more than there was room for.
    case overflow = -75
    /// EILSEQ: a packet did not come, or came damaged.
    case missed = -84
    /// ECONNRESET: taken back by the host.
    case unlinked = -104
    /// EREMOTEIO: a short packet where none is allowed.
    case short = -121
}
