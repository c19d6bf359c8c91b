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
    /// Whether udev runs; without it, what is plugged in later is found by looking again and again.
    public var hasUdev: Bool
    /// `usbfs_memory_mb`, MiB for the transfers of all programs; 0 = unlimited, `nil` = the file is absent.
    public var memoryLimitMegabytes: Int?
    /// The installed udev rules of this program; `nil` = none are installed.
    public var installedRules: String?
    /// Whether this user is root, who may open every device.
    public var isRoot: Bool
    /// The plugged-in devices.
    public var devices: [SystemDevice]

    /// Facts from their fields.
    public init(
        libraryVersion: String, deviceFolder: DeviceFolder, hasUdev: Bool, memoryLimitMegabytes: Int?,
        installedRules: String?, isRoot: Bool, devices: [SystemDevice]
    ) {
        self.libraryVersion = libraryVersion
        self.deviceFolder = deviceFolder
        self.hasUdev = hasUdev
        self.memoryLimitMegabytes = memoryLimitMegabytes
        self.installedRules = installedRules
        self.isRoot = isRoot
        self.devices = devices
    }

    /// The folders in which udev looks for rules, the first before the others (udev(7)).
    private static let rulesFolders = [
        "/etc/udev/rules.d", "/run/udev/rules.d", "/usr/local/lib/udev/rules.d", "/usr/lib/udev/rules.d",
        "/lib/udev/rules.d",
    ]
    /// The longest rules file that is compared, bytes (project choice: thousands of profiles).
    private static let longestRulesBytes = 1 << 20

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
            memoryLimitMegabytes: memoryLimit(root: root), installedRules: rules(root: root), isRoot: geteuid() == 0,
            devices: SystemDevice.all(root: root))
    }

    static func memoryLimit(root: String = "") -> Int? {
        let path = root + "/sys/module/usbcore/parameters/usbfs_memory_mb"
        guard let bytes = FileManager.default.contents(atPath: path) else { return nil }
        return Int(String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
    }

    private static func rules(root: String) -> String? {
        for folder in rulesFolders {
            let path = root + folder + "/" + rulesName
            guard let file = FileHandle(forReadingAtPath: path) else { continue }
            do {
                let bytes = try file.read(upToCount: longestRulesBytes) ?? Data()
                try file.close()
                return String(decoding: bytes, as: UTF8.self)
            } catch {
                // A folder of that name, or a disk that fails: there are no rules to be read here.
                continue
            }
        }
        return nil
    }

    private static func version() -> String {
        guard let version = libusb_get_version()?.pointee else { return "unknown" }
        return "\(version.major).\(version.minor).\(version.micro).\(version.nano)"
    }
}
