/// The descriptors of the USD3.0, byte for byte as its published firmware has them.
enum USD3Descriptors {
    /// The first bulk IN endpoint: the samples.
    static let streamEndpoint: UInt8 = 0x81
    /// The second bulk IN endpoint, which never sends.
    static let silentEndpoint: UInt8 = 0x82
    /// `bRequest` with which Windows asks for the compatible id, and the last code unit of the string at 0xEE.
    static let systemCode: UInt8 = 0x85
    /// `wIndex` of that question (Microsoft OS 1.0 descriptors).
    static let compatibleIDIndex: UInt16 = 4
    /// Where Windows looks for the string that says so (Microsoft OS 1.0 descriptors).
    private static let systemStringIndex: UInt8 = 0xEE

    static func description(serialNumber: String) -> DeviceDescription {
        let german: UInt16 = 0x0407
        return DeviceDescription(
            device: DescriptorBytes.device(
                classTriple: [0xFF, 0, 0], vendorID: 0x1FC9, productID: 0x0085, release: 0x0100),
            fullSpeed: configuration(at: .full), highSpeed: configuration(at: .high), language: german,
            strings: [1: "HS-Ulm.de", 2: "Ultrasonic Doppler", 3: serialNumber, 4: "Stream"],
            otherStrings: [systemStringIndex: systemString])
    }

    /// The extended compatible id: WINUSB for interface 0, 40 bytes (Microsoft OS 1.0 descriptors).
    static let compatibleID: [UInt8] = {
        var bytes: [UInt8] = []
        bytes.appendLittleEndian(UInt32(40))
        bytes.appendLittleEndian(UInt16(0x0100))
        bytes.appendLittleEndian(compatibleIDIndex)
        bytes += [1] + [UInt8](repeating: 0, count: 7)
        bytes += [0, 1] + Array("WINUSB".utf8) + [0, 0]
        return bytes + [UInt8](repeating: 0, count: 40 - bytes.count)
    }()

    private static func configuration(at speed: BusSpeed) -> [UInt8] {
        let bulk = DescriptorBytes.Transfer.bulk
        return DescriptorBytes.configuration(
            interfaces: 1, milliamperes: 100,
            [
                DescriptorBytes.interface(
                    InterfaceSetting(interface: 0, alternate: 0), endpoints: 2, classTriple: [0xFF, 0xF0, 0],
                    string: 4),
                DescriptorBytes.endpoint(streamEndpoint, bulk, packetBytes: speed.bulkPacketBytes),
                DescriptorBytes.endpoint(silentEndpoint, bulk, packetBytes: speed.bulkPacketBytes),
            ])
    }

    /// "MSFT100" and the request to ask with.
    private static let systemString: [UInt8] = {
        var rest: [UInt8] = []
        for unit in "MSFT100".utf16 { rest.appendLittleEndian(unit) }
        return DescriptorBytes.descriptor(DescriptorBytes.Kind.string, rest + [systemCode, 0])
    }()
}
