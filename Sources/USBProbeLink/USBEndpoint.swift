public import ProbeLink

/// One endpoint.
public struct USBEndpoint: Sendable, Hashable {
    /// `bEndpointAddress`; bit 7 = to the host.
    public let address: UInt8
    /// `bmAttributes`; the low two bits are the transfer type.
    public let attributes: UInt8
    /// Bytes of one packet; of an isochronous endpoint, all that one interval may bring.
    public let packetBytes: Int
    /// How often an isochronous endpoint is asked for a packet, nanoseconds.
    public let intervalNanoseconds: UInt64

    init(address: UInt8, attributes: UInt8, packetBytes: Int, intervalNanoseconds: UInt64 = Self.frameNanoseconds) {
        self.address = address
        self.attributes = attributes
        self.packetBytes = packetBytes
        self.intervalNanoseconds = intervalNanoseconds
    }

    /// An endpoint from the fields of its descriptor, whatever they hold.
    ///
    /// - Parameters:
    ///   - speedMbitPerS: the signalling rate; `nil` counts as full speed.
    ///   - extra: the descriptors that follow, among them the companion of SuperSpeed.
    init(
        address: UInt8, attributes: UInt8, maxPacketSize: UInt16, interval: UInt8, speedMbitPerS: Int?,
        extra: [UInt8] = []
    ) {
        let speed = speedMbitPerS ?? Self.fullSpeedMbitPerS
        // USB 2.0, 9.6.6: of 1 to 16 is the interval 2 to the power of one less, in frames or microframes.
        let exponent = UInt64(min(max(interval, 1), 16) - 1)
        let unit = speed > Self.fullSpeedMbitPerS ? Self.microframeNanoseconds : Self.frameNanoseconds
        self.init(
            address: address, attributes: attributes,
            packetBytes: attributes & 3 == 1
                ? Self.bytesEachInterval(maxPacketSize, speed, extra) : Int(maxPacketSize & Self.sizeBits),
            intervalNanoseconds: unit << exponent)
    }

    /// USB 2.0, 4.2.1: a frame at full speed lasts 1 ms.
    static let frameNanoseconds: UInt64 = 1_000_000
    /// USB 2.0, 4.2.1: a microframe at high speed lasts 125 microseconds.
    static let microframeNanoseconds: UInt64 = 125_000
    private static let fullSpeedMbitPerS = 12
    private static let superSpeedMbitPerS = 5_000
    /// USB 2.0, table 9-13: bits 10..0 of wMaxPacketSize are the packet size, bits 12..11 further packets.
    private static let sizeBits: UInt16 = 0x7FF
    /// USB 3.2, 9.6.7: the type and length of a SuperSpeed endpoint companion descriptor.
    private static let companion = (type: UInt8(0x30), length: 6)
    /// USB 3.2, table 9-27: three bursts of 16 packets of 1,024 bytes.
    private static let mostIntervalBytes = 48 << 10

    /// What an isochronous endpoint may bring in each interval.
    private static func bytesEachInterval(_ maxPacketSize: UInt16, _ speed: Int, _ extra: [UInt8]) -> Int {
        let size = Int(maxPacketSize & sizeBits)
        guard speed > fullSpeedMbitPerS else { return size }
        if speed >= superSpeedMbitPerS {
            let descriptor = DescriptorWalk(extra).first { $0[1] == companion.type && $0.count >= companion.length }
            guard let bytes = descriptor, size > 0 else { return size }
            return min(Int(bytes[4]) | Int(bytes[5]) << 8, mostIntervalBytes)
        }
        return size * (1 + min(Int(maxPacketSize >> 11) & 3, 2))
    }

    /// Type and direction where it leads to the host; `nil` for control and for everything from the host.
    public var kind: USBEndpointNeed.Kind? {
        guard address & 0x80 != 0 else { return nil }
        // USB 2.0, table 9-13, bits 1..0: transfer type.
        return switch attributes & 3 {
        case 1: .isochronousIn
        case 2: .bulkIn
        case 3: .interruptIn
        default: nil
        }
    }
}
