internal import CVector
internal import Glibc

/// A complex Fourier transform whose length is a power of two from 64 to 1024.
///
/// X[k] = sum over n of x[n] exp(-2 pi i k n / length), not scaled. Real and imaginary parts are apart. The
/// method is Stockham's: radix 4 without a reordering pass, one radix-2 pass at the end where the length is not
/// a power of four (Van Loan 1992, "Computational Frameworks for the Fast Fourier Transform", section 1.7).
public struct FourierTransform: Sendable {
    /// Number of complex values.
    public let length: Int
    /// Factors of all passes.
    ///
    /// Of the first and the second pass, as vectors: for each group w, w^2, w^3, real and imaginary. Behind them those of
    /// the later passes: for each position the same.
    private let factors: LineArray
    private let vectorFactorCount: Int
    private let kernels: any VectorKernels.Type

    /// Memory that a transform works in, so that none is allocated for each; one at a time may use it.
    public struct Room: Sendable {
        fileprivate var values: [Float]
        fileprivate let length: Int

        init(length: Int) {
            values = [Float](repeating: 0, count: 4 * length + LineArray.lineValues)
            self.length = length
        }
    }

    /// A transform of one length.
    ///
    /// - Throws: `DSPError.fftLength` for a length that is not offered.
    public init(length: Int) throws(DSPError) { try self.init(length: length, by: SIMDLevel.kernels) }

    init(length: Int, by kernels: any VectorKernels.Type) throws(DSPError) {
        guard SpectralSettings.fftLengthRange.contains(length), length.nonzeroBitCount == 1 else {
            throw .fftLength(length)
        }
        self.length = length
        self.kernels = kernels
        let vectors =
            Self.vectorFactors(length: length, lanesAPosition: 1)
            + Self.vectorFactors(length: length / 4, lanesAPosition: 4)
        var scalars: [Float] = []
        var remaining = length / 16
        while remaining > 4 {
            for position in 0..<remaining / 4 {
                scalars += (1...3).flatMap { Self.factor(position * $0, remaining) }
            }
            remaining /= 4
        }
        vectorFactorCount = vectors.count
        factors = LineArray(vectors + scalars)
    }

    /// Room for this transform.
    public func makeRoom() -> Room { Room(length: length) }

    /// Transforms in place.
    ///
    /// - Throws: `DSPError.arrayLength` when an array does not have `length` values.
    public func transform(_ real: inout [Float], _ imaginary: inout [Float]) throws(DSPError) {
        var room = makeRoom()
        try transform(&real, &imaginary, &room)
    }

    /// Transforms in place with room to work in, without an allocation.
    ///
    /// - Throws: `DSPError.arrayLength` when an array does not have `length` values, or the room is that of a shorter
    ///   transform.
    public func transform(
        _ real: inout [Float], _ imaginary: inout [Float], _ room: inout Room
    ) throws(DSPError) {
        guard real.count == length else { throw .arrayLength(found: real.count, expected: length) }
        guard imaginary.count == length else { throw .arrayLength(found: imaginary.count, expected: length) }
        guard room.length >= length else { throw .arrayLength(found: room.length, expected: length) }
        real.withUnsafeMutableBufferPointer { real in
            imaginary.withUnsafeMutableBufferPointer { imaginary in
                guard let real = real.baseAddress, let imaginary = imaginary.baseAddress else { return }
                passes(real, imaginary, &room)
            }
        }
    }

    /// Runs all passes; the values must be `length` each, and the room no shorter.
    func passes(
        _ real: UnsafeMutablePointer<Float>, _ imaginary: UnsafeMutablePointer<Float>, _ room: inout Room
    ) {
        factors.withPointer { factors in
            room.values.withUnsafeMutableBufferPointer { room in
                guard let room = room.baseAddress else { return }
                kernels.fourierPasses(
                    length: length, vectorFactors: factors, scalarFactors: factors + vectorFactorCount, real, imaginary,
                    room: LineArray.wholeLine(room))
            }
        }
    }

    /// Computes the power of one window, `length` bins.
    ///
    /// - Parameters:
    ///   - weights: `length` values.
    ///   - isOrdered: whether bins stand in the order of their frequencies, from the lowest, or in the transform's own.
    func power(
        of window: SampleWindow, weights: UnsafePointer<Float>, scale: Float, isOrdered: Bool, _ room: inout Room,
        _ power: UnsafeMutablePointer<Float>
    ) {
        let window = vector_window(
            real: window.real, imaginary: window.imaginary, meanOfI: window.meanOfI, meanOfQ: window.meanOfQ,
            shareOfQ: window.iq.shareOfQ, shareOfI: window.iq.shareOfI)
        factors.withPointer { factors in
            let plan = vector_window_plan(
                length: length, weights: weights, vectorFactors: factors, scalarFactors: factors + vectorFactorCount,
                scale: scale)
            room.values.withUnsafeMutableBufferPointer { room in
                guard let room = room.baseAddress else { return }
                kernels.windowPower(plan, window, isOrdered: isOrdered, room: LineArray.wholeLine(room), power)
            }
        }
    }

    private static func vectorFactors(length: Int, lanesAPosition: Int) -> [Float] {
        let positionsAVector = 16 / lanesAPosition
        var factors: [Float] = []
        for group in 0..<length / 4 / positionsAVector {
            for power in 1...3 {
                let vector = (0..<16).map { lane in
                    factor((group * positionsAVector + lane / lanesAPosition) * power, length)
                }
                factors += vector.map { $0[0] } + vector.map { $0[1] }
            }
        }
        return factors
    }

    /// Factors of all passes but the last for `Kernels.spectra`: for each position w, w^2, w^3, real and imaginary.
    var laneFactors: [Float] {
        var factors: [Float] = []
        var remaining = length
        while remaining > 4 {
            for position in 0..<remaining / 4 {
                factors += (1...3).flatMap { Self.factor(position * $0, remaining) }
            }
            remaining /= 4
        }
        return factors
    }

    /// The bin of each last butterfly's first result, when every pass overwrites what it has read.
    var laneOrder: [Int32] {
        var steps: [Int] = []
        var remaining = length
        while remaining > 4 {
            steps.append(length / remaining)
            remaining /= 4
        }
        return (0..<length / remaining).map { butterfly in
            var rest = butterfly
            return Int32(
                steps.reversed().reduce(0) { bin, step in
                    defer { rest /= 4 }
                    return bin + rest % 4 * step
                })
        }
    }

    /// Real and imaginary part of exp(-2 pi i numerator / denominator).
    private static func factor(_ numerator: Int, _ denominator: Int) -> [Float] {
        let angle = -2 * Double.pi * Double(numerator) / Double(denominator)
        return [Float(cos(angle)), Float(sin(angle))]
    }
}

/// Where one window's samples are, and what is done to them before they are weighted.
struct SampleWindow {
    let real: UnsafePointer<Float>
    let imaginary: UnsafePointer<Float>
    /// What is taken from I and Q.
    var meanOfI: Float = 0
    var meanOfQ: Float = 0
    /// How Q is mended then.
    var iq = IQCorrection.none
}
