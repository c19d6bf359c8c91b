internal import ProbeSimulator

/// Chance of a clause: what differs from scene to scene (SplitMix64; Steele, Lea and Flood 2014).
struct SceneDraw: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0xD129_0D3B_3F1A_7C55 &+ 0x5851_F42D_4C95_7F2D }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number from a range.
    mutating func number(_ range: ClosedRange<Double>) -> Double { Double.random(in: range, using: &self) }

    /// One of two.
    mutating func coin() -> Bool { Bool.random(using: &self) }

    /// One of several; `first` when there are none.
    mutating func one<Value>(of first: Value, _ others: Value...) -> Value {
        ([first] + others).randomElement(using: &self) ?? first
    }

    /// A velocity profile whose mean goes one way.
    mutating func profile() -> VelocityProfile {
        switch Int.random(in: 0..<5, using: &self) {
        case 0: VelocityProfile(.plug)
        case 1: VelocityProfile(.parabolic)
        case 2: VelocityProfile(.blunted(exponent: number(3...9)))
        case 3: VelocityProfile(.skewed(skewness: number(0.2...1)))
        default: VelocityProfile(.jet(coreShare: number(0.2...0.4)))
        }
    }
}
