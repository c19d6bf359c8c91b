internal import CVector
internal import Glibc

/// The wall filter by polynomial regression: what a polynomial explains is taken out of each window.
///
/// The polynomials are orthonormal over the window's pulses (Hoeks 1991, Ultrasound Med Biol 17:1; Bjaerum 2002,
/// 10.1109/58.985705). It has no memory, so no transient follows a start or a gap, and its edge is as steep as the window
/// allows.
public struct RegressionFilter: Sendable, Hashable {
    /// Highest power of the polynomial that is taken out; -1 takes nothing out.
    public let order: Int
    /// Length of the window, pulses.
    public let length: Int
    /// Sample rate, Hz.
    public let prfHz: Double
    /// The polynomials one after another.
    private let basis: [Float]

    /// Highest order that is offered: beyond, steps of single precision show (project choice).
    public static let highestOrder = 15
    /// 3 and 6 dB as shares of power.
    private static let halfPower = 0.5
    private static let quarterPower = 0.251_188_643_150_958
    /// Steps in which a response is followed, of one bin (project choice).
    private static let stepsABin = 20.0

    /// The filter of highest order whose 3 dB point is not above a cut-off in Hz; order 0 at least.
    ///
    /// - Throws: `DSPError` when rate, cut-off or length cannot be used.
    public init(cutoffHz: Double, prfHz: Double, length: Int) throws(DSPError) {
        guard prfHz.isFinite, prfHz > 0 else { throw .prf(prfHz) }
        guard cutoffHz >= 0, cutoffHz < prfHz / 2 else { throw .wallFilterCutoff(cutoffHz: cutoffHz, prfHz: prfHz) }
        guard SpectralSettings.fftLengthRange.contains(length), length.nonzeroBitCount == 1 else {
            throw .fftLength(length)
        }
        var basis = [Self.polynomial(after: [], length: length)]
        while basis.count <= Self.highestOrder {
            let more = basis + [Self.polynomial(after: basis, length: length)]
            let point = Self.point(ofPower: Self.halfPower, more, prfHz: prfHz, length: length)
            guard point <= cutoffHz else { break }
            basis = more
        }
        order = basis.count - 1
        self.length = length
        self.prfHz = prfHz
        self.basis = basis.flatMap { $0.map { Float($0) } }
    }

    /// The lowest shift that counts as detectable: where the response is 6 dB down, Hz.
    public var lowestDetectableHz: Double {
        let rows = (0...order).map { row in (0..<length).map { Double(basis[row * length + $0]) } }
        return Self.point(ofPower: Self.quarterPower, rows, prfHz: prfHz, length: length)
    }

    /// Share of a tone's power that passes at a shift in Hz, 0 to 1.
    public func powerResponse(atHz shiftHz: Double) -> Double {
        let rows = (0...order).map { row in (0..<length).map { Double(basis[row * length + $0]) } }
        return Self.power(rows, turns: shiftHz / prfHz, length: length)
    }

    /// Takes the polynomial out of a window of values, in place.
    func apply(_ values: UnsafeMutablePointer<Float>) {
        basis.withUnsafeBufferPointer { buffer in
            guard let basis = buffer.baseAddress else { return }
            for row in 0...order {
                let polynomial = basis + row * length
                var sum = Lanes.zero
                for pulse in stride(from: 0, to: length, by: 16) {
                    sum = vector_mad16(lanes(values, pulse), lanes(polynomial, pulse), sum)
                }
                let factor = Lanes(repeating: -vector_sum16(sum))
                for pulse in stride(from: 0, to: length, by: 16) {
                    store(vector_mad16(lanes(polynomial, pulse), factor, lanes(values, pulse)), values, pulse)
                }
            }
        }
    }

    /// The next polynomial, orthonormal to those before it.
    private static func polynomial(after basis: [[Double]], length: Int) -> [Double] {
        let last = basis.last ?? []
        // The next power as the last polynomial times the place, which keeps the numbers small.
        var next = (0..<length).map { pulse -> Double in
            guard !last.isEmpty else { return 1 }
            return last[pulse] * (2 * Double(pulse) / Double(length - 1) - 1)
        }
        for _ in 0..<2 {
            for row in basis {
                let product = zip(row, next).reduce(0) { $0 + $1.0 * $1.1 }
                for pulse in next.indices { next[pulse] -= product * row[pulse] }
            }
        }
        let norm = next.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return next.map { $0 / norm }
    }

    private static func power(_ basis: [[Double]], turns: Double, length: Int) -> Double {
        var taken = 0.0
        for row in basis {
            var re = 0.0
            var im = 0.0
            for pulse in 0..<length {
                let angle = 2 * Double.pi * turns * Double(pulse)
                re += row[pulse] * cos(angle)
                im += row[pulse] * sin(angle)
            }
            taken += re * re + im * im
        }
        return max(0, 1 - taken / Double(length))
    }

    /// The lowest shift at which a share of the power passes, Hz.
    private static func point(ofPower share: Double, _ basis: [[Double]], prfHz: Double, length: Int) -> Double {
        let step = 1 / (stepsABin * Double(length))
        var turns = 0.0
        while turns < 0.5, power(basis, turns: turns, length: length) < share { turns += step }
        return turns * prfHz
    }
}
