/// Widens a source's 16 bits to what a demodulator that sums in 32 bits gives.
enum SummedSample {
    /// Bits that the sum adds below the source's last one.
    ///
    /// Project choice: 14 bits of converter, 8 of the sine table and some 300 samples of a gate make 30 bits in all.
    static let fractionBits: Int32 = 14

    /// The sum of a sample: its lowest bits are noise, evenly spread, the same at the same place for ever.
    ///
    /// Shifted right by `fractionBits` it is the sample again.
    static func sum(_ sample: Int16, place: UInt64) -> Int32 {
        // The SplitMix64 output function (Steele, Lea and Flood 2014).
        var mixed = (place &+ 1) &* 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        let fraction = Int32(truncatingIfNeeded: mixed >> (64 - UInt64(fractionBits)))
        return (Int32(sample) << fractionBits) + fraction
    }
}

/// Which byte of a sample goes first.
public enum SampleByteOrder: Sendable, Hashable, CaseIterable {
    /// The most significant.
    case mostSignificantFirst
    /// The least significant.
    case leastSignificantFirst
}

extension [UInt8] {
    /// Appends an integer in either order of its bytes.
    mutating func append<Value: FixedWidthInteger>(_ value: Value, _ order: SampleByteOrder) {
        switch order {
        case .mostSignificantFirst: appendLittleEndian(value.byteSwapped)
        case .leastSignificantFirst: appendLittleEndian(value)
        }
    }
}
