internal import CVector

/// Estimates the noise of one column from its power spectrum, alike for both directions.
///
/// The band outside the wall filter is cut into segments. A low rank among the segments' means, corrected for the
/// spread of such means, is a first estimate that flow in up to three quarters of the band leaves alone; the mean of
/// all segments near it is the second, which has less scatter. A bin of a periodogram is exponentially
/// distributed and correlated with its neighbours by the window: Hann's by (2/3)^2 and (1/6)^2.
struct NoiseEstimator: Sendable {
    /// Most segments (project choice).
    private static let mostSegments = 16
    /// Fewest bins of a segment on average (project choice).
    private static let fewestBins = 8
    /// Where the wall filter's response is within 0.2 dB of 1, in cut-offs (Butterworth of order 4).
    private static let passbandStart = 1.5
    /// Least bins used, however high the cut-off is (project choice).
    private static let leastBand = 16
    /// Standard deviations above the first estimate up to which a segment counts as noise (project choice).
    private static let nearNoise = 2.5
    /// Standard score of the rank at one quarter.
    private static let quartileScore = -0.674
    /// What leaving out the highest segments takes from the estimate, in bins of the band: found by simulation of
    /// white noise, 64 to 1024 bins.
    private static let leftOutBins = 7.7

    private let edges: [Int]
    private let edges32: [Int32]
    private let rank: Int
    private let firstScale: Float
    private let nearLimit: Float
    private let lastScale: Float

    /// An estimator for spectra in the transform's own order.
    init(_ settings: SpectralSettings) {
        let length = settings.fftLength
        let wanted = Int((Self.passbandStart * settings.wallFilterCutoffHz / settings.binWidthHz).rounded(.up))
        let firstBin = max(1, min(wanted, (length - Self.leastBand) / 2))
        let band = length - 2 * firstBin + 1
        let segments = max(2, min(Self.mostSegments, band / Self.fewestBins))
        edges = (0...segments).map { firstBin + $0 * band / segments }
        edges32 = edges.map { Int32($0) }
        rank = max(1, segments / 4)
        let bins = Double(band) / Double(segments)
        let inflation = (1...3).reduce(1.0) { sum, distance in
            sum + 2 * max(0, bins - Double(distance)) / bins * settings.window.squaredCorrelation(distance)
        }
        let shape = bins / inflation
        // Quantile of a gamma distribution of mean 1 (Wilson and Hilferty 1931).
        let root = 1 - 1 / (9 * shape) + Self.quartileScore / (3 * shape.squareRoot())
        firstScale = Float(1 / (root * root * root))
        nearLimit = Float(1 + Self.nearNoise / shape.squareRoot())
        lastScale = Float(1 / max(0.8, 1 - Self.leftOutBins / Double(band)))
    }

    /// Share of the segments in which a rise must show: half of the band is free of flow in one direction, and a
    /// segment alone scatters (project choice).
    private static let risenShare = 0.25

    /// How far a spectrum has risen over two others and a least power, as a ratio that a quarter of the segments reach.
    ///
    /// - Returns: `nil` when a spectrum is missing.
    func rise(of power: [Float]?, over before: [Float]?, and behind: [Float]?, least: Float) -> Float? {
        guard let power, let before, let behind else { return nil }
        let ratios = zip(edges, edges.dropFirst()).map { first, end in
            let bins = Float(end - first)
            func mean(_ values: [Float]) -> Float { values[first..<end].reduce(0, +) / bins }
            return mean(power) / max(mean(before), mean(behind), least)
        }.sorted(by: >)
        return ratios[Int(Self.risenShare * Double(ratios.count))]
    }

    /// Mean noise of a bin of each lane: `bins` has a vector for each bin.
    func noise(
        ofLanes bins: UnsafePointer<Float>, _ noise: UnsafeMutablePointer<Float>,
        by kernels: any VectorKernels.Type = SIMDLevel.kernels
    ) {
        edges32.withUnsafeBufferPointer { edges in
            let plan = vector_noise_plan(
                edges: edges.baseAddress, segments: Int32(edges.count - 1), rank: Int32(rank),
                first_scale: firstScale, near_limit: nearLimit, last_scale: lastScale)
            kernels.noise(bins, plan, noise)
        }
    }

    /// Mean noise of a bin.
    func noise(of power: UnsafePointer<Float>) -> Float {
        var means = InlineArray<16, Float>(repeating: 0)
        var sorted = InlineArray<16, Float>(repeating: 0)
        let segments = edges.count - 1
        for segment in 0..<segments {
            let first = edges[segment]
            let bins = edges[segment + 1] - first
            let mean = sum(power + first, bins) / Float(bins)
            means[segment] = mean
            var place = segment
            while place > 0, sorted[place - 1] > mean {
                sorted[place] = sorted[place - 1]
                place -= 1
            }
            sorted[place] = mean
        }
        let lowest = sorted[rank - 1]
        var estimate = lowest * firstScale
        for _ in 0..<2 {
            let limit = max(lowest, estimate * nearLimit)
            var total: Float = 0
            var used = 0
            for segment in 0..<segments where means[segment] <= limit {
                let bins = edges[segment + 1] - edges[segment]
                total += means[segment] * Float(bins)
                used += bins
            }
            if used > 0 { estimate = total / Float(used) }
        }
        return estimate * lastScale
    }
}

/// Sum of `count` values.
func sum(_ values: UnsafePointer<Float>, _ count: Int) -> Float { SIMDLevel.kernels.sum(values, count: count) }
