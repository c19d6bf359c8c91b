/// The speed of a bus in the numbers of Linux and USB/IP (enum usb_device_speed).
public enum USBBusSpeed: UInt32, Sendable, Hashable {
    /// 12 Mbit/s.
    case full = 2
    /// 480 Mbit/s.
    case high = 3
    /// 5 Gbit/s.
    case superSpeed = 5

    /// The kernel's words for it, as in a gadget's `max_speed`.
    var kernelWords: String {
        switch self {
        case .full: "full-speed"
        case .high: "high-speed"
        case .superSpeed: "super-speed"
        }
    }
}
