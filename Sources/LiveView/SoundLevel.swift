internal import Glibc

/// Brings the sound of any echo to a level that is heard: a gain that falls at once and rises slowly.
///
/// Both channels always have the same gain, so that what one hears of towards against away is what there is.
struct SoundLevel: Sendable {
    // Project choices: peaks at a quarter of full scale leave room for what is suddenly louder; 48 dB lift an echo of
    // some counts; a gain that rises over seconds does not follow the heart.
    /// Where peaks are brought to, share of full scale.
    static let target: Float = 0.25
    /// The most gain: 48 dB.
    static let mostGain: Float = 251
    /// How long a peak is remembered, seconds.
    static let releaseSeconds = 3.0
    /// How fast the gain moves where it falls, seconds.
    static let attackSeconds = 0.002

    private let release: Float
    private let attack: Float
    private var peak: Float = 0
    private var gain: Float = mostGain

    init(rateHz: Double) {
        release = Float(exp(-1 / (Self.releaseSeconds * rateHz)))
        attack = Float(1 - exp(-1 / (Self.attackSeconds * rateHz)))
    }

    /// The gain for a sample of both channels, in shares of full scale.
    mutating func gain(for towards: Float, _ away: Float) -> Float {
        peak = max(abs(towards), abs(away), peak * release)
        let wanted = min(Self.mostGain, Self.target / max(peak, .leastNormalMagnitude))
        gain += attack * (wanted - gain)
        return gain
    }
}
