/// One record of a capture, with the place of its data in the file.
public struct CapturedRecord: Sendable, Hashable {
    /// What happened.
    public var record: UsbmonRecord
    /// The packets of an isochronous transfer; empty for all others.
    public var packets: [IsochronousPacket]
    /// Where its data stand in the file, bytes.
    public var data: Range<Int>
    /// Records that were dropped between the one before and this.
    public var droppedBefore: UInt64
}
