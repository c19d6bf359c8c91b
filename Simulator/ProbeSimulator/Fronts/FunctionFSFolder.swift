internal import Foundation
internal import Glibc

/// The gadget's place in the kernel's configuration: made, bound to a device port, and removed again.
struct FunctionFSFolder: Sendable {
    private static let gadget = "/sys/kernel/config/usb_gadget/dopplerbridge"
    private static let function = gadget + "/functions/ffs.dopplerbridge"
    private static let configuration = gadget + "/configs/c.1"
    private static let link = configuration + "/ffs.dopplerbridge"
    private static let englishStrings = gadget + "/strings/0x409"
    private static let source = "dopplerbridge"
    /// Where the endpoints' files are.
    private static let mountPoint = "/run/dopplerbridge-gadget"
    private static let controllers = "/sys/class/udc"

    /// A file of FunctionFS.
    static func path(ofEndpoint number: Int) -> String { "\(mountPoint)/ep\(number)" }

    /// Describes the device and mounts its function; it is not on the bus yet.
    ///
    /// - Parameters:
    ///   - device: the device descriptor, 18 bytes.
    ///   - strings: manufacturer, product and serial number.
    ///   - speed: the highest at which it shows itself.
    ///   - powerMilliamperes: what the device takes from the bus.
    static func make(
        device: [UInt8], strings: [String], speed: USBBusSpeed, powerMilliamperes: Int
    ) throws(FunctionFSError) {
        remove()
        try folder(gadget)
        for (name, offset) in [("idVendor", 8), ("idProduct", 10), ("bcdDevice", 12)] {
            try put(hex(device.littleEndian(at: offset, as: UInt16.self)), into: "\(gadget)/\(name)")
        }
        for (name, offset) in [("bDeviceClass", 4), ("bDeviceSubClass", 5), ("bDeviceProtocol", 6)] {
            try put(hex(device[offset]), into: "\(gadget)/\(name)")
        }
        try put(speed.kernelWords, into: "\(gadget)/max_speed")
        try folder(englishStrings)
        for (name, text) in zip(["manufacturer", "product", "serialnumber"], strings) {
            try put(text, into: "\(englishStrings)/\(name)")
        }
        try folder(configuration)
        try put("\(powerMilliamperes)", into: configuration + "/MaxPower")
        try folder(function)
        try check(symlink(function, link), "adding the function")
        try folder(mountPoint)
        try check(mount(source, mountPoint, "functionfs", 0, nil), "mounting functionfs")
    }

    /// Plugs the gadget in.
    static func bind() throws(FunctionFSError) {
        let found: [String]
        do { found = try FileManager.default.contentsOfDirectory(atPath: controllers) } catch {
            throw .noDeviceController
        }
        guard let controller = found.sorted().first else { throw .noDeviceController }
        try put(controller, into: gadget + "/UDC")
    }

    /// Unplugs the gadget.
    static func unbind() throws(FunctionFSError) { try put("\n", into: gadget + "/UDC") }

    /// Removes what is there of a gadget; steps that have nothing to remove fail without harm.
    static func remove() {
        umount2(mountPoint, Int32(MNT_DETACH))
        rmdir(mountPoint)
        unlink(link)
        for folder in [configuration, function, englishStrings, gadget] { rmdir(folder) }
    }

    private static func folder(_ path: String) throws(FunctionFSError) {
        try check(mkdir(path, 0o755), "making \(path)")
    }

    private static func put(_ text: String, into path: String) throws(FunctionFSError) {
        let file = open(path, O_WRONLY | O_CLOEXEC)
        try check(file, "opening \(path)")
        defer { close(file) }
        try check(write(file, text, text.utf8.count) == text.utf8.count ? 0 : -1, "writing \(path)")
    }

    private static func check(_ result: Int32, _ doing: String) throws(FunctionFSError) {
        guard result >= 0 else { throw .system(code: errno, doing: doing) }
    }

    private static func hex(_ value: some BinaryInteger) -> String { "0x" + String(value, radix: 16) }
}
