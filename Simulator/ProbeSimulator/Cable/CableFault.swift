/// One thing that a bad cable or a bad controller does to the samples' endpoint.
public struct CableFault: Sendable, Hashable {
    /// What happens.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// A USB packet does not arrive.
        case lost
        /// A USB packet arrives twice.
        case doubled
        /// `size` bits of a USB packet are turned over, distinct ones; an isochronous packet is then missed.
        case damaged
        /// A USB packet ends after `size` bytes; the rest of it is lost.
        case short
        /// A USB packet comes in two, the first of `size` bytes; nothing is lost.
        case split
        /// A packet without bytes comes before; nothing is lost. Isochronous: it comes in the packet's place.
        case zeroLength
        /// The endpoint stalls until its halt is cleared; nothing is lost. Isochronous: the packet is missed.
        case stall
        /// The device answers nothing for `size` milliseconds, 0 = until it is switched off; nothing is lost in bulk.
        case silence
    }

    /// Where it happens.
    public enum Place: Sendable, Hashable {
        /// At a USB packet of the samples' endpoint, counted from 0 since the cable was plugged in first.
        case packet(UInt64)
        /// At the first packet that is collected at this time of the device or later, nanoseconds.
        case time(nanoseconds: UInt64)
    }

    /// Where it happens.
    public var place: Place
    /// What happens.
    public var kind: Kind
    /// How much: bits, bytes or milliseconds, as `kind` says; what a packet does not have is moved to what it has.
    public var size: Int
    /// Which bits of a damaged packet are hit.
    public var seed: UInt64

    /// A fault from its fields.
    public init(_ kind: Kind, at place: Place, size: Int = 1, seed: UInt64 = 0) {
        self.kind = kind
        self.place = place
        self.size = size
        self.seed = seed
    }
}
