internal import Foundation
internal import Glibc

/// Plugs a device into this computer's own kernel: the virtual host controller is handed one end of a socket pair.
public enum USBIPKernelPort {
    /// Where the kernel shows its virtual host controller (Linux, drivers/usb/usbip/vhci_sysfs.c).
    public static let usualFolder = "/sys/devices/platform/vhci_hcd.0"
    /// A port that nothing is attached to (Linux, VDEV_ST_NULL).
    private static let freeState = 4

    /// Attaches a device of this speed to the first free port.
    ///
    /// - Returns: the port's number, and the socket on which the device is to be served.
    /// - Throws: `noHostController`, `noFreePort`, or `system`.
    static func attach(
        _ speed: USBBusSpeed, folder: String = USBIPKernelPort.usualFolder
    ) throws(USBIPError) -> (port: Int, socket: Int32) {
        let status: String
        do { status = try String(contentsOfFile: folder + "/status", encoding: .utf8) } catch {
            throw .noHostController(path: folder)
        }
        guard let port = freePort(in: status, for: speed) else { throw .noFreePort }
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0 else {
            throw .system(code: errno, doing: "making a pair of sockets")
        }
        defer { close(ends[1]) }
        let device = USBIPExport.bus << 16 | USBIPExport.address
        let line = "\(port) \(ends[1]) \(device) \(speed.rawValue)"
        let file = open(folder + "/attach", O_WRONLY | O_CLOEXEC)
        defer { if file >= 0 { close(file) } }
        guard file >= 0, write(file, line, line.utf8.count) == line.utf8.count else {
            let code = errno
            close(ends[0])
            throw code == EACCES || code == ENOENT
                ? .noHostController(path: folder) : .system(code: code, doing: "attaching to port \(port)")
        }
        return (port, ends[0])
    }

    /// The first free port for a speed in the controller's table: hub (`hs` or `ss`), port, state and more a line.
    static func freePort(in status: String, for speed: USBBusSpeed) -> Int? {
        let hub = speed == .superSpeed ? "ss" : "hs"
        for line in status.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count >= 3, words[0] == hub, let port = Int(words[1]), Int(words[2]) == freeState else {
                continue
            }
            return port
        }
        return nil
    }
}
