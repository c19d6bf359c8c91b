/// How the one simulated device is announced to USB/IP hosts.
struct USBIPExport: Sendable, Hashable {
    /// An interface of the device.
    private struct Interface: Sendable, Hashable {
        var code: [UInt8]
    }

    /// Bytes of the announcement without its interfaces.
    static let announcementBytes = 312
    /// What `usbip attach -b` wants.
    static let busID = "1-1"
    /// Bus and address that the host sees in its log (project choice).
    static let bus: UInt32 = 1
    static let address: UInt32 = 2
    private static let path = "/sys/devices/platform/dopplerbridge/usb1/1-1"
    private static let pathBytes = 256
    static let busIDBytes = 32

    private static let getDescriptor: UInt8 = 6
    private static let deviceKind: UInt16 = 1
    private static let configurationKind: UInt16 = 2
    private static let interfaceKind: UInt8 = 4
    private static let deviceBytes = 18
    private static let configurationBytes = 9
    private static let interfaceBytes = 9

    private let speed: USBBusSpeed
    private let device: [UInt8]
    private let configurationValue: UInt8
    private let interfaces: [Interface]

    /// Asks the device for its descriptors.
    init(_ device: inout any SimulatedDevice, speed: USBBusSpeed) throws(USBIPError) {
        self.speed = speed
        let label = device.label
        guard case .bytes(let first) = device.control(Self.request(Self.deviceKind), out: []),
            first.count >= Self.deviceBytes,
            case .bytes(let configuration) = device.control(Self.request(Self.configurationKind), out: []),
            configuration.count >= Self.configurationBytes
        else { throw .noDescriptors(device: label) }
        self.device = first
        configurationValue = configuration[5]
        interfaces = Self.interfaces(configuration)
    }

    /// The announcement of the device; the list has its interfaces too, the answer to an import has not.
    func announcement(withInterfaces: Bool) -> [UInt8] {
        var bytes = Self.padded(Self.path, to: Self.pathBytes) + Self.padded(Self.busID, to: Self.busIDBytes)
        bytes.appendBigEndian(Self.bus)
        bytes.appendBigEndian(Self.address)
        bytes.appendBigEndian(speed.rawValue)
        for offset in [8, 10, 12] { bytes.appendBigEndian(device.littleEndian(at: offset, as: UInt16.self)) }
        bytes += device[4...6]
        bytes += [configurationValue, device[17], UInt8(clamping: interfaces.count)]
        guard withInterfaces else { return bytes }
        for interface in interfaces { bytes += interface.code + [0] }
        return bytes
    }

    private static func request(_ kind: UInt16) -> USBSetup {
        USBSetup(requestType: 0x80, request: getDescriptor, value: kind << 8, length: .max)
    }

    /// Class, subclass and protocol of the first setting of every interface.
    private static func interfaces(_ configuration: [UInt8]) -> [Interface] {
        var found: [Interface] = []
        var offset = 0
        while offset + 2 <= configuration.count, configuration[offset] >= 2 {
            let isWhole = offset + interfaceBytes <= configuration.count
            if configuration[offset + 1] == interfaceKind, isWhole, configuration[offset + 3] == 0 {
                found.append(Interface(code: Array(configuration[(offset + 5)..<(offset + 8)])))
            }
            offset += Int(configuration[offset])
        }
        return found
    }

    private static func padded(_ text: String, to count: Int) -> [UInt8] {
        let bytes = Array(text.utf8.prefix(count - 1))
        return bytes + [UInt8](repeating: 0, count: count - bytes.count)
    }
}
