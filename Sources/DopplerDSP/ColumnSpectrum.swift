internal import Glibc

/// Room for one column's computation, so that none is allocated for each.
struct ColumnWork: Sendable {
    var real: [Float]
    var imaginary: [Float]
    /// What is read from elsewhere, as it is.
    var ownReal: [Float]
    var ownImaginary: [Float]
    var room: FourierTransform.Room

    init(length: Int) {
        real = [Float](repeating: 0, count: length)
        imaginary = real
        ownReal = real
        ownImaginary = real
        room = FourierTransform.Room(length: length)
    }
}

/// The power spectrum of one window of samples.
///
/// The bins of a spectrum add up to the mean power of the samples, weighted by the window's square.
struct ColumnSpectrum: Sendable {
    private let transform: FourierTransform
    private let length: Int
    private let window: [Float]
    /// Weights that change nothing; empty where no regression needs them.
    private let ones: [Float]
    /// Whether the mean is taken from every window, because no filter does it.
    let removesMean: Bool
    /// Whether windows can be computed side by side: a regression takes them one by one.
    var isSideBySide: Bool { regression == nil }
    private let powerScale: Float
    private let meanScale: Float
    private let regression: RegressionFilter?

    /// A spectrum for settings that have been validated.
    init(_ settings: SpectralSettings) throws(DSPError) {
        transform = try FourierTransform(length: settings.fftLength)
        length = settings.fftLength
        removesMean = settings.wallFilterCutoffHz == 0
        regression =
            settings.wallFilter == .regression && settings.wallFilterCutoffHz > 0
            ? try RegressionFilter(
                cutoffHz: settings.wallFilterCutoffHz, prfHz: settings.prfHz, length: settings.fftLength) : nil
        ones = [Float](repeating: 1, count: regression == nil ? 0 : settings.fftLength)
        let window = settings.window.weights(settings.fftLength)
        self.window = window.map { Float($0) }
        powerScale = settings.window.powerScale(settings.fftLength)
        meanScale = Float(1 / window.reduce(0, +))
    }

    /// The weighted means of the window of samples that begins at `index`; 0 where they stay.
    func means(
        _ real: UnsafePointer<Float>, _ imaginary: UnsafePointer<Float>, at index: Int
    ) -> (i: Float, q: Float) {
        guard removesMean else { return (0, 0) }
        return (mean(real, index), mean(imaginary, index))
    }

    private func mean(_ plane: UnsafePointer<Float>, _ index: Int) -> Float {
        SIMDLevel.kernels.weightedSum(plane + index, window, length: length) * meanScale
    }

    /// Computes the power of the window of samples that begins at `index`, `length` bins.
    ///
    /// - Parameter isOrdered: whether bins stand in the order of their frequencies, from the lowest, or in the transform's own.
    func compute(
        _ planes: borrowing SamplePlanes, at index: Int, _ iq: IQCorrection, isOrdered: Bool = false,
        _ work: inout ColumnWork, _ power: UnsafeMutablePointer<Float>
    ) {
        let means = means(planes.real, planes.imaginary, at: index)
        compute(planes.real, planes.imaginary, index, iq, means, isOrdered, &work, power)
    }

    /// Computes the power of a course's vectors of sixteen filtered samples from `vector` on, `length` bins.
    func compute(
        _ course: borrowing FlowCourse, fromVector vector: Int, _ work: inout ColumnWork,
        _ power: UnsafeMutablePointer<Float>
    ) {
        for index in 0..<length / 16 {
            store(course.real[vector + index], &work.ownReal, 16 * index)
            store(course.imaginary[vector + index], &work.ownImaginary, 16 * index)
        }
        let means = means(work.ownReal, work.ownImaginary, at: 0)
        compute(work.ownReal, work.ownImaginary, 0, .none, means, false, &work, power)
    }

    private func compute(
        _ real: UnsafePointer<Float>, _ imaginary: UnsafePointer<Float>, _ index: Int, _ iq: IQCorrection,
        _ means: (i: Float, q: Float), _ isOrdered: Bool, _ work: inout ColumnWork,
        _ power: UnsafeMutablePointer<Float>
    ) {
        guard let regression else {
            return transform(
                SampleWindow(
                    real: real + index, imaginary: imaginary + index, meanOfI: means.i, meanOfQ: means.q, iq: iq),
                isOrdered, &work.room, power)
        }
        SIMDLevel.kernels.loadWindow(
            real + index, imaginary + index, weights: ones, length: length, meanOfI: 0, meanOfQ: 0,
            shareOfQ: iq.shareOfQ, shareOfI: iq.shareOfI, &work.real, &work.imaginary)
        regression.apply(&work.real)
        regression.apply(&work.imaginary)
        Self.withPlanes(work.real, work.imaginary) { mended in
            transform(mended, isOrdered, &work.room, power)
        }
    }

    private static func withPlanes(
        _ real: UnsafePointer<Float>, _ imaginary: UnsafePointer<Float>, _ body: (SampleWindow) -> Void
    ) { body(SampleWindow(real: real, imaginary: imaginary)) }

    private func transform(
        _ samples: SampleWindow, _ isOrdered: Bool, _ room: inout FourierTransform.Room,
        _ power: UnsafeMutablePointer<Float>
    ) {
        transform.power(of: samples, weights: window, scale: powerScale, isOrdered: isOrdered, &room, power)
    }
}
