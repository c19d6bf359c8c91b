/// The descriptors of the DigiDop: laid out as USB audio, interface 1 with the samples in its alternate setting 1.
///
/// Strings, vendor id and layout are published; the rest is a project choice.
enum DigiDopDescriptors {
    /// The isochronous IN endpoint.
    static let streamEndpoint: UInt8 = 0x81
    /// Its largest packet, bytes: 16 frames of 17 bytes, which is a PRF of 16 kHz.
    static let packetBytes = 272
    /// The setting with the endpoint.
    static let streamSetting = InterfaceSetting(interface: 1, alternate: 1)
    /// The product id that the published source mentions in a comment.
    static let productID: UInt16 = 0xAAAA

    static func description(serialNumber: String) -> DeviceDescription {
        let audio: UInt8 = 1
        let control: [UInt8] = [audio, 1, 0]
        let streaming: [UInt8] = [audio, 2, 0]
        let configuration = DescriptorBytes.configuration(
            interfaces: 2, milliamperes: 500,
            [
                DescriptorBytes.interface(
                    InterfaceSetting(interface: 0, alternate: 0), endpoints: 0, classTriple: control),
                // Header of USB Audio 1.0 without any unit: one streaming interface, number 1.
                DescriptorBytes.descriptor(
                    DescriptorBytes.Kind.classInterface, [0x01, 0x00, 0x01, 0x09, 0x00, 0x01, 0x01]),
                DescriptorBytes.interface(
                    InterfaceSetting(interface: 1, alternate: 0), endpoints: 0, classTriple: streaming),
                DescriptorBytes.interface(streamSetting, endpoints: 1, classTriple: streaming),
                DescriptorBytes.endpoint(
                    streamEndpoint, DescriptorBytes.Transfer.isochronous, packetBytes: packetBytes, interval: 1),
            ])
        return DeviceDescription(
            device: DescriptorBytes.device(
                usbRelease: 0x0110, classTriple: [0, 0, 0], vendorID: 0x04D8, productID: productID, release: 0x0100),
            fullSpeed: configuration, highSpeed: nil, language: 0x0407,
            strings: [1: "HS-ULM", 2: "DigiDop", 3: serialNumber])
    }
}
