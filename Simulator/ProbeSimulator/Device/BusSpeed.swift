/// The speed of the bus that a simulated device enumerated at.
public enum BusSpeed: Sendable, Hashable {
    /// 12 Mbit/s.
    case full
    /// 480 Mbit/s.
    case high

    /// Largest packet of a bulk endpoint, bytes (USB 2.0, section 5.8.3).
    public var bulkPacketBytes: Int {
        switch self {
        case .full: 64
        case .high: 512
        }
    }
}
