/// Functions of the phantom that give the same bits on every machine and for ever.
///
/// They use only operations that IEEE 754 defines exactly (+, -, x, /, square root, rounding); the C library's
/// functions may differ in the last bit between versions, and a recording would no longer be repeatable.
enum PortableMath {
    /// Twice pi.
    static let twoPi = 6.283185307179586

    /// Cosine and sine of an angle in turns (1 = full circle), to about 1e-14.
    static func unit(turns: Double) -> (cosine: Double, sine: Double) {
        let fraction = turns - rounded(turns)
        let quadrant = rounded(fraction * 4)
        let angle = (fraction - quadrant / 4) * twoPi
        let square = angle * angle
        // Taylor series: the angle is at most pi / 4.
        // Taylor series by Horner's rule, factor by factor: the angle is at most pi / 4.
        var cosine = 1 - square * (1 / 182.0)
        cosine = 1 - square * (1 / 132.0) * cosine
        cosine = 1 - square * (1 / 90.0) * cosine
        cosine = 1 - square * (1 / 56.0) * cosine
        cosine = 1 - square * (1 / 30.0) * cosine
        cosine = 1 - square * (1 / 12.0) * cosine
        cosine = 1 - square * (1 / 2.0) * cosine
        var sine = 1 - square * (1 / 210.0)
        sine = 1 - square * (1 / 156.0) * sine
        sine = 1 - square * (1 / 110.0) * sine
        sine = 1 - square * (1 / 72.0) * sine
        sine = 1 - square * (1 / 42.0) * sine
        sine = 1 - square * (1 / 20.0) * sine
        sine = 1 - square * (1 / 6.0) * sine
        sine *= angle
        return switch quadrant {
        case 1: (-sine, cosine)
        case -1: (sine, -cosine)
        case 2, -2: (-cosine, -sine)
        default: (cosine, sine)
        }
    }

    /// Natural logarithm of a positive finite number, to about 1e-14.
    static func log(_ value: Double) -> Double {
        let naturalLogarithmOf2 = 0.6931471805599453
        let squareRootOf2 = 1.4142135623730951
        var exponent = Double(value.exponent)
        var mantissa = value.significand
        if mantissa > squareRootOf2 {
            mantissa /= 2
            exponent += 1
        }
        // 2 artanh(s), s = (m - 1) / (m + 1), at most 0.172.
        let ratio = (mantissa - 1) / (mantissa + 1)
        let square = ratio * ratio
        var sum = 1 / 17.0
        sum = sum * square + 1 / 15.0
        sum = sum * square + 1 / 13.0
        sum = sum * square + 1 / 11.0
        sum = sum * square + 1 / 9.0
        sum = sum * square + 1 / 7.0
        sum = sum * square + 1 / 5.0
        sum = sum * square + 1 / 3.0
        sum = sum * square + 1
        return exponent * naturalLogarithmOf2 + 2 * ratio * sum
    }

    /// Amplitude ratio of a level in dB: 10 to the power of dB / 20, to about 1e-14.
    static func amplitude(ofDb decibel: Double) -> Double {
        let log2Of10 = 3.321928094887362
        let naturalLogarithmOf2 = 0.6931471805599453
        let power = decibel / 20 * log2Of10
        let whole = power.rounded(.toNearestOrEven)
        let rest = (power - whole) * naturalLogarithmOf2
        var sum = 1.0
        for divisor in (1...16).reversed() { sum = 1 + sum * rest / Double(divisor) }
        return Double(sign: .plus, exponent: Int(whole), significand: sum)
    }
}
