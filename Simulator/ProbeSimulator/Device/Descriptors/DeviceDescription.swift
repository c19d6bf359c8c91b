/// All the descriptors of a device, as it answers them to GET_DESCRIPTOR.
struct DeviceDescription: Sendable {
    /// The device descriptor, 18 bytes.
    var device: [UInt8]
    /// The configuration at full speed.
    var fullSpeed: [UInt8]
    /// The configuration at high speed; `nil` = a full-speed device, which has no qualifier.
    var highSpeed: [UInt8]?
    /// The language of the strings; `nil` = the device has none.
    var language: UInt16?
    /// Strings by index, from 1 on.
    var strings: [UInt8: String] = [:]
    /// String descriptors that are not text, whole, by index.
    var otherStrings: [UInt8: [UInt8]] = [:]

    /// The configuration at a speed.
    func configuration(at speed: BusSpeed) -> [UInt8] {
        switch speed {
        case .full: fullSpeed
        case .high: highSpeed ?? fullSpeed
        }
    }

    /// The answer to GET_DESCRIPTOR; `nil` for what the device does not have.
    func descriptor(kind: UInt8, index: UInt8, at speed: BusSpeed) -> [UInt8]? {
        switch (kind, index) {
        case (DescriptorBytes.Kind.device, 0): device
        case (DescriptorBytes.Kind.configuration, 0): configuration(at: speed)
        case (DescriptorBytes.Kind.qualifier, 0): qualifier
        case (DescriptorBytes.Kind.otherSpeed, 0): otherSpeed(than: speed)
        case (DescriptorBytes.Kind.string, _): string(index)
        default: nil
        }
    }

    /// The device qualifier, 10 bytes: how the device would look at its other speed (USB 2.0, section 9.6.2).
    private var qualifier: [UInt8]? {
        guard highSpeed != nil, device.count >= 18 else { return nil }
        return DescriptorBytes.descriptor(DescriptorBytes.Kind.qualifier, device[2..<8] + [device[17], 0])
    }

    private func otherSpeed(than speed: BusSpeed) -> [UInt8]? {
        guard highSpeed != nil else { return nil }
        var bytes = configuration(at: speed == .high ? .full : .high)
        if bytes.count > 1 { bytes[1] = DescriptorBytes.Kind.otherSpeed }
        return bytes
    }

    private func string(_ index: UInt8) -> [UInt8]? {
        if let other = otherStrings[index] { return other }
        guard let language else { return nil }
        guard index != 0 else {
            var languages: [UInt8] = []
            languages.appendLittleEndian(language)
            return DescriptorBytes.descriptor(DescriptorBytes.Kind.string, languages)
        }
        return strings[index].map(DescriptorBytes.string)
    }
}
