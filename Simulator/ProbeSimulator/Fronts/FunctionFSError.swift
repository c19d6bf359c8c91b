internal import Glibc

/// Why a simulated device cannot be a USB gadget of this computer.
public enum FunctionFSError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The computer has no port that can be a device, or this user may not use it.
    case noDeviceController
    /// The device has something that FunctionFS cannot do.
    case notPossible(device: String, what: String)
    /// A call of the system failed.
    case system(code: Int32, doing: String)

    /// What happened, where, and what to do.
    public var description: String {
        switch self {
        case .noDeviceController:
            "gadget: this computer has no USB device port in /sys/class/udc: use one that has, or `modprobe dummy_hcd`"
        case .notPossible(let device, let what):
            "gadget: \(device) has \(what), which FunctionFS cannot do: use `simulate usbip`"
        case .system(let code, let doing):
            "gadget: \(doing) failed (\(String(cString: strerror(code)))): it needs root, configfs, libcomposite and "
                + "usb_f_fs"
        }
    }
}
