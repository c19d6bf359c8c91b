/// What a live view has counted.
public struct LiveCounters: Sendable, Hashable {
    /// End of the newest I/Q frame of the run that goes on or went on last: its last pulse's index and one.
    public var newestPulse: UInt64 = 0
    /// Pulses of this run that the probe lost.
    public var lostInProbe: UInt64 = 0
    /// Pulses of this run that were lost on the link.
    public var lostOnLink: UInt64 = 0
    /// Pulses of this run that the screen alone missed.
    public var missedPulses: UInt64 = 0
    /// Runs so far.
    public var runs: UInt64 = 0
    /// Runs without a picture because there was no memory for the ring.
    public var runsWithoutRing: UInt64 = 0
    /// Pieces handed on, by kind: the first is `columns`.
    public var pieces = [UInt64](repeating: 0, count: LivePiece.Kind.allCases.count)
    /// How long after the newest sample had come columns were handed on.
    public var columnDelay = LiveDelay()
    /// How long after the newest sample had come sound was handed on.
    public var soundDelay = LiveDelay()

    /// Nothing counted.
    public init() {}
}
