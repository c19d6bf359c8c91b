internal import CVector
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
        let count = Double(settings.fftLength)
        let window = settings.window.weights(settings.fftLength)
        self.window = window.map { Float($0) }
        powerScale = Float(1 / (count * window.reduce(0) { $0 + $1 * $1 }))
        meanScale = Float(1 / window.reduce(0, +))
    }

    /// Computes the power of the window of samples that begins at `index`.
    func compute(_ planes: borrowing SamplePlanes, at index: Int, _ iq: IQCorrection, _ work: inout ColumnWork) {
        load(planes.real, planes.imaginary, index, iq, &work.real, &work.imaginary)
        let inScratch = transform.passes(
            &work.real, &work.imaginary, &work.realScratch, &work.imaginaryScratch)
        if inScratch {
            square(work.realScratch, work.imaginaryScratch, &work.power)
        } else {
            square(work.real, work.imaginary, &work.power)
        }
    }

    /// Corrects I and Q, removes the mean where no filter does, and applies the window.
    private func load(
        _ planeReal: UnsafePointer<Float>, _ planeImaginary: UnsafePointer<Float>, _ index: Int,
        _ iq: IQCorrection, _ real: UnsafeMutablePointer<Float>, _ imaginary: UnsafeMutablePointer<Float>
    ) {
        let shareOfQ = Lanes(repeating: iq.shareOfQ)
        let shareOfI = Lanes(repeating: iq.shareOfI)
        var meanI = Lanes.zero
        var meanQ = Lanes.zero
        if removesMean {
            for pulse in stride(from: 0, to: length, by: 16) {
                let weights = lanes(window, pulse)
                meanI = vector_mad16(lanes(planeReal, index + pulse), weights, meanI)
                meanQ = vector_mad16(lanes(planeImaginary, index + pulse), weights, meanQ)
            }
            meanI = Lanes(repeating: vector_sum16(meanI) * meanScale)
            meanQ = Lanes(repeating: vector_sum16(meanQ) * meanScale)
        }
        if let regression {
            for pulse in stride(from: 0, to: length, by: 16) {
                let i = lanes(planeReal, index + pulse)
                store(i, real, pulse)
                store(vector_mad16(lanes(planeImaginary, index + pulse), shareOfQ, i * shareOfI), imaginary, pulse)
            }
            regression.apply(real)
            regression.apply(imaginary)
            for pulse in stride(from: 0, to: length, by: 16) {
                let weights = lanes(window, pulse)
                store(lanes(real, pulse) * weights, real, pulse)
                store(lanes(imaginary, pulse) * weights, imaginary, pulse)
            }
            return
        }
        for pulse in stride(from: 0, to: length, by: 16) {
            let weights = lanes(window, pulse)
            let i = lanes(planeReal, index + pulse) - meanI
            let q = lanes(planeImaginary, index + pulse) - meanQ
            store(i * weights, real, pulse)
            store(vector_mad16(q, shareOfQ, i * shareOfI) * weights, imaginary, pulse)
        }
    }

    private func square(
        _ real: UnsafePointer<Float>, _ imaginary: UnsafePointer<Float>, _ power: UnsafeMutablePointer<Float>
    ) {
        let scale = Lanes(repeating: powerScale)
        for bin in stride(from: 0, to: length, by: 16) {
            let re = lanes(real, bin)
            let im = lanes(imaginary, bin)
            store(vector_mad16(re, re, im * im) * scale, power, bin)
        }
    }
}
