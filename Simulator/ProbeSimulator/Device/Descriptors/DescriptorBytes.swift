/// Puts USB descriptors together (USB 2.0, section 9.6); lengths and totals are counted, not given.
enum DescriptorBytes {
    /// Descriptor types (USB 2.0, table 9-5).
    enum Kind {
        static let device: UInt8 = 1
        static let configuration: UInt8 = 2
        static let string: UInt8 = 3
        static let interface: UInt8 = 4
        static let endpoint: UInt8 = 5
        static let qualifier: UInt8 = 6
        static let otherSpeed: UInt8 = 7
        /// Class-specific descriptor of an interface (USB Audio 1.0, table A-4).
        static let classInterface: UInt8 = 0x24
        /// Class-specific descriptor of an endpoint (USB Audio 1.0, table A-4).
        static let classEndpoint: UInt8 = 0x25
    }

    /// Transfer types of an endpoint, `bmAttributes` (USB 2.0, table 9-13).
    enum Transfer {
        static let bulk: UInt8 = 2
        static let interrupt: UInt8 = 3
        static let isochronous: UInt8 = 1
        /// Isochronous, paced by the device's own clock.
        static let isochronousAsynchronous: UInt8 = 5
    }

    /// Bit 7 of `bmAttributes`, which must be set, without own supply or remote wake-up.
    static let busPowered: UInt8 = 0x80
    /// Largest packet of endpoint 0, bytes.
    static let controlPacketBytes: UInt8 = 64
    /// Code units that fit into a string descriptor of at most 255 bytes.
    private static let longestString = 126
    /// mA that one count of `bMaxPower` stands for.
    private static let milliamperesPerCount = 2

    /// A descriptor of any kind: its length and type are put before the rest.
    static func descriptor(_ kind: UInt8, _ rest: [UInt8]) -> [UInt8] {
        [UInt8(clamping: rest.count + 2), kind] + rest
    }

    /// A device descriptor with one configuration, 18 bytes.
    ///
    /// - Parameter strings: indexes of manufacturer, product and serial number, 0 = none.
    static func device(
        usbRelease: UInt16 = 0x0200, classTriple: [UInt8], vendorID: UInt16, productID: UInt16, release: UInt16,
        strings: [UInt8] = [1, 2, 3]
    ) -> [UInt8] {
        var rest: [UInt8] = []
        rest.appendLittleEndian(usbRelease)
        rest += classTriple + [controlPacketBytes]
        rest.appendLittleEndian(vendorID)
        rest.appendLittleEndian(productID)
        rest.appendLittleEndian(release)
        return descriptor(Kind.device, rest + strings + [1])
    }

    /// Configuration 1 with its interfaces, whose alternate settings follow each other.
    static func configuration(
        interfaces: UInt8, attributes: UInt8 = busPowered, milliamperes: Int, _ parts: [[UInt8]]
    ) -> [UInt8] {
        let body = parts.flatMap { $0 }
        var rest: [UInt8] = []
        rest.appendLittleEndian(UInt16(clamping: body.count + 9))
        rest += [interfaces, 1, 0, attributes, UInt8(clamping: milliamperes / milliamperesPerCount)]
        return descriptor(Kind.configuration, rest) + body
    }

    /// An interface in one setting.
    static func interface(
        _ setting: InterfaceSetting, endpoints: UInt8, classTriple: [UInt8], string: UInt8 = 0
    ) -> [UInt8] {
        descriptor(
            Kind.interface, [setting.interface, setting.alternate, endpoints] + classTriple + [string])
    }

    /// An endpoint.
    static func endpoint(_ address: UInt8, _ transfer: UInt8, packetBytes: Int, interval: UInt8 = 0) -> [UInt8] {
        var rest: [UInt8] = [address, transfer]
        rest.appendLittleEndian(UInt16(clamping: packetBytes))
        return descriptor(Kind.endpoint, rest + [interval])
    }

    /// A string, cut to what a descriptor can hold.
    static func string(_ text: String) -> [UInt8] {
        var rest: [UInt8] = []
        for unit in text.utf16.prefix(longestString) { rest.appendLittleEndian(unit) }
        return descriptor(Kind.string, rest)
    }
}
