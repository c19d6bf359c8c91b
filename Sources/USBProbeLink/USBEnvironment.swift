internal import CLibUSB
internal import Foundation

/// What the system offers to USB programs; for `doctor`, and for the check before a run.
public struct USBEnvironment: Sendable, Hashable {
    /// The folder of the device nodes.
    public enum DeviceFolder: Sendable, Hashable {
        /// It can be read.
        case readable
        /// It exists and this user may not read it.
        case unreadable
        /// It does not exist: no USB in the kernel, or a container without it.
        case missing
    }

    /// The USB library's version, such as `1.0.26.11724`.
    public var libraryVersion: String
    /// `/dev/bus/usb`.
    public var deviceFolder: DeviceFolder
    /// Whether udev runs, without which plugging in is not noticed.
    public var hasUdev: Bool
    /// `usbfs_memory_mb`, MiB for the transfers of all programs; 0 = unlimited, `nil` = the file is absent.
    public var memoryLimitMegabytes: Int?

    /// Reads the facts by plain file reads.
    ///
    /// - Parameter root: where the file system begins; another folder in tests.
    public static func read(root: String = "") -> USBEnvironment {
        let files = FileManager.default
        let folder = root + "/dev/bus/usb"
        return USBEnvironment(
            libraryVersion: version(),
            deviceFolder: !files.fileExists(atPath: folder)
                ? .missing : files.isReadableFile(atPath: folder) ? .readable : .unreadable,
            hasUdev: files.fileExists(atPath: root + "/run/udev/control"),
            memoryLimitMegabytes: memoryLimit(root: root))
    }

    static func memoryLimit(root: String = "") -> Int? {
        let path = root + "/sys/module/usbcore/parameters/usbfs_memory_mb"
        guard let bytes = FileManager.default.contents(atPath: path) else { return nil }
        return Int(String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
    }

    private static func version() -> String {
        guard let version = libusb_get_version()?.pointee else { return "unknown" }
        return "\(version.major).\(version.minor).\(version.micro).\(version.nano)"
    }
}
