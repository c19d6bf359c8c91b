/// What the bytes of a device's stream consist of.
public enum StreamFraming: Sendable, Hashable {
    /// Bare samples, or frames that carry no number.
    case unframed
    /// ODP packets, behind so many status bytes at the head of every USB packet.
    case odp(statusBytesPerPacket: Int)
}
