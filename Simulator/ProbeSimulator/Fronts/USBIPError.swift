internal import Glibc

/// Why a USB/IP connection ended or could not begin.
public enum USBIPError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The peer speaks another version of the protocol than 1.1.1.
    case unknownVersion(UInt16)
    /// The peer asks for an operation that is neither the device list nor an import.
    case unknownOperation(code: UInt16)
    /// A command that is neither a submission nor an unlinking.
    case unknownCommand(UInt32)
    /// An endpoint number above 15, or a direction that is neither in nor out.
    case noSuchEndpoint(number: UInt32, direction: UInt32)
    /// A transfer longer than any that a Linux host sends.
    case transferTooLong(bytes: UInt32)
    /// More isochronous packets in one transfer than USB/IP allows.
    case tooManyPackets(UInt32)
    /// An isochronous packet that lies outside its transfer's buffer.
    case packetOutside(offset: UInt32, bytes: UInt32)
    /// More transfers in flight than any host needs.
    case tooManyTransfers(Int)
    /// The device does not answer with descriptors that USB/IP can announce.
    case noDescriptors(device: String)
    /// A call of the system failed.
    case system(code: Int32, doing: String)
    /// The kernel has no virtual host controller, or this user may not use it.
    case noHostController(path: String)
    /// Every port of the virtual host controller is taken.
    case noFreePort

    /// What happened, where, and what to do.
    public var description: String {
        switch self {
        case .unknownVersion(let version):
            "USB/IP: the peer speaks version 0x\(String(version, radix: 16)), this is 0x111: use a current usbip"
        case .unknownOperation(let code):
            "USB/IP: operation 0x\(String(code, radix: 16)) is not known: use `usbip list` or `usbip attach`"
        case .unknownCommand(let command): "USB/IP: command \(command) is not known: detach and attach again"
        case .noSuchEndpoint(let number, let direction):
            "USB/IP: endpoint \(number), direction \(direction), cannot exist: detach and attach again"
        case .transferTooLong(let bytes):
            "USB/IP: a transfer of \(bytes) bytes is longer than \(USBIPCommand.longestTransferBytes): use smaller ones"
        case .tooManyPackets(let count):
            "USB/IP: \(count) packets in one transfer are more than \(USBIPCommand.mostPackets): use fewer"
        case .packetOutside(let offset, let bytes):
            "USB/IP: a packet of \(bytes) bytes at \(offset) lies outside its transfer: detach and attach again"
        case .tooManyTransfers(let count):
            "USB/IP: \(count) transfers wait already: let the host submit fewer at once"
        case .noDescriptors(let device): "USB/IP: \(device) gives no device and configuration descriptor"
        case .system(let code, let doing): "USB/IP: \(doing) failed (\(String(cString: strerror(code))))"
        case .noHostController(let path):
            "USB/IP: \(path) cannot be used: as root, `modprobe vhci-hcd` and start again"
        case .noFreePort: "USB/IP: every port of vhci_hcd is taken: `usbip port` lists them, `usbip detach` frees one"
        }
    }
}
