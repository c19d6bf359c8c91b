/// Turns the descriptors of a high-speed device into those of USB 3.2, section 9.6.
enum SuperSpeedDescriptors {
    /// Descriptor types (USB 3.2, table 9-5).
    enum Kind {
        static let device: UInt8 = 1
        static let configuration: UInt8 = 2
        static let endpoint: UInt8 = 5
        static let qualifier: UInt8 = 6
        static let capabilities: UInt8 = 15
        static let capability: UInt8 = 16
        static let companion: UInt8 = 48
    }

    /// bcdUSB 3.00.
    private static let usbRelease: UInt16 = 0x0300
    /// Largest packet of endpoint 0, as a power of two: 512 bytes.
    private static let controlPacketExponent: UInt8 = 9
    /// Largest packet of a bulk endpoint, bytes.
    private static let bulkPacketBytes: UInt16 = 1024
    /// Packets of a bulk endpoint in one burst, less one (project choice).
    private static let bulkBurst: UInt8 = 3
    /// bMaxPower counts 8 mA instead of 2.
    private static let powerRatio: UInt8 = 4
    /// The highest bMaxPower: 900 mA, above which a host refuses the configuration.
    private static let mostPower: UInt8 = 112

    /// The device descriptor at this speed.
    static func device(_ high: [UInt8]) -> [UInt8] {
        guard high.count >= 18 else { return high }
        var bytes = high
        bytes[2] = UInt8(truncatingIfNeeded: usbRelease)
        bytes[3] = UInt8(truncatingIfNeeded: usbRelease >> 8)
        bytes[7] = controlPacketExponent
        return bytes
    }

    /// The configuration at this speed: larger bulk packets, and a companion behind every endpoint.
    static func configuration(_ high: [UInt8]) -> [UInt8] {
        guard high.count >= 9, high[0] == 9 else { return high }
        var bytes: [UInt8] = []
        var offset = 0
        while offset + 2 <= high.count, high[offset] >= 2, offset + Int(high[offset]) <= high.count {
            let descriptor = Array(high[offset..<(offset + Int(high[offset]))])
            offset += descriptor.count
            bytes += descriptor[1] == Kind.endpoint && descriptor.count >= 7 ? endpoint(descriptor) : descriptor
        }
        bytes[2] = UInt8(truncatingIfNeeded: bytes.count)
        bytes[3] = UInt8(truncatingIfNeeded: bytes.count >> 8)
        bytes[8] = min(mostPower, bytes[8] / powerRatio + (bytes[8] % powerRatio == 0 ? 0 : 1))
        return bytes
    }

    /// The device's capabilities (BOS): USB 2 with link power management, and SuperSpeed from full speed on, without
    /// power-saving states.
    static let capabilities: [UInt8] = [
        5, Kind.capabilities, 22, 0, 2,
        7, Kind.capability, 2, 0, 0, 0, 0,
        10, Kind.capability, 3, 0, 0x0E, 0, 1, 0, 0, 0,
    ]

    /// An endpoint with its companion.
    private static func endpoint(_ high: [UInt8]) -> [UInt8] {
        var bytes = high
        let kind = high[3] & 3
        let packet: UInt16 = high.littleEndian(at: 4)
        let packetBytes = packet & 0x7FF
        // At high speed an endpoint may have up to three packets in a microframe (USB 2.0, table 9-13).
        let packets = min(3, (packet >> 11) & 3 + 1)
        let isBulk = kind == 2
        let newBytes = isBulk ? bulkPacketBytes : packetBytes
        bytes[4] = UInt8(truncatingIfNeeded: newBytes)
        bytes[5] = UInt8(truncatingIfNeeded: newBytes >> 8)
        var companion: [UInt8] = [6, Kind.companion, isBulk ? bulkBurst : UInt8(packets - 1), 0]
        companion.appendLittleEndian(isBulk ? 0 : packetBytes * packets)
        return bytes + companion
    }
}
