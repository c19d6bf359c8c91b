/// What STATUS counts, up to the last packet made.
struct StreamCounts: Sendable {
    /// Packets dropped since RUN.
    var dropped: UInt32 = 0
    /// Pulse periods since RUN, transmitting or not.
    var pulses: UInt64 = 0
    /// Those of them that were transmitted.
    var transmittedPulses: UInt64 = 0
    /// Transmitting time of the runs before this one, nanoseconds.
    var earlierTransmittingNanoseconds: UInt64 = 0
    /// Turns this run's pulses into time; `nil` before the first run.
    var clock: PulseClock?

    /// Transmitting time since RESET, whole milliseconds; wraps.
    var transmittingMilliseconds: UInt32 {
        UInt32(truncatingIfNeeded: transmittingNanoseconds / Self.nanosecondsPerMillisecond)
    }

    private static let nanosecondsPerMillisecond: UInt64 = 1_000_000

    private var transmittingNanoseconds: UInt64 {
        earlierTransmittingNanoseconds &+ (clock?.nanoseconds(ofPulses: transmittedPulses) ?? 0)
    }

    /// Starts the counts of a new run; the transmitting time stays.
    mutating func beginRun(_ clock: PulseClock) {
        self = StreamCounts(earlierTransmittingNanoseconds: transmittingNanoseconds, clock: clock)
    }
}
