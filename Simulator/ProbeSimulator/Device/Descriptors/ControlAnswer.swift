/// How the probe ends a control transfer.
public enum ControlAnswer: Sendable, Hashable {
    /// Refused.
    case stall
    /// An OUT request was carried out.
    case acknowledge
    /// The data of an IN request, already cut to `wLength`; may be empty.
    case bytes([UInt8])
}
