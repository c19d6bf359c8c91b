/// Follows the sequence numbers and pulse indices of one kind of packet.
struct SequenceKeeper: Sendable, Equatable {
    /// What a packet is, by its place in the sequence.
    enum Verdict: Equatable {
        /// The next one, or one further on: so many packets and pulses are missing before it.
        case ahead(packets: UInt32, firstPulse: UInt64, pulses: UInt64)
        /// One that came before, or whose place has been passed.
        case repeated
        /// Later by its sequence number, earlier by its pulse index: it has no place in time and is not used.
        case contradictory
    }

    /// The furthest that a sequence number may be ahead; further means behind (ODP 1.0, "Settled small print").
    private static let furthestAhead: UInt32 = 1 << 31

    private var expectedSequence: UInt32 = 0

    /// The first pulse that has not been accounted for; for kinds not counted in pulses, the latest index.
    private(set) var nextPulse: UInt64 = 0

    /// Judges a packet and, when it is used, moves on past it.
    ///
    /// A contradictory packet moves nothing, as any bad packet: its number counts as lost with the next good one.
    mutating func judge(_ frame: FrameHeader) -> Verdict {
        let packets = frame.sequence &- expectedSequence
        guard packets <= Self.furthestAhead else { return .repeated }
        let length = frame.kind == .iq ? UInt64(frame.records) : 0
        let (end, overflows) = frame.pulseIndex.addingReportingOverflow(length)
        guard !overflows, frame.pulseIndex >= nextPulse else { return .contradictory }
        let missing = frame.kind == .iq ? frame.pulseIndex - nextPulse : 0
        let verdict = Verdict.ahead(packets: packets, firstPulse: nextPulse, pulses: missing)
        expectedSequence = frame.sequence &+ 1
        nextPulse = end
        return verdict
    }
}
