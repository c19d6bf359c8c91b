/// The same functions for four numbers at a time: each gives the very bits of its sibling for one number.
extension PortableMath {
    /// Beyond this a number has no fraction; below it, adding and taking away 1.5 x 2^52 rounds to the nearest, even.
    private static let rounder = 0x1.8p52
    private static let mostRounded = 0x1p50

    /// Rounded to the nearest whole number, even in the middle.
    @inline(__always)
    static func rounded(_ value: Double) -> Double {
        guard abs(value) < mostRounded else { return value.rounded(.toNearestOrEven) }
        return (value + rounder) - rounder
    }

    @inline(__always)
    private static func rounded(_ values: SIMD4<Double>) -> SIMD4<Double> {
        let limits = SIMD4<Double>(repeating: mostRounded)
        guard all((values .< limits) .& (values .> -limits)) else { return values.rounded(.toNearestOrEven) }
        return (values + rounder) - rounder
    }

    /// Cosines and sines of angles in turns.
    @inline(__always)
    static func units(turns: SIMD4<Double>) -> (cosine: SIMD4<Double>, sine: SIMD4<Double>) {
        let one = SIMD4<Double>(repeating: 1)
        let fraction = turns - rounded(turns)
        let quadrant = rounded(fraction * 4)
        let angle = (fraction - quadrant / 4) * twoPi
        let square = angle * angle
        var cosine = one - square * (1 / 182.0)
        cosine = one - square * (1 / 132.0) * cosine
        cosine = one - square * (1 / 90.0) * cosine
        cosine = one - square * (1 / 56.0) * cosine
        cosine = one - square * (1 / 30.0) * cosine
        cosine = one - square * (1 / 12.0) * cosine
        cosine = one - square * (1 / 2.0) * cosine
        var sine = one - square * (1 / 210.0)
        sine = one - square * (1 / 156.0) * sine
        sine = one - square * (1 / 110.0) * sine
        sine = one - square * (1 / 72.0) * sine
        sine = one - square * (1 / 42.0) * sine
        sine = one - square * (1 / 20.0) * sine
        sine = one - square * (1 / 6.0) * sine
        sine *= angle
        let isOdd = (quadrant .== 1) .| (quadrant .== -1)
        let swappedCosine = cosine.replacing(with: sine, where: isOdd)
        let swappedSine = sine.replacing(with: cosine, where: isOdd)
        let isBehind = (quadrant .== 2) .| (quadrant .== -2)
        return (
            swappedCosine.replacing(with: -swappedCosine, where: isBehind .| (quadrant .== 1)),
            swappedSine.replacing(with: -swappedSine, where: isBehind .| (quadrant .== -1))
        )
    }

    /// Natural logarithms of positive normal numbers.
    @inline(__always)
    static func logs(_ values: SIMD4<Double>) -> SIMD4<Double> {
        let bits = self.bits(values)
        var exponent = SIMD4<Double>(
            SIMD4<Int64>(truncatingIfNeeded: (bits &>> 52) & SIMD4(repeating: 0x7FF)) &- SIMD4(repeating: 1023))
        let significand = (bits & SIMD4(repeating: 0x000F_FFFF_FFFF_FFFF)) | SIMD4(repeating: 0x3FF0_0000_0000_0000)
        var mantissa = SIMD4<Double>(
            Double(bitPattern: significand[0]), Double(bitPattern: significand[1]),
            Double(bitPattern: significand[2]), Double(bitPattern: significand[3]))
        let isHigh = mantissa .> SIMD4(repeating: 1.4142135623730951)
        mantissa.replace(with: mantissa / 2, where: isHigh)
        exponent.replace(with: exponent + 1, where: isHigh)
        let ratio = (mantissa - 1) / (mantissa + 1)
        let square = ratio * ratio
        var sum = SIMD4<Double>(repeating: 1 / 17.0)
        sum = sum * square + 1 / 15.0
        sum = sum * square + 1 / 13.0
        sum = sum * square + 1 / 11.0
        sum = sum * square + 1 / 9.0
        sum = sum * square + 1 / 7.0
        sum = sum * square + 1 / 5.0
        sum = sum * square + 1 / 3.0
        sum = sum * square + 1
        return exponent * 0.6931471805599453 + ratio * 2 * sum
    }

    @inline(__always)
    private static func bits(_ values: SIMD4<Double>) -> SIMD4<UInt64> {
        SIMD4(values[0].bitPattern, values[1].bitPattern, values[2].bitPattern, values[3].bitPattern)
    }
}

extension SignalNoise {
    /// Four pairs of independent standard normal numbers: those that four calls of `gaussianPair` would give.
    mutating func gaussianPairs() -> (SIMD4<Double>, SIMD4<Double>) {
        var lengths = SIMD4<Double>.zero
        var turns = lengths
        for lane in 0..<4 {
            lengths[lane] = 1 - uniform()
            turns[lane] = uniform()
        }
        let radius = (PortableMath.logs(lengths) * -2).squareRoot()
        let direction = PortableMath.units(turns: turns)
        return (radius * direction.cosine, radius * direction.sine)
    }
}
