/// How long is waited between attempts, and how many there are.
public struct RetryPolicy: Sendable, Hashable {
    /// The wait after the first attempt, seconds.
    public var firstSeconds: Double
    /// The longest wait, seconds.
    public var longestSeconds: Double
    /// After so many attempts a person is asked.
    public var attempts: Int

    /// 10 s, doubling to an hour, for about a day (project choice: a clinic's archive is back the next morning).
    public static let usual = RetryPolicy(firstSeconds: 10, longestSeconds: 3600, attempts: 32)
    /// The share of a wait that is left to chance, so that several stations do not come at once (project choice).
    private static let jitter = 0.5

    /// A policy from its fields.
    public init(firstSeconds: Double, longestSeconds: Double, attempts: Int) {
        self.firstSeconds = firstSeconds
        self.longestSeconds = longestSeconds
        self.attempts = attempts
    }

    /// The wait after an attempt, seconds: doubling to the longest, of which the upper half is chance.
    ///
    /// - Parameters:
    ///   - attempt: from 1.
    ///   - seed: any number; the same gives the same wait.
    public func waitSeconds(after attempt: Int, seed: UInt64) -> Double {
        let mostDoublings = 62
        let doubled = firstSeconds * Double(UInt64(1) << UInt64(min(max(attempt, 1) - 1, mostDoublings)))
        let whole = min(doubled, longestSeconds)
        return whole * (1 - Self.jitter * Self.share(seed ^ UInt64(truncatingIfNeeded: attempt)))
    }

    /// A number from 0 to below 1 (SplitMix64's mixing).
    private static func share(_ seed: UInt64) -> Double {
        var mixed = seed &+ 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        mixed ^= mixed >> 31
        return Double(mixed >> 11) / Double(UInt64(1) << 53)
    }
}
