/// The interfaces, settings and endpoints that a configuration's bytes speak of.
struct ConfigurationLayout: Sendable {
    /// The alternate settings, each with the addresses of its endpoints.
    private(set) var endpoints: [InterfaceSetting: [UInt8]] = [:]
    /// `bmAttributes` of the configuration.
    let attributes: UInt8

    /// Reads a configuration; what is cut off or of no length ends it.
    init(_ bytes: [UInt8]) {
        attributes = bytes.count > 7 ? bytes[7] : 0
        var setting: InterfaceSetting?
        var offset = 0
        while offset + 2 < bytes.count, bytes[offset] > 2, offset + Int(bytes[offset]) <= bytes.count {
            switch bytes[offset + 1] {
            case DescriptorBytes.Kind.interface where bytes[offset] >= 4:
                let found = InterfaceSetting(interface: bytes[offset + 2], alternate: bytes[offset + 3])
                endpoints[found] = []
                setting = found
            case DescriptorBytes.Kind.endpoint:
                if let setting { endpoints[setting, default: []].append(bytes[offset + 2]) }
            default: break
            }
            offset += Int(bytes[offset])
        }
    }

    /// Whether the device has this interface.
    func has(interface: UInt8) -> Bool { endpoints.keys.contains { $0.interface == interface } }
}
