/// What the kernel tells a gadget through `ep0` (Linux, struct usb_functionfs_event).
enum FunctionFSEvent: Sendable, Hashable {
    /// The host chose the configuration.
    case enable
    /// The host, or the end of the cable, took the configuration away.
    case disable
    /// A control transfer begins.
    case setup(USBSetup)
    /// Bound, unbound, suspended, resumed.
    case other(UInt8)

    /// Bytes of an event.
    static let byteCount = 12

    private static let enableCode: UInt8 = 2
    private static let disableCode: UInt8 = 3
    private static let setupCode: UInt8 = 4

    /// The whole events in what was read.
    static func all(in bytes: [UInt8]) -> [FunctionFSEvent] {
        stride(from: 0, through: bytes.count - byteCount, by: byteCount).map { offset in
            let event = Array(bytes[offset..<(offset + byteCount)])
            switch event[8] {
            case enableCode: return .enable
            case disableCode: return .disable
            case setupCode:
                return .setup(
                    USBSetup(
                        requestType: event[0], request: event[1], value: event.littleEndian(at: 2),
                        index: event.littleEndian(at: 4), length: event.littleEndian(at: 6)))
            default: return .other(event[8])
            }
        }
    }
}
