/// A fault that has happened, with its place.
public struct InjectedCableFault: Sendable, Hashable {
    /// An ODP packet, as its header names it.
    public struct ODPPacket: Sendable, Hashable {
        /// Packet type: 1 I/Q, 4 physiology.
        public var type: UInt8
        /// Sequence number, counted per type.
        public var sequence: UInt32
        /// Index of its first pulse.
        public var pulseIndex: UInt64
        /// Pulses or samples.
        public var records: UInt16
    }

    /// What happened.
    public var kind: CableFault.Kind
    /// The USB packet of the samples' endpoint, counted from 0 since the cable was plugged in first.
    public var packet: UInt64
    /// How often the device had begun to stream, this run included.
    public var run: UInt64
    /// Where the first byte concerned stands in what the device sent since it began to stream, status bytes not counted.
    public var byteOffset: UInt64
    /// How many bytes of the device were lost (`lost`, `short`), came twice (`doubled`) or were changed (`damaged`).
    public var bytes: Int
    /// The device's clock, nanoseconds.
    public var nanoseconds: UInt64
    /// The ODP packets that came to the host otherwise than whole; empty where the stream is not ODP.
    public var odpPackets: [ODPPacket] = []
    /// The ODP packets that came to the host twice and whole.
    public var odpRepeats: [ODPPacket] = []
}
