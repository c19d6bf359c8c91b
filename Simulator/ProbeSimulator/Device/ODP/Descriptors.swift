/// The USB descriptors of the simulated probe (USB 2.0, section 9.6; ODP 1.0, "USB identity").
struct Descriptors: Sendable {
    /// Descriptor types (USB 2.0, table 9-5).
    private enum Kind {
        static let device: UInt8 = 1
        static let configuration: UInt8 = 2
        static let string: UInt8 = 3
        static let interface: UInt8 = 4
        static let endpoint: UInt8 = 5
        static let qualifier: UInt8 = 6
        static let otherSpeed: UInt8 = 7
    }

    /// bcdUSB 2.00.
    private static let usbRelease: UInt16 = 0x0200
    /// bcdDevice: protocol 1.0.
    private static let deviceRelease: UInt16 = 0x0100
    /// United States English, the language that hosts ask for first.
    private static let language: UInt16 = 0x0409
    /// Largest packet of endpoint 0 and of a full-speed bulk endpoint, bytes.
    private static let smallPacketBytes: UInt8 = 64
    /// 500 mA in steps of 2 mA.
    private static let maxPower: UInt8 = 250
    /// Code units that fit into a string descriptor of at most 255 bytes.
    private static let longestString = 126

    let identity: DeviceIdentity
    let speed: SimulatedProbe.Speed

    /// The answer to GET_DESCRIPTOR; `nil` for what the probe does not have.
    func descriptor(kind: UInt8, index: UInt8) -> [UInt8]? {
        switch (kind, index) {
        case (Kind.device, 0): device
        case (Kind.configuration, 0): configuration(Kind.configuration, at: speed)
        case (Kind.qualifier, 0): qualifier
        case (Kind.otherSpeed, 0): configuration(Kind.otherSpeed, at: speed == .high ? .full : .high)
        case (Kind.string, _): string(index)
        default: nil
        }
    }

    /// The device descriptor, 18 bytes.
    var device: [UInt8] {
        var bytes: [UInt8] = [18, Kind.device]
        bytes.appendLittleEndian(Self.usbRelease)
        bytes += [0xFF, 0, 0, Self.smallPacketBytes]
        bytes.appendLittleEndian(identity.vendorID)
        bytes.appendLittleEndian(identity.productID)
        bytes.appendLittleEndian(Self.deviceRelease)
        return bytes + [1, 2, 3, 1]
    }

    /// The device qualifier, 10 bytes: how the device would look at its other speed.
    var qualifier: [UInt8] {
        var bytes: [UInt8] = [10, Kind.qualifier]
        bytes.appendLittleEndian(Self.usbRelease)
        return bytes + [0xFF, 0, 0, Self.smallPacketBytes, 1, 0]
    }

    /// The configuration with its interface and endpoints at a speed, 32 bytes.
    private func configuration(_ kind: UInt8, at speed: SimulatedProbe.Speed) -> [UInt8] {
        var bytes: [UInt8] = [9, kind, 32, 0, 1, 1, 0, 0x80, Self.maxPower]
        bytes += [9, Kind.interface, 0, 0, 2, 0xFF, 0x44, 0x01, 0]
        bytes += [7, Kind.endpoint, SimulatedProbe.streamEndpoint, 2]
        bytes.appendLittleEndian(UInt16(speed.bulkPacketBytes))
        bytes += [0]
        bytes += [7, Kind.endpoint, SimulatedProbe.eventEndpoint, 3, 16, 0, 4]
        return bytes
    }

    private func string(_ index: UInt8) -> [UInt8]? {
        let units: [UInt16]
        switch index {
        case 0: units = [Self.language]
        case 1: units = Array(identity.manufacturer.utf16)
        case 2: units = Array(identity.product.utf16)
        case 3: units = Array(identity.serialNumber.utf16)
        default: return nil
        }
        let kept = units.prefix(Self.longestString)
        var bytes: [UInt8] = [UInt8(2 + 2 * kept.count), Kind.string]
        for unit in kept { bytes.appendLittleEndian(unit) }
        return bytes
    }
}
