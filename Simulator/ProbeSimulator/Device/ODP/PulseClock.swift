/// Turns the device's time since RUN into pulses and physiology samples, in whole numbers throughout.
///
/// Pulse i lies at i / PRF seconds after RUN; what happens at that very moment comes before the pulse.
struct PulseClock: Sendable {
    /// Thousandths of Hz times nanoseconds in one pulse period.
    private static let milliHzNanoseconds: UInt128 = 1_000_000_000_000
    /// Sample rate of ECG and respiration, thousandths of Hz (project choice: 250 Hz resolves a QRS complex).
    static let physiologyMilliHz: UInt32 = 250_000
    /// The longest time in which a packet of each type is complete, nanoseconds (ODP 1.0, "The stream").
    static let longestBatchNanoseconds: UInt64 = 20_000_000

    /// Pulse repetition frequency, thousandths of Hz, at least 1.
    let prfMilliHz: UInt32

    init(prfMilliHz: UInt32) { self.prfMilliHz = max(1, prfMilliHz) }

    /// How many pulses lie before this moment.
    func pulses(before nanoseconds: UInt64) -> UInt64 {
        let product = UInt128(nanoseconds) * UInt128(prfMilliHz)
        return UInt64(truncatingIfNeeded: (product + Self.milliHzNanoseconds - 1) / Self.milliHzNanoseconds)
    }

    /// The last pulse that does not lie after this moment.
    func pulseIndex(at nanoseconds: UInt64) -> UInt64 {
        UInt64(truncatingIfNeeded: UInt128(nanoseconds) * UInt128(prfMilliHz) / Self.milliHzNanoseconds)
    }

    /// How long so many pulse periods take, nanoseconds, rounded down.
    func nanoseconds(ofPulses count: UInt64) -> UInt64 {
        UInt64(truncatingIfNeeded: UInt128(count) * Self.milliHzNanoseconds / UInt128(prfMilliHz))
    }

    /// How many pulses go by between two ends of a transfer, at least 1.
    ///
    /// A cut may leave a packet type without a record until the next pulse or physiology sample. Their
    /// period is therefore taken off the 20 ms, which then hold wherever the cuts fall.
    var pulsesPerBatch: UInt64 {
        let longest = pulseIndex(at: Self.longestBatchNanoseconds)
        let physiologyPeriod = (prfMilliHz + Self.physiologyMilliHz - 1) / Self.physiologyMilliHz
        let margin = UInt64(max(1, physiologyPeriod))
        return longest > margin ? longest - margin : 1
    }

    /// How many physiology samples lie in the first `pulses` pulse periods.
    func physiologySamples(inPulses pulses: UInt64) -> UInt64 {
        let product = UInt128(pulses) * UInt128(Self.physiologyMilliHz)
        return UInt64(truncatingIfNeeded: (product + UInt128(prfMilliHz) - 1) / UInt128(prfMilliHz))
    }

    /// The last pulse that does not lie after a physiology sample.
    func pulseIndex(ofPhysiologySample sample: UInt64) -> UInt64 {
        UInt64(truncatingIfNeeded: UInt128(sample) * UInt128(prfMilliHz) / UInt128(Self.physiologyMilliHz))
    }
}
