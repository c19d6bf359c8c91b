/// What a capture holds.
public struct CaptureSummary: Sendable, Hashable {
    /// Records in the file.
    public var records: UInt64
    /// Records that were dropped because the disk was slower than the queue is long; the file says where.
    public var dropped: UInt64
    /// Bytes of the file.
    public var bytes: UInt64

    /// Whether every transfer of the session is in the file.
    public var isWhole: Bool { dropped == 0 }
}
