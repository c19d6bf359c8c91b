/// Chance in the phantom: SplitMix64 (Steele, Lea and Flood 2014), keyed by names, so that every stream of
/// numbers depends on nothing but its key.
struct SignalNoise: Sendable, RandomNumberGenerator {
    private var state: UInt64

    /// A stream whose numbers depend on these parts and their order alone.
    init(_ parts: [String]) { state = Self.hash(parts) }

    /// The next 64 random bits.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Self.mix(state)
    }

    /// A number from 0 up to but not including 1, 53 random bits.
    mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// Two independent standard normal numbers (Box and Muller 1958).
    mutating func gaussianPair() -> (Double, Double) {
        // 1 - u lies above 0, so that the logarithm is finite.
        let radius = (-2 * PortableMath.log(1 - uniform())).squareRoot()
        let direction = PortableMath.unit(turns: uniform())
        return (radius * direction.cosine, radius * direction.sine)
    }

    /// FNV-1a of the parts, each ended by a zero byte, then mixed: stable for ever.
    private static func hash(_ parts: [String]) -> UInt64 {
        var sum: UInt64 = 0xCBF2_9CE4_8422_2325
        for part in parts {
            for byte in part.utf8 { sum = (sum ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
            sum = sum &* 0x0000_0100_0000_01B3
        }
        return mix(sum)
    }

    private static func mix(_ value: UInt64) -> UInt64 {
        var mixed = value
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
