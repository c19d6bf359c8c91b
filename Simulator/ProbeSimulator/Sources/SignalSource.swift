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

    /// One B-mode frame, line by line from the left, log-compressed (0 = -60 dB or less, 255 = 0 dB).
    ///
    /// The device asks once for each frame, in order, where its settings have B-mode. Lines and samples are those of
    /// the settings; what is missing is taken as 0.
    ///
    /// - Parameters:
    ///   - index: the frame's number since the start.
    ///   - seconds: when it is taken, since the start.
    ///   - transmitting: `false` gives what the receiver shows by itself.
    /// - Returns: `nil` = nothing above -60 dB, which is usual for a source without a picture.
    mutating func bModeFrame(_ index: UInt32, atSeconds seconds: Double, transmitting: Bool) -> [UInt8]?
}

extension SignalSource {
    /// Most sources have no picture.
    public mutating func bModeFrame(_ index: UInt32, atSeconds seconds: Double, transmitting: Bool) -> [UInt8]? { nil }
}
