/// What turns the velocity along the vessel into a Doppler shift in a test scene: 2 v f0 cos(angle) / c with its sign.
public struct TestBeam: Sendable, Hashable, Codable {
    /// Centre frequency, Hz, above 0.
    public var centreFrequencyHz: Double
    /// Angle between beam and flow, degrees, 0 up to but not including 90.
    public var insonationAngleDegrees: Double
    /// Speed of sound, m/s, above 0.
    public var speedOfSoundMPerS: Double
    /// Whether flow in the normal direction comes towards the transducer.
    public var normalIsTowards: Bool

    /// A beam from its fields.
    public init(
        centreFrequencyHz: Double, insonationAngleDegrees: Double,
        speedOfSoundMPerS: Double = VesselPhantom.speedOfSoundMPerS, normalIsTowards: Bool = true
    ) {
        self.centreFrequencyHz = centreFrequencyHz
        self.insonationAngleDegrees = insonationAngleDegrees
        self.speedOfSoundMPerS = speedOfSoundMPerS
        self.normalIsTowards = normalIsTowards
    }

    /// Doppler shift of 1 cm/s in the normal direction, Hz, positive towards the transducer.
    public var shiftHzPerCmPerS: Double {
        let cosine = PortableMath.unit(turns: insonationAngleDegrees / 360).cosine
        return (normalIsTowards ? 1 : -1) * 2 * 0.01 * centreFrequencyHz * cosine / speedOfSoundMPerS
    }
}
