/// Two chains of all-pass filters whose outputs lie 90 degrees apart at all but the lowest and highest frequencies.
///
/// The poles are those of an elliptic half-band filter, turned by a quarter (Valenzuela and Constantinides 1983, IEE
/// Proceedings G 130:157; Gazsi 1985, IEEE Trans. CAS 32:203), from the rapidly converging series of the theta functions.
struct PhaseSplitter: Sendable {
    /// Sections in both chains together (project choice: an error below -60 dB).
    static let sections = 12
    /// Distance of the band from 0 and from half the sampling frequency, share of the latter (project choice: 20 Hz).
    static let edge = 0.0009

    /// One section: (c - z^-2) / (1 - c z^-2).
    private struct Section: Sendable {
        let coefficient: Double
        private var inputs = (0.0, 0.0)
        private var outputs = (0.0, 0.0)

        init(coefficient: Double) { self.coefficient = coefficient }

        mutating func pass(_ input: Double) -> Double {
            let output = coefficient * (input + outputs.1) - inputs.1
            inputs = (input, inputs.0)
            outputs = (output, outputs.0)
            return output
        }
    }

    private var direct: [Section]
    private var late: [Section]
    private var previous = 0.0

    /// Filters at rest.
    init() {
        let coefficients = Self.coefficients()
        direct = coefficients.indices.filter { $0.isMultiple(of: 2) }.map { Section(coefficient: coefficients[$0]) }
        late = coefficients.indices.filter { !$0.isMultiple(of: 2) }.map { Section(coefficient: coefficients[$0]) }
    }

    /// The same input through both chains.
    mutating func pass(_ input: Double) -> (inPhase: Double, quadrature: Double) {
        var inPhase = input
        for index in direct.indices { inPhase = direct[index].pass(inPhase) }
        var quadrature = previous
        for index in late.indices { quadrature = late[index].pass(quadrature) }
        previous = input
        return (inPhase, quadrature)
    }

    /// The squares of the poles, in rising order.
    static func coefficients() -> [Double] {
        let corner = PortableMath.unit(turns: (1 - edge * 2) / 8)
        let tangent = corner.sine / corner.cosine
        let modulus = tangent * tangent
        let complement = (1 - modulus * modulus).squareRoot().squareRoot()
        let ratio = 0.5 * (1 - complement) / (1 + complement)
        let fourth = ratio * ratio * ratio * ratio
        let nome = ratio * (1 + fourth * (2 + fourth * (15 + 150 * fourth)))
        let order = 2 * sections + 1
        return (1...sections).map { index in
            let root = thetaQuotient(nome: nome, turns: Double(index) / Double(2 * order))
            let square = root * root
            let distance = ((1 - square * modulus) * (1 - square / modulus)).squareRoot() / (1 + square)
            return (1 - distance) / (1 + distance)
        }
    }

    /// The first theta function over the fourth at an angle, with the factor that makes it a Jacobi sine.
    private static func thetaQuotient(nome: Double, turns: Double) -> Double {
        var upper = 0.0
        var lower = 0.5
        var sign = 1.0
        // The nome is below 0.3: sixteen terms are far beyond the last bit.
        for term in 0..<16 {
            upper += sign * power(nome, term * (term + 1)) * PortableMath.unit(turns: Double(2 * term + 1) * turns).sine
            sign = -sign
            let next = term + 1
            lower += sign * power(nome, next * next) * PortableMath.unit(turns: Double(2 * next) * turns).cosine
        }
        return upper * nome.squareRoot().squareRoot() / lower
    }

    private static func power(_ base: Double, _ exponent: Int) -> Double {
        var result = 1.0
        for _ in 0..<min(exponent, 4096) where result > 0 { result *= base }
        return result
    }
}
