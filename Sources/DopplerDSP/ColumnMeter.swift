internal import CVector
internal import Glibc

/// The figures of a column that follow from its power spectrum and the noise alone.
struct ColumnFigures: Sendable {
    var meanShiftHz: Float?
    var spectralMeanShiftHz: Float?
    var envelopeTowardsHz: Float?
    var envelopeAwayHz: Float?
    var signalToNoiseTowardsDb: Float
    var signalToNoiseAwayDb: Float
    var isAliased: Bool
}

/// Measures flow in a power spectrum that stands in the transform's own order.
struct ColumnMeter: Sendable {
    /// The noise ratio of the envelope: what a bin's power over the noise is compared with.
    ///
    /// A likelihood-ratio test of flow 10 dB over the noise against noise alone adds, for exponentially distributed
    /// bins, the ratio less ln(10) / (1 - 1/10); the sum over a run of bins is Page's test (Page 1954,
    /// "Continuous inspection schemes"). The 10 dB are a project choice.
    static let noiseRatio: Float = 2.558
    /// Sum over a run of bins of their ratios less `noiseRatio` from which on the run is flow, at 128 bins.
    ///
    /// By simulation of white noise, fewer than 1 of 100 columns reach it in either direction.
    static let flowThreshold: Float = 18
    /// Bins this far over the noise count in the intensity-weighted mean: noise alone does so in 2 of 100.
    static let weightedRatio: Float = 4
    /// Share of the Nyquist limit from which on an envelope counts as aliased (project acceptance bar).
    static let aliasedShare = 0.95
    /// Least ratio that is given in dB: -30 dB (project choice), so that an empty band has a figure.
    static let leastRatio: Float = 1e-3
    /// Half width of the Hann window's main lobe, by which it widens a spectrum far above the noise, bins (Harris
    /// 1978, table I: 6 dB width 2.0).
    static let lobeHalfWidthBins: Float = 1

    private let length: Int
    private let half: Int
    private let firstBin: Int
    private let prfHz: Float
    private let binWidthHz: Float
    private let method: EnvelopeMethod
    private let threshold: Float
    private let aliasedHz: Float
    private let cosines: [Float]
    private let sines: [Float]
    private let cosineSum: Float

    /// A meter for settings that have been validated.
    init(_ settings: SpectralSettings) {
        length = settings.fftLength
        half = length / 2
        let first = Int((settings.wallFilterCutoffHz / settings.binWidthHz).rounded(.up))
        let lowest = max(1, min(first, half - 1))
        firstBin = lowest
        prfHz = Float(settings.prfHz)
        binWidthHz = Float(settings.binWidthHz)
        method = settings.envelopeMethod
        // Twice as many bins reach a sum that is about 1 higher by chance.
        threshold = Self.flowThreshold + Float(log2(Double(settings.fftLength) / 128))
        aliasedHz = Float(Self.aliasedShare * settings.prfHz / 2)
        let length = self.length
        let inBand = (0..<length).map { $0 >= lowest && $0 <= length - lowest }
        let angles = (0..<length).map { 2 * Double.pi * Double($0) / Double(length) }
        cosines = zip(angles, inBand).map { $1 ? Float(cos($0)) : 0 }
        sines = zip(angles, inBand).map { $1 ? Float(sin($0)) : 0 }
        cosineSum = cosines.reduce(0, +)
    }

    /// Measures one spectrum against the noise of a bin, above 0.
    func figures(_ power: UnsafePointer<Float>, noise: Float) -> ColumnFigures {
        let perNoise = 1 / noise
        let found = scan(power, perNoise: perNoise)
        let flowsTowards = found.strength.towards >= threshold
        let flowsAway = found.strength.away >= threshold
        let last = max(
            flowsTowards ? Int(found.lastBin.towards) : 0, flowsAway ? Int(found.lastBin.away) : 0)
        let band = (last > 0 ? last : half - 1) - firstBin + 1
        var figures = ColumnFigures(
            signalToNoiseTowardsDb: decibels(sum(power + firstBin, band) / Float(band) * perNoise),
            signalToNoiseAwayDb: decibels(
                sum(power + length - firstBin - band + 1, band) / Float(band) * perNoise),
            isAliased: false)
        guard flowsTowards || flowsAway else { return figures }
        figures.meanShiftHz = meanShiftHz(power, noise: noise)
        let weight = found.weight.sum()
        if weight > 0 { figures.spectralMeanShiftHz = (found.moment.towards - found.moment.away) / weight * binWidthHz }
        let lastBins = method == .noiseThreshold ? found.lastBin : geometricBins(power, found, perNoise: perNoise)
        let envelopes = (lastBins + (method == .noiseThreshold ? 0.5 - Self.lobeHalfWidthBins : 0.5)) * binWidthHz
        if flowsTowards { figures.envelopeTowardsHz = envelopes.towards }
        if flowsAway { figures.envelopeAwayHz = -envelopes.away }
        figures.isAliased = max(figures.envelopeTowardsHz ?? 0, -(figures.envelopeAwayHz ?? 0)) >= aliasedHz
        return figures
    }

