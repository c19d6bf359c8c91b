/// Something that a front end or a hand on the probe does to the signal, with its time, size and seed.
public struct FrontEndFault: Sendable, Hashable, Codable {
    /// What happens; `size` is in the unit named here.
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// Gain of Q over that of I, less 1.
        case gainError
        /// How far the phase between I and Q is short of a quarter turn, radians.
        case phaseError
        /// A constant on I and Q at an angle from the seed, counts.
        case offset
        /// I and Q are cut at this level, counts; the pulses are marked.
        case clipping
        /// Mains hum on both channels: 50 Hz and harmonics, dB over the blood.
        case hum
        /// A tap on the probe: broadband, alike in both directions, shorter than 100 ms, dB over the blood.
        case tap
        /// Echoes of a moving wall, below 60 Hz in both directions, dB over the blood.
        case wallThump
        /// The samples are zero; the size has no meaning.
        case dropout
        /// The pulses are missing; the size has no meaning.
        case lostPulses
        /// The sample clock is faster by this, parts in a million, over the whole scene.
        case clockDrift
    }

    /// What happens.
    public var kind: Kind
    /// Begin since the start, seconds.
    public var startSeconds: Double
    /// Length, seconds.
    public var seconds: Double
    /// How much, in the unit of the kind.
    public var size: Double
    /// What chance in it depends on.
    public var seed: UInt64

    /// A fault from its fields; without a time it lasts as long as the scene.
    public init(
        _ kind: Kind, startSeconds: Double = 0, seconds: Double = wholeScene, size: Double = 0, seed: UInt64 = 0
    ) {
        self.kind = kind
        self.startSeconds = startSeconds
        self.seconds = seconds
        self.size = size
        self.seed = seed
    }

    /// Longer than any scene, seconds.
    public static let wholeScene = 1e6
    /// Mains frequency, Hz.
    public static let mainsHz = 50.0
    /// Highest shift of a wall's echoes, Hz (the project's acceptance bars).
    public static let wallLimitHz = 60.0

    /// The pulses that it touches.
    func pulses(prfHz: Double, count: Int) -> Range<Int> {
        let first = min(max((startSeconds * prfHz).rounded(), 0), Double(count))
        let end = min(max(((startSeconds + seconds) * prfHz).rounded(), first), Double(count))
        return Int(first)..<Int(end)
    }
}
