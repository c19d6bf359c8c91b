/// Which byte of a DigiDop sample comes first; the published sources contradict each other.
public enum DigiDopByteOrder: String, Sendable, Hashable, Codable, CaseIterable {
    /// The most significant.
    case big
    /// The least significant.
    case little
    /// Found from the stream: the right order has far smaller differences from pulse to pulse.
    case automatic
}
