/// What turns a Doppler shift into a velocity: v = fd c / (2 f0 cos(angle)).
///
/// Positive shifts and velocities are towards the transducer.
public struct DopplerScale: Sendable, Hashable, Codable {
    /// Transmitted centre frequency, Hz, above 0.
    public var centreFrequencyHz: Double
    /// Speed of sound, m/s, above 0.
    public var speedOfSoundMPerS: Double
    /// Angle between beam and flow, degrees, 0 up to but not including 90.
    public var insonationAngleDegrees: Double

    /// Speed of sound in soft tissue that scanners assume, m/s (ODP 1.0, "Arithmetic").
    public static let softTissueSpeedOfSoundMPerS = 1540.0

    /// A scale from its three figures.
    public init(
        centreFrequencyHz: Double, speedOfSoundMPerS: Double = softTissueSpeedOfSoundMPerS,
        insonationAngleDegrees: Double
    ) {
        self.centreFrequencyHz = centreFrequencyHz
        self.speedOfSoundMPerS = speedOfSoundMPerS
        self.insonationAngleDegrees = insonationAngleDegrees
    }
}
