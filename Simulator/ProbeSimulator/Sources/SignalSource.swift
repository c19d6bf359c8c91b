/// The body in front of the simulated probe's transducer.
public protocol SignalSource: Sendable {
    /// Begins a new run with these settings at pulse 0; everything after depends only on settings, place and seed.
    mutating func begin(_ settings: DeviceSettings)

    /// Appends I and Q of `count` pulses from `firstPulse` on, pulse-major, gate by gate.
    ///
    /// The device asks for every pulse once, in order, in pieces of any size; the samples must not depend on how
    /// the pulses were cut into pieces. `2 x gates x count` values are appended, full scale 32,767.
    ///
    /// - Parameter transmitting: `false` gives receive-only noise.
    mutating func appendIQ(firstPulse: UInt64, count: Int, transmitting: Bool, to samples: inout [Int16])

    /// ECG in uV and respiration (rising = inspiration, full scale 32,767) at a time since the start, seconds.
    mutating func physiology(atSeconds seconds: Double) -> (ecgMicroV: Int16, respiration: Int16)
}
