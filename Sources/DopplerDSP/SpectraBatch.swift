internal import CVector

/// Power spectra of several windows of samples side by side, as many at once as the processor has lanes.
///
/// Each is, bit by bit, what `FourierTransform` gives for that window alone.
public struct SpectraBatch: Sendable {
    /// Complex values of each window.
    public let length: Int
    /// Windows that are computed at once.
    public let lanes: Int
    private let weights: [Float]
    private let scale: Float
    /// For each pass but the last and each position w, w^2, w^3, real and imaginary.
    private let factors: [Float]
    /// The bin of each last butterfly's first result.
    private let order: [Int32]
    private let kernels: any VectorKernels.Type

    /// Room for the passes, and the bins of all lanes; what is used of both begins at a whole cache line.
    private var room: [Float]
    private var bins: [Float]
    /// Where the window of each lane begins.
    private var starts: [Int]
    /// What is taken from I in each lane, then from Q, then the shares of Q in each lane's corrected Q and those of I.
    private var corrections: [Float]

    /// Spectra of windows of a length that `FourierTransform` offers, scaled so that the bins of a spectrum add up to the
    /// mean power of the samples, weighted by the window's square.
    ///
    /// - Throws: `DSPError.fftLength` for a length that is not offered.
    public init(length: Int, window: SpectralWindow = .hann) throws(DSPError) {
        try self.init(length: length, window: window, by: SIMDLevel.kernels)
    }

    init(length: Int, window: SpectralWindow, by kernels: any VectorKernels.Type) throws(DSPError) {
        let transform = try FourierTransform(length: length)
        self.length = length
        self.kernels = kernels
        lanes = kernels.batchLanes
        weights = window.weights(length).map { Float($0) }
        scale = window.powerScale(length)
        factors = transform.laneFactors
        order = transform.laneOrder
        room = [Float](repeating: 0, count: 2 * length * lanes + LineArray.lineValues)
        bins = [Float](repeating: 0, count: length * lanes + LineArray.lineValues)
        starts = [Int](repeating: 0, count: lanes)
        corrections = [Float](repeating: 0, count: 4 * lanes)
    }

    /// Computes the power of windows of one record.
    ///
    /// - Parameters:
    ///   - starts: index of each window's first sample; any number.
    ///   - power: the result, `length` bins of each window, in the transform's own order.
    /// - Throws: `DSPError.arrayLength` where I and Q differ, a window is not within them or `power` has not room for
    ///   just all spectra.
    public mutating func compute(
        _ inPhase: [Float], _ quadrature: [Float], starts: [Int], _ power: inout [Float]
    ) throws(DSPError) {
        guard inPhase.count == quadrature.count else {
            throw .arrayLength(found: quadrature.count, expected: inPhase.count)
        }
        for start in starts where start < 0 || start > inPhase.count - length {
            throw .arrayLength(found: inPhase.count, expected: max(start, 0) &+ length)
        }
        guard power.count == starts.count * length else {
            throw .arrayLength(found: power.count, expected: starts.count * length)
        }
        for first in stride(from: 0, to: starts.count, by: lanes) {
            let count = min(lanes, starts.count - first)
            for lane in 0..<lanes { set(lane: lane, start: starts[first + min(lane, count - 1)], .none) }
            transform(inPhase, quadrature, isCorrected: false, hasMeans: false)
            if count == lanes {
                power.withUnsafeMutableBufferPointer { power in
                    if let target = power.baseAddress { writeRows(target + first * length) }
                }
            } else {
                var rows = [Float](repeating: 0, count: lanes * length)
                writeRows(&rows)
                power.replaceSubrange(first * length..<(first + count) * length, with: rows[..<(count * length)])
            }
        }
    }

    /// Says where a lane's window begins in both planes, how its Q is mended and what is taken from I and Q before.
    mutating func set(lane: Int, start: Int, _ iq: IQCorrection, meanOfI: Float = 0, meanOfQ: Float = 0) {
        starts[lane] = start
        let lanes = lanes
        corrections.withUnsafeMutableBufferPointer { values in
            values[lane] = meanOfI
            values[lanes + lane] = meanOfQ
            values[2 * lanes + lane] = iq.shareOfQ
            values[3 * lanes + lane] = iq.shareOfI
        }
    }

    /// Computes the spectra of the windows that were set; all lanes must have been.
    mutating func transform(
        _ real: UnsafePointer<Float>, _ imaginary: UnsafePointer<Float>, isCorrected: Bool, hasMeans: Bool
    ) {
        Self.withPlan(length, weights, factors, order, scale) { plan in
            Self.withWindows(lanes, starts, corrections, hasMeans: hasMeans, isCorrected: isCorrected) { windows in
                Self.run(kernels, plan, windows, real, imaginary, &room, &bins)
            }
        }
    }

    /// Writes the spectra as rows of `length` bins, one for each lane.
    ///
    /// - Parameter isOrdered: whether bins stand in the order of their frequencies, from the lowest, or in the transform's own.
    func writeRows(_ rows: UnsafeMutablePointer<Float>, isOrdered: Bool = false) {
        withBins { kernels.spreadRows($0, length: length, first: isOrdered ? length / 2 : 0, rows) }
    }

    /// Reads the spectra as they stand: for each bin a vector of all lanes.
    func withBins(_ body: (UnsafePointer<Float>) -> Void) {
        bins.withUnsafeBufferPointer { bins in
            guard let start = bins.baseAddress else { return }
            body(UnsafePointer(LineArray.wholeLine(UnsafeMutablePointer(mutating: start))))
        }
    }

    private static func run(
        _ kernels: any VectorKernels.Type, _ plan: vector_spectra_plan, _ windows: vector_spectra_windows,
        _ real: UnsafePointer<Float>, _ imaginary: UnsafePointer<Float>, _ room: UnsafeMutablePointer<Float>,
        _ bins: UnsafeMutablePointer<Float>
    ) {
        kernels.spectra(plan, windows, real, imaginary, room: LineArray.wholeLine(room), LineArray.wholeLine(bins))
    }

    private static func withPlan(
        _ length: Int, _ weights: UnsafePointer<Float>, _ factors: UnsafePointer<Float>,
        _ order: UnsafePointer<Int32>, _ scale: Float, _ body: (vector_spectra_plan) -> Void
    ) {
        body(
            vector_spectra_plan(length: length, weights: weights, factors: factors, order: order, scale: scale))
    }

    private static func withWindows(
        _ lanes: Int, _ starts: UnsafePointer<Int>, _ corrections: UnsafePointer<Float>, hasMeans: Bool,
        isCorrected: Bool, _ body: (vector_spectra_windows) -> Void
    ) {
        body(
            vector_spectra_windows(
                starts: starts, meansOfI: hasMeans ? corrections : nil, meansOfQ: hasMeans ? corrections + lanes : nil,
                sharesOfQ: isCorrected ? corrections + 2 * lanes : nil,
                sharesOfI: isCorrected ? corrections + 3 * lanes : nil))
    }
}
