internal import Glibc

/// Room for one column's computation, so that none is allocated for each.
struct ColumnWork: Sendable {
    var real: [Float]
    var imaginary: [Float]
    var realScratch: [Float]
    var imaginaryScratch: [Float]
    /// The result: power of each bin, in the transform's own order.
    var power: [Float]

    init(length: Int) {
        real = [Float](repeating: 0, count: length)
        imaginary = real
        realScratch = real
        imaginaryScratch = real
        power = real
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
    private let removesMean: Bool
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
        let count = Double(settings.fftLength)
        let window = settings.window.weights(settings.fftLength)
        self.window = window.map { Float($0) }
        powerScale = Float(1 / (count * window.reduce(0) { $0 + $1 * $1 }))
        meanScale = Float(1 / window.reduce(0, +))
    }

    /// Computes the power of the window of samples that begins at `index`.
    func compute(_ planes: borrowing SamplePlanes, at index: Int, _ iq: IQCorrection, _ work: inout ColumnWork) {
        load(planes.real, planes.imaginary, index, iq, &work.real, &work.imaginary)
        transform(&work)
    }

    /// Computes the power of a course's vectors of sixteen filtered samples from `vector` on.
    func compute(_ course: borrowing FlowCourse, fromVector vector: Int, _ work: inout ColumnWork) {
        for index in 0..<length / 16 {
            store(course.real[vector + index], &work.realScratch, 16 * index)
            store(course.imaginary[vector + index], &work.imaginaryScratch, 16 * index)
        }
        load(work.realScratch, work.imaginaryScratch, 0, .none, &work.real, &work.imaginary)
        transform(&work)
    }

    private func transform(_ work: inout ColumnWork) {
        let inScratch = transform.passes(
            &work.real, &work.imaginary, &work.realScratch, &work.imaginaryScratch)
        if inScratch {
            SIMDLevel.kernels.square(
                work.realScratch, work.imaginaryScratch, scale: powerScale, length: length, &work.power)
        } else {
            SIMDLevel.kernels.square(
                work.real, work.imaginary, scale: powerScale, length: length, &work.power)
        }
    }

    /// Corrects I and Q, removes the mean where no filter does, and applies the window.
    private func load(
        _ planeReal: UnsafePointer<Float>, _ planeImaginary: UnsafePointer<Float>, _ index: Int,
        _ iq: IQCorrection, _ real: UnsafeMutablePointer<Float>, _ imaginary: UnsafeMutablePointer<Float>
    ) {
        let kernels = SIMDLevel.kernels
        let planeReal = planeReal + index
        let planeImaginary = planeImaginary + index
        var meanI: Float = 0
        var meanQ: Float = 0
        if removesMean {
            meanI = kernels.weightedSum(planeReal, window, length: length) * meanScale
            meanQ = kernels.weightedSum(planeImaginary, window, length: length) * meanScale
        }
        if let regression {
            kernels.loadWindow(
                planeReal, planeImaginary, weights: ones, length: length, meanOfI: 0, meanOfQ: 0,
                shareOfQ: iq.shareOfQ, shareOfI: iq.shareOfI, real, imaginary)
            regression.apply(real)
            regression.apply(imaginary)
            kernels.loadWindow(
                real, imaginary, weights: window, length: length, meanOfI: 0, meanOfQ: 0, shareOfQ: 1, shareOfI: 0,
                real, imaginary)
            return
        }
        kernels.loadWindow(
            planeReal, planeImaginary, weights: window, length: length, meanOfI: meanI, meanOfQ: meanQ,
            shareOfQ: iq.shareOfQ, shareOfI: iq.shareOfI, real, imaginary)
    }
}
