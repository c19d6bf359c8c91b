/// How a directional Doppler's stereo output is to be read from a USB sound interface.
public struct USBAudioStream: Sendable, Hashable {
    /// What the two channels carry.
    public enum Channels: String, Sendable, Hashable, Codable, CaseIterable {
        /// Flow towards the transducer left, away right.
        case forwardReverse
        /// In phase left, quadrature right.
        case iq
        /// Quadrature left, in phase right.
        case qi
        /// One channel without direction; never scored.
        case mono
    }

    /// Sampling frequency, Hz: 44,100 or 48,000.
    public var sampleRateHz: Int
    /// Bits of a sample: 16 or 24.
    public var sampleBits: Int
    /// What the channels carry.
    public var channels: Channels
    /// Whether towards and away change places.
    public var invertsDirection: Bool
    /// What the right channel is multiplied by so that it is as strong as the left, 0.1 to 10.
    public var rightGain: Double
    /// How far the right channel runs ahead of its due phase, degrees, -45 to 45; it is turned back by that.
    ///
    /// For `iq` and `qi` alone.
    public var rightPhaseDegrees: Double

    /// A stream from its fields.
    public init(
        sampleRateHz: Int, sampleBits: Int, channels: Channels, invertsDirection: Bool = false,
        rightGain: Double = 1, rightPhaseDegrees: Double = 0
    ) {
        self.sampleRateHz = sampleRateHz
        self.sampleBits = sampleBits
        self.channels = channels
        self.invertsDirection = invertsDirection
        self.rightGain = rightGain
        self.rightPhaseDegrees = rightPhaseDegrees
    }
}