    /// What one pass over the bins finds, each for both directions.
    private struct Scan {
        /// Greatest sum over a run of bins.
        var strength = Sides.zero
        /// Distance from 0 Hz of that run's last bin.
        var lastBin = Sides.zero
        /// Power over the noise, and its moment in bins, of the bins well above it.
        var weight = Sides.zero
        var moment = Sides.zero
        /// All ratios together.
        var total = Sides.zero
    }

    private func scan(_ power: UnsafePointer<Float>, perNoise: Float) -> Scan {
        var found = Scan()
        var run = Sides.zero
        for bin in firstBin..<half {
            let ratio = Sides(power[bin], power[length - bin]) * perNoise
            let distance = Sides(repeating: Float(bin))
            found.total += ratio
            run = pointwiseMax(run, .zero) + (ratio - Self.noiseRatio)
            let isStronger = run .> found.strength
            found.strength.replace(with: run, where: isStronger)
            found.lastBin.replace(with: distance, where: isStronger)
            let weight = (ratio - 1).replacing(with: 0, where: ratio .<= Self.weightedRatio)
            found.weight += weight
            found.moment += weight * distance
        }
        return found
    }

    /// The last bins by the modified geometric method.
    ///
    /// The chord ends as far behind the side as the side is wide, on bins of the common noise: its slope is then half
    /// the flow's power even where flow fills the side.
    private func geometricBins(_ power: UnsafePointer<Float>, _ found: Scan, perNoise: Float) -> Sides {
        let slope = (found.total / Float(half - firstBin) + 1) / 2
        var distance = Sides.zero
        var greatest = Sides.zero
        var lastBins = Sides(repeating: Float(firstBin))
        for bin in firstBin..<half {
            distance += Sides(power[bin], power[length - bin]) * perNoise - slope
            let isGreater = distance .> greatest
            greatest.replace(with: distance, where: isGreater)
            lastBins.replace(with: Sides(repeating: Float(bin)), where: isGreater)
        }
        return lastBins
    }

    /// Kasai's mean shift: the phase of the autocorrelation at one pulse's distance (Kasai 1985,
    /// 10.1109/T-SU.1985.31615).
    ///
    /// It is taken from the spectrum, so that what the wall filter left in its stop band stays out and the mean
    /// noise cancels.
    private func meanShiftHz(_ power: UnsafePointer<Float>, noise: Float) -> Float? {
        var realLanes = Lanes.zero
        var imaginaryLanes = Lanes.zero
        for bin in stride(from: 0, to: length, by: 16) {
            let values = lanes(power, bin)
            realLanes = vector_mad16(values, lanes(cosines, bin), realLanes)
            imaginaryLanes = vector_mad16(values, lanes(sines, bin), imaginaryLanes)
        }
        let real = vector_sum16(realLanes) - noise * cosineSum
        let imaginary = vector_sum16(imaginaryLanes)
        guard real != 0 || imaginary != 0 else { return nil }
        return atan2f(imaginary, real) / (2 * .pi) * prfHz
    }

    private func decibels(_ ratio: Float) -> Float { 10 * log10f(max(ratio, Self.leastRatio)) }
}

/// A value for each direction, computed side by side.
private typealias Sides = SIMD2<Float>

extension Sides {
    /// The value towards the transducer.
    fileprivate var towards: Float { x }
    /// The value away from the transducer.
    fileprivate var away: Float { y }
}
