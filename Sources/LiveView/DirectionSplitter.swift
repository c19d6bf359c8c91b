internal import Glibc

/// Splits the complex signal of one gate into flow towards and away from the transducer: a phasing filter.
///
/// Two branches of all-pass sections shift I and Q so that their phases differ by 90 degrees; sum and difference are the
/// directions (Aydin, Fan and Evans 1994, 10.1088/0967-3334/15/2/007, the phasing-filter technique). The sections
/// are those of an elliptic half-band filter turned by a quarter of the rate (Valenzuela and Constantinides 1983, IEE Proc. G
/// 130(6): 225-233), which delay far less than a linear-phase filter of the same separation.
struct DirectionSplitter: Sendable {
    /// The edge below which, and below half the rate by as much, directions mix, share of the rate (project choice: half
    /// of the lowest wall filter of the protocols, 30 Hz of 1 kHz being 0.03).
    static let edgeShare = 0.008
    /// All-pass sections of both branches together (project choice: 8 separate by 65 dB and more from that edge on).
    private static let sections = 8

    private static let coefficients = designed(sections: sections, transition: edgeShare)
    /// Coefficients of the branch that I goes through, and of the one for Q, which is a sample longer.
    private static let even = stride(from: 0, to: sections, by: 2).map { coefficients[$0] }
    private static let odd = stride(from: 1, to: sections, by: 2).map { coefficients[$0] }

    private var inPhase = AllPassBranch(even)
    private var quadrature = AllPassBranch(odd)
    private var lastQuadrature: Float = 0

    /// Splits one sample.
    mutating func split(_ i: Float, _ q: Float) -> (towards: Float, away: Float) {
        let shiftedI = inPhase.filter(i)
        let shiftedQ = quadrature.filter(lastQuadrature)
        lastQuadrature = q
        return (towards: (shiftedI - shiftedQ) / 2, away: (shiftedI + shiftedQ) / 2)
    }

    /// Forgets the past.
    mutating func reset() {
        inPhase.reset()
        quadrature.reset()
        lastQuadrature = 0
    }

    /// The coefficients of an elliptic half-band filter as all-pass sections.
    ///
    /// - Parameter transition: half the width of the transition band, share of the rate.
    private static func designed(sections: Int, transition: Double) -> [Float] {
        let tangent = tan((1 - 2 * transition) * .pi / 4)
        let k = tangent * tangent
        let root = pow(1 - k * k, 0.25)
        let e = 0.5 * (1 - root) / (1 + root)
        let fourth = e * e * e * e
        // The nome of the elliptic functions by its series.
        let q = e * (1 + fourth * (2 + fourth * (15 + 150 * fourth)))
        let order = Double(2 * sections + 1)
        return (1...sections).map { place in
            let angle = Double(place) * .pi / order
            var numerator = 0.0
            var denominator = 0.5
            for term in 0..<12 {
                let sign = term % 2 == 0 ? 1.0 : -1.0
                let n = Double(term)
                numerator += sign * pow(q, n * (n + 1)) * sin((2 * n + 1) * angle)
                if term > 0 { denominator += sign * pow(q, n * n) * cos(2 * n * angle) }
            }
            let ratio = numerator * pow(q, 0.25) / denominator
            let square = ratio * ratio
            let x = ((1 - square * k) * (1 - square / k)).squareRoot() / (1 + square)
            return Float((1 - x) / (1 + x))
        }
    }
}

/// All-pass sections of order two, one behind the other: each passes every frequency and turns its phase.
private struct AllPassBranch: Sendable {
    private let coefficients: [Float]
    /// For each section the last two inputs and outputs.
    private var states: [Float]

    init(_ coefficients: [Float]) {
        self.coefficients = coefficients
        states = [Float](repeating: 0, count: 4 * coefficients.count)
    }

    mutating func filter(_ input: Float) -> Float {
        var value = input
        for section in coefficients.indices {
            let place = 4 * section
            // In place of z to the power of 2, its negative: the low-pass becomes a quarter-turn apart.
            let output = coefficients[section] * (value + states[place + 3]) - states[place + 1]
            states[place + 1] = states[place]
            states[place] = value
            states[place + 3] = states[place + 2]
            states[place + 2] = output
            value = output
        }
        return value
    }

    mutating func reset() { for index in states.indices { states[index] = 0 } }
}
