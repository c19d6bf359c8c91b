/// Counts the packets of a stream that was running before as if it began with the first one that is seen.
///
/// The first I/Q packet's pulse is pulse 0; what comes before it has no place in time and is left out.
struct StreamJoining: Sendable {
    private var firstPulse: UInt64?
    private var firstSequences: [FrameKind: UInt32] = [:]

    /// The frame with its place counted anew.
    ///
    /// - Returns: `nil` when it came before the first I/Q packet.
    mutating func join(_ frame: FrameHeader) -> FrameHeader? {
        if frame.kind == .iq, firstPulse == nil { firstPulse = frame.pulseIndex }
        guard let firstPulse else { return nil }
        var joined = frame
        if let first = firstSequences[frame.kind] {
            joined.sequence = frame.sequence &- first
        } else {
            firstSequences[frame.kind] = frame.sequence
            joined.sequence = 0
            joined.flags.insert(.first)
        }
        if frame.pulseIndex >= firstPulse {
            joined.pulseIndex = frame.pulseIndex - firstPulse
        } else {
            // I/Q from before contradicts its number, and no pulse index says so more clearly than the last one of all.
            // A packet of the other kinds may well belong to the pulse before.
            joined.pulseIndex = frame.kind == .iq ? .max : 0
        }
        return joined
    }
}
