/// The descriptors of a Cypress FX2LP before and after its firmware is loaded.
enum FX2Descriptors {
    /// Endpoint of the samples that the firmware shows.
    static let streamEndpoint: UInt8 = 0x86
    /// What the bare chip shows: no strings, four alternate settings (EZ-USB Technical Reference Manual, chapter 3).
    static let cold = DeviceDescription(
        device: DescriptorBytes.device(
            classTriple: vendorSpecific, vendorID: 0x04B4, productID: 0x8613, release: 0xA001, strings: [0, 0, 0]),
        fullSpeed: coldConfiguration(at: .full), highSpeed: coldConfiguration(at: .high), language: nil)

    /// What the firmware of the shipped template shows.
    static func warm(serialNumber: String) -> DeviceDescription {
        DeviceDescription(
            device: DescriptorBytes.device(
                classTriple: [0xFF, 0, 0], vendorID: 0x1209, productID: 0x0003, release: 0x0100),
            fullSpeed: warmConfiguration(at: .full), highSpeed: warmConfiguration(at: .high), language: 0x0409,
            strings: [1: "DopplerBridge", 2: "FX2 Doppler template", 3: serialNumber])
    }

    private static let vendorSpecific: [UInt8] = [0xFF, 0xFF, 0xFF]

    private static func warmConfiguration(at speed: BusSpeed) -> [UInt8] {
        DescriptorBytes.configuration(
            interfaces: 1, milliamperes: 500,
            [
                DescriptorBytes.interface(
                    InterfaceSetting(interface: 0, alternate: 0), endpoints: 1, classTriple: [0xFF, 0, 0]),
                DescriptorBytes.endpoint(
                    streamEndpoint, DescriptorBytes.Transfer.bulk, packetBytes: speed.bulkPacketBytes),
            ])
    }

    /// Setting 0 without endpoints, then EP1 both ways, EP2 and EP4 OUT, EP6 and EP8 IN as bulk, with interrupt, and
    /// with isochronous endpoints.
    private static func coldConfiguration(at speed: BusSpeed) -> [UInt8] {
        let bulk = DescriptorBytes.Transfer.bulk
        let interrupt = DescriptorBytes.Transfer.interrupt
        let isochronous = DescriptorBytes.Transfer.isochronous
        return DescriptorBytes.configuration(
            interfaces: 1, milliamperes: 100,
            [
                DescriptorBytes.interface(
                    InterfaceSetting(interface: 0, alternate: 0), endpoints: 0, classTriple: vendorSpecific),
                coldSetting(1, small: bulk, large: bulk, at: speed),
                coldSetting(2, small: interrupt, large: interrupt, at: speed),
                coldSetting(3, small: interrupt, large: isochronous, at: speed),
            ])
    }

    private static func coldSetting(_ alternate: UInt8, small: UInt8, large: UInt8, at speed: BusSpeed) -> [UInt8] {
        let bulk = DescriptorBytes.Transfer.bulk
        let whole = speed.bulkPacketBytes
        let smallBytes = small == bulk ? whole : BusSpeed.full.bulkPacketBytes
        let largeInterval: UInt8 = large == bulk ? 0 : 1
        let smallInterval: UInt8 = small == bulk ? 0 : 1
        return DescriptorBytes.interface(
            InterfaceSetting(interface: 0, alternate: alternate), endpoints: 6, classTriple: vendorSpecific)
            + DescriptorBytes.endpoint(0x01, small, packetBytes: smallBytes, interval: smallInterval)
            + DescriptorBytes.endpoint(0x81, small, packetBytes: smallBytes, interval: smallInterval)
            + DescriptorBytes.endpoint(0x02, large, packetBytes: whole, interval: largeInterval)
            + DescriptorBytes.endpoint(0x04, bulk, packetBytes: whole)
            + DescriptorBytes.endpoint(0x86, large, packetBytes: whole, interval: largeInterval)
            + DescriptorBytes.endpoint(0x88, bulk, packetBytes: whole)
    }
}
