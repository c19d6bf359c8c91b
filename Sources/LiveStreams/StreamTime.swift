/// The one clock that all stamps of a stream stand on.
public struct StreamTime: Sendable {
    /// The host's monotonic clock, nanoseconds; it is read for every frame and must not wait.
    public var monotonicNanoseconds: @Sendable () -> UInt64
    /// What makes Coordinated Universal Time, seconds since 1970, of monotonic seconds; fixed at the start.
    public var utcOffsetSeconds: Double

    /// A clock from its parts.
    public init(monotonicNanoseconds: @escaping @Sendable () -> UInt64, utcOffsetSeconds: Double) {
        self.monotonicNanoseconds = monotonicNanoseconds
        self.utcOffsetSeconds = utcOffsetSeconds
    }

    /// The monotonic clock, seconds.
    public var nowSeconds: Double { Double(monotonicNanoseconds()) / 1e9 }
}
