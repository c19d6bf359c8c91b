/// How an endpoint carries samples (USB 2.0, section 5.4).
public enum StreamKind: Sendable, Hashable {
    /// Bulk: nothing is lost on the way, and the host takes it when it likes.
    case bulk
    /// Isochronous: one packet in each interval, and what is damaged is not repeated.
    case isochronous(intervalNanoseconds: UInt64)
}
