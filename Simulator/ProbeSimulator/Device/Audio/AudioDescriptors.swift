/// The descriptors of a class-compliant stereo input (USB Device Class Definition for Audio Devices 1.0).
enum AudioDescriptors {
    /// The isochronous IN endpoint; not 0x81, so that nobody gets used to that.
    static let streamEndpoint: UInt8 = 0x84
    /// Number of the streaming interface.
    static let streamInterface: UInt8 = 1
    /// Number of the interface with the units.
    static let controlInterface: UInt8 = 0
    /// Number of the unit with mute and volume.
    static let featureUnit: UInt8 = 2
    /// Sampling frequencies, Hz.
    static let sampleRatesHz: [UInt32] = [44_100, 48_000]
    /// Bits of a sample in alternate settings 1 and 2.
    static let sampleBits: [Int] = [16, 24]
    static let channels = 2
    /// Most frames of a packet: one more than 48 kHz brings in a millisecond.
    static let mostFrames = 49

    /// Largest packet of an alternate setting with so many bits, bytes.
    static func packetBytes(sampleBits: Int) -> Int { mostFrames * channels * sampleBits / 8 }

    static func description(vendorID: UInt16, productID: UInt16, serialNumber: String) -> DeviceDescription {
        let zero = DescriptorBytes.interface(
            InterfaceSetting(interface: streamInterface, alternate: 0), endpoints: 0, classTriple: streaming)
        let configuration = DescriptorBytes.configuration(
            interfaces: 2, milliamperes: 100,
            [control, units, zero] + sampleBits.enumerated().map { setting(UInt8($0.offset + 1), bits: $0.element) })
        return DeviceDescription(
            device: DescriptorBytes.device(
                usbRelease: 0x0110, classTriple: [0, 0, 0], vendorID: vendorID, productID: productID,
                release: 0x0100),
            fullSpeed: configuration, highSpeed: nil, language: 0x0409,
            strings: [1: "DopplerBridge", 2: SimulatedUSBAudio.product, 3: serialNumber])
    }

    private static let streaming: [UInt8] = [1, 2, 0]
    private static let control = DescriptorBytes.interface(
        InterfaceSetting(interface: controlInterface, alternate: 0), endpoints: 0, classTriple: [1, 1, 0])

    /// Header, stereo line input, feature unit with mute for both and volume for each channel, USB output.
    private static let units: [UInt8] = {
        let kind = DescriptorBytes.Kind.classInterface
        let input = DescriptorBytes.descriptor(
            kind, [2, 1, 0x03, 0x06, 0, UInt8(channels), 0x03, 0x00, 0, 0])
        let feature = DescriptorBytes.descriptor(kind, [6, featureUnit, 1, 1, 0x01, 0x02, 0x02, 0])
        let output = DescriptorBytes.descriptor(kind, [3, 3, 0x01, 0x01, 0, featureUnit, 0])
        let rest = input + feature + output
        var header: [UInt8] = [1, 0x00, 0x01]
        header.appendLittleEndian(UInt16(rest.count + 9))
        return DescriptorBytes.descriptor(kind, header + [1, streamInterface]) + rest
    }()

    private static func setting(_ alternate: UInt8, bits: Int) -> [UInt8] {
        let kind = DescriptorBytes.Kind.classInterface
        let setting = DescriptorBytes.interface(
            InterfaceSetting(interface: streamInterface, alternate: alternate), endpoints: 1, classTriple: streaming)
        // Of output terminal 3, one frame of delay, PCM.
        let general = DescriptorBytes.descriptor(kind, [1, 3, 1, 0x01, 0x00])
        var format: [UInt8] = [2, 1, UInt8(channels), UInt8(bits / 8), UInt8(bits), UInt8(sampleRatesHz.count)]
        for rate in sampleRatesHz { format += (0..<3).map { UInt8(truncatingIfNeeded: rate >> (8 * UInt32($0))) } }
        var endpoint: [UInt8] = [streamEndpoint, DescriptorBytes.Transfer.isochronousAsynchronous]
        endpoint.appendLittleEndian(UInt16(packetBytes(sampleBits: bits)))
        // Every millisecond, no refresh, no endpoint for synchronisation.
        endpoint += [1, 0, 0]
        // General, with a sampling frequency that can be set.
        let audioEndpoint: [UInt8] = [1, 0x01, 0, 0, 0]
        return setting + general + DescriptorBytes.descriptor(kind, format)
            + DescriptorBytes.descriptor(DescriptorBytes.Kind.endpoint, endpoint)
            + DescriptorBytes.descriptor(DescriptorBytes.Kind.classEndpoint, audioEndpoint)
    }
}
