internal import Glibc

/// The upper tail of the chi-square law.
enum ChiSquare {
    /// The probability of a statistic at least as large.
    ///
    /// With whole degrees of freedom the tail is a finite sum (Abramowitz and Stegun 26.4.4 and 26.4.5).
    static func upperTail(_ statistic: Double, degreesOfFreedom: Int) -> Double {
        guard statistic > 0, degreesOfFreedom > 0 else { return 1 }
        let half = statistic / 2
        var sum = 0.0
        if degreesOfFreedom.isMultiple(of: 2) {
            var term = exp(-half)
            for index in 0..<(degreesOfFreedom / 2) {
                if index > 0 { term *= half / Double(index) }
                sum += term
            }
        } else {
            sum = erfc(half.squareRoot())
            var term = exp(-half) * (half / Double.pi).squareRoot() * 2
            for index in 0..<((degreesOfFreedom - 1) / 2) {
                if index > 0 { term *= half / (Double(index) + 0.5) }
                sum += term
            }
        }
        return min(1, max(sum, .leastNormalMagnitude))
    }
}
