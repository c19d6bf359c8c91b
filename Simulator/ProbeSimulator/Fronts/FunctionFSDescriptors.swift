/// What FunctionFS wants to know of a device's interface (Linux, include/uapi/linux/usb/functionfs.h).
///
/// The configuration is the kernel's own; the interface and its endpoints are given for all three speeds. The kernel
/// chooses the endpoints' addresses.
struct FunctionFSDescriptors: Sendable, Hashable {
    /// One endpoint, in the order of FunctionFS's files `ep1`, `ep2`, ...
    struct Endpoint: Sendable, Hashable {
        /// The address that the simulated device knows.
        var address: UInt8
        /// Its largest packet at high speed, bytes.
        var packetBytes: Int
    }

    private enum Head {
        /// FUNCTIONFS_DESCRIPTORS_MAGIC_V2 and FUNCTIONFS_STRINGS_MAGIC.
        static let descriptorsMagic: UInt32 = 3
        static let stringsMagic: UInt32 = 2
        /// FUNCTIONFS_HAS_FS_DESC, _HS_DESC, _SS_DESC and FUNCTIONFS_ALL_CTRL_RECIP: vendor requests to the device.
        static let flags: UInt32 = 1 | 2 | 4 | 64
        static let bytes = 24
    }

    private static let interfaceKind: UInt8 = 4
    private static let endpointKind: UInt8 = 5
    private static let bulk: UInt8 = 2
    private static let interrupt: UInt8 = 3
    private static let fullSpeedPacketBytes: UInt8 = 64
    /// An interrupt endpoint's interval at full speed, ms (project choice: the shortest).
    private static let fullSpeedInterval: UInt8 = 1

    /// The endpoints.
    let endpoints: [Endpoint]
    /// What is written to `ep0` first.
    let bytes: [UInt8]

    /// What is written to `ep0` next: no strings of the interface.
    static let strings: [UInt8] = {
        var bytes: [UInt8] = []
        for word in [Head.stringsMagic, 16, 0, 0] { bytes.appendLittleEndian(word) }
        return bytes
    }()

    /// From a configuration at high speed.
    ///
    /// - Throws: `notPossible` for isochronous endpoints, more than one interface, or another setting of it.
    init(highSpeed configuration: [UInt8], device: String) throws(FunctionFSError) {
        let high = Self.parts(of: configuration)
        let interfaces = high.filter { $0[1] == Self.interfaceKind }
        guard interfaces.count == 1 else {
            throw .notPossible(device: device, what: "\(interfaces.count) interfaces or settings instead of one")
        }
        let found = high.filter { $0[1] == Self.endpointKind }
        guard found.allSatisfy({ [Self.bulk, Self.interrupt].contains($0[3] & 3) }) else {
            throw .notPossible(device: device, what: "isochronous endpoints")
        }
        endpoints = found.map { Endpoint(address: $0[2], packetBytes: Int($0.littleEndian(at: 4, as: UInt16.self))) }
        let full = high.map(Self.atFullSpeed)
        let fast = Self.parts(of: SuperSpeedDescriptors.configuration(configuration))
        let body = [full, high, fast].flatMap { $0.flatMap { $0 } }
        var bytes: [UInt8] = []
        bytes.appendLittleEndian(Head.descriptorsMagic)
        bytes.appendLittleEndian(UInt32(Head.bytes + body.count))
        bytes.appendLittleEndian(Head.flags)
        for count in [full.count, high.count, fast.count] { bytes.appendLittleEndian(UInt32(count)) }
        self.bytes = bytes + body
    }

    /// The interface, the endpoints and their companions.
    private static func parts(of configuration: [UInt8]) -> [[UInt8]] {
        var found: [[UInt8]] = []
        var offset = 0
        while offset + 2 <= configuration.count, configuration[offset] >= 2,
            offset + Int(configuration[offset]) <= configuration.count
        {
            let part = Array(configuration[offset..<(offset + Int(configuration[offset]))])
            offset += part.count
            switch (part[1], part.count) {
            case (interfaceKind, 9...), (endpointKind, 7...), (SuperSpeedDescriptors.Kind.companion, 6...):
                found.append(part)
            default: break
            }
        }
        return found
    }

    private static func atFullSpeed(_ high: [UInt8]) -> [UInt8] {
        guard high[1] == endpointKind else { return high }
        var bytes = high
        if high[3] & 3 == bulk {
            bytes[4] = fullSpeedPacketBytes
            bytes[5] = 0
        } else {
            bytes[6] = fullSpeedInterval
        }
        return bytes
    }
}
