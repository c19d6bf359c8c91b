internal import CVector
internal import Glibc

/// The figures of a column that follow from its power spectrum and the noise alone.
struct ColumnFigures: Sendable, Hashable {
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
    /// What a bin's power over the noise is compared with to find flow.
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
    /// Where the wall filter of order 4 passes nine tenths of the power, in cut-offs: 9 ^ (1/8).
    static let passedCutoffs = 1.316

    /// Fewest bins on one side of 0 Hz: those within the wall filter's edge and as many beyond as fill its gap.
    var fewestBins: Int { passedBin + FlowSide.fillBins }

    private let length: Int
    /// Where each direction's bins end, as a distance from 0 Hz: half of the length unless the baseline is shifted.
    private let towardsEnd: Int
    private let awayEnd: Int
    private let firstBin: Int
    /// First bin that the wall filter leaves alone.
    private let passedBin: Int
    private let prfHz: Float
    private let binWidthHz: Float
    private let threshold: Float
    private let aliasedTowardsHz: Float
    private let aliasedAwayHz: Float
    private let edges: EnvelopeEdge
    /// Cosine and sine of each bin's angle.
    private let turns: [SIMD2<Float>]
    /// The same of the bins that the wall filter leaves alone, else 0.
    private let cosines: [Float]
    private let sines: [Float]
    /// Sums over the bins that the wall filter leaves alone, and over those below them of one side.
    private let cosineSum: Float
    private let lowCosineSum: Float
    private let lowSineSum: Float

    /// A meter for settings that have been validated.
    init(_ settings: SpectralSettings, baseline: BaselineShift = .middle) {
        let length = settings.fftLength
        self.length = length
        let shiftBins = baseline.bins(fftLength: length)
        towardsEnd = length / 2 + shiftBins
        awayEnd = length / 2 - shiftBins
        func bin(_ cutoffs: Double) -> Int {
            let wanted = Int((cutoffs * settings.wallFilterCutoffHz / settings.binWidthHz).rounded(.up))
            return max(1, min(wanted, length / 2 - 1))
        }
        let lowest = bin(1)
        let passed = max(lowest, bin(Self.passedCutoffs))
        firstBin = lowest
        passedBin = passed
        prfHz = Float(settings.prfHz)
        binWidthHz = Float(settings.binWidthHz)
        edges = EnvelopeEdge(
            method: settings.envelopeMethod, lobeHalfWidth: settings.window.lobeHalfWidth)
        // Twice as many bins reach a sum that is about 1 higher by chance.
        threshold = Self.flowThreshold + Float(log2(Double(settings.fftLength) / 128))
        let shiftHz = Double(shiftBins) * settings.binWidthHz
        aliasedTowardsHz = Float(Self.aliasedShare * settings.prfHz / 2 + shiftHz)
        aliasedAwayHz = Float(Self.aliasedShare * settings.prfHz / 2 - shiftHz)
        let angles = (0..<length).map { 2 * Double.pi * Double($0) / Double(length) }
        turns = (0...length).map {
            let angle = 2 * Float.pi * Float($0) / Float(length)
            return SIMD2(cosf(angle), sinf(angle))
        }
        func isPassed(_ bin: Int) -> Bool { bin >= passed && bin <= length - passed }
        cosines = angles.indices.map { isPassed($0) ? Float(cos(angles[$0])) : 0 }
        sines = angles.indices.map { isPassed($0) ? Float(sin(angles[$0])) : 0 }
        cosineSum = cosines.reduce(0, +)
        lowCosineSum = Float(0.5 + angles[1..<passed].reduce(0) { $0 + cos($1) })
        lowSineSum = Float(angles[1..<passed].reduce(0) { $0 + sin($1) })
    }

    /// Measures one spectrum against the noise of a bin, above 0.
    func figures(_ power: UnsafePointer<Float>, noise: Float) -> ColumnFigures {
        figures(power, noise: noise, scan(power, perNoise: 1 / noise))
    }

    /// Measures one spectrum that has been looked through for flow.
    func figures(_ power: UnsafePointer<Float>, noise: Float, _ found: FlowScan) -> ColumnFigures {
        let perNoise = 1 / noise
        let flowsTowards = found.strength.towards >= threshold
        let flowsAway = found.strength.away >= threshold
        let last = max(flowsTowards ? Int(found.lastBin.towards) : 0, flowsAway ? Int(found.lastBin.away) : 0)
        let band = (
            towards: min(last > 0 ? last : length, towardsEnd - 1) - firstBin + 1,
            away: min(last > 0 ? last : length, awayEnd - 1) - firstBin + 1
        )
        let ratioTowards = sum(power + firstBin, band.towards) / Float(band.towards) * perNoise
        let ratioAway = sum(power + length - firstBin - band.away + 1, band.away) / Float(band.away) * perNoise
        var figures = ColumnFigures(
            signalToNoiseTowardsDb: decibels(ratioTowards), signalToNoiseAwayDb: decibels(ratioAway), isAliased: false)
        guard flowsTowards || flowsAway else { return figures }
        let towards = flowsTowards ? side(power, 1, found.side(0), perNoise) : nil
        let away = flowsAway ? side(power, -1, found.side(1), perNoise) : nil
        setMeans(&figures, power, noise: noise, towards, away, found)
        if let towards { figures.envelopeTowardsHz = edges.bin(of: towards) * binWidthHz }
        if let away { figures.envelopeAwayHz = -edges.bin(of: away) * binWidthHz }
        figures.isAliased =
            figures.envelopeTowardsHz ?? 0 >= aliasedTowardsHz || -(figures.envelopeAwayHz ?? 0) >= aliasedAwayHz
        return figures
    }

    /// How the kernels look through a direction.
    func scanPlan(isAway: Bool) -> vector_scan_plan {
        vector_scan_plan(
            length: length, first: firstBin, end: isAway ? awayEnd : towardsEnd, noise_ratio: Self.noiseRatio,
            weighted_ratio: Self.weightedRatio, threshold: threshold)
    }

    /// Passes over the bins of both directions.
    func scan(_ power: UnsafePointer<Float>, perNoise: Float) -> FlowScan {
        var found = FlowScan()
        var run = FlowScan.Sides.zero
        var start = FlowScan.Sides(repeating: Float(firstBin))
        let ends = FlowScan.Sides(Float(towardsEnd), Float(awayEnd))
        for bin in firstBin..<max(towardsEnd, awayEnd) {
            let distance = FlowScan.Sides(repeating: Float(bin))
            // Beyond its end a direction's bins are the other's.
            let ratio = (FlowScan.Sides(power[bin], power[length - bin]) * perNoise).replacing(
                with: 0, where: distance .>= ends)
            start.replace(with: distance, where: run .<= 0)
            run = pointwiseMax(run, .zero) + (ratio - Self.noiseRatio)
            let isStronger = run .> found.strength
            found.strength.replace(with: run, where: isStronger)
            found.lastBin.replace(with: distance, where: isStronger)
            found.firstBin.replace(with: start, where: isStronger)
            let isHigher = ratio .> found.peak
            found.peak.replace(with: ratio, where: isHigher)
            found.peakBin.replace(with: distance, where: isHigher)
            let weight = (ratio - 1).replacing(with: 0, where: ratio .<= Self.weightedRatio)
            found.weight += weight
            found.moment += weight * distance
        }
        return found
    }

    /// The flow of one direction; `sign` is 1 towards the transducer and -1 away from it.
    private func side(
        _ power: UnsafePointer<Float>, _ sign: Int,
        _ found: FlowScan.Side, _ perNoise: Float
    ) -> FlowSide {
        let density = found.strength / Float(found.last - found.first + 1) + Self.noiseRatio - 1
        var side = FlowSide(
            power: power, sign: sign, length: length, endBin: sign > 0 ? towardsEnd : awayEnd, perNoise: perNoise,
            firstBin: found.first, lastBin: found.last,
            density: density, weight: found.weight, moment: found.moment)
        let beyond = found.beyond ?? side.beyond(found.peak, from: firstBin)
        side.narrowRange = side.lobe(about: found.peak, from: firstBin, beyond: beyond)
        // What the wall filter took away is given back where flow reaches its edge.
        if side.narrowRange == nil, passedBin > 1, found.first <= passedBin + 1 {
            side.refill(below: passedBin, from: firstBin)
        }
        return side
    }

    private func setMeans(
        _ figures: inout ColumnFigures, _ power: UnsafePointer<Float>, noise: Float, _ towards: FlowSide?,
        _ away: FlowSide?, _ found: FlowScan
    ) {
        if let only = towards ?? away, towards == nil || away == nil, let range = only.narrowRange {
            figures.meanShiftHz = onScale(only.kasaiTurns(over: range, turns) * prfHz)
            figures.spectralMeanShiftHz = only.meanBins(over: range) * binWidthHz
            return
        }
        let fillTowards = (towards?.fill ?? 0) * noise
        let fillAway = (away?.fill ?? 0) * noise
        figures.meanShiftHz = meanShiftHz(power, noise: noise, fillTowards: fillTowards, fillAway: fillAway)
        let weight = (towards?.weight ?? found.weight.towards) + (away?.weight ?? found.weight.away)
        let moment = (towards?.moment ?? found.moment.towards) - (away?.moment ?? found.moment.away)
        if weight > 0 { figures.spectralMeanShiftHz = moment / weight * binWidthHz }
    }

    /// Kasai's mean shift: the phase of the autocorrelation at one pulse's distance (Kasai 1985,
    /// 10.1109/T-SU.1985.31615).
    ///
    /// It is taken from the spectrum, so that what the wall filter left in its stop band stays out and the mean
    /// noise cancels; what flow the filter took away is given back (Rajaonah 1994, IEEE UFFC 41:812).
    private func meanShiftHz(
        _ power: UnsafePointer<Float>, noise: Float, fillTowards: Float, fillAway: Float
    ) -> Float? {
        let sums = SIMDLevel.kernels.correlation(power, cosines, sines, length: length)
        let real = sums.x - noise * cosineSum + (fillTowards + fillAway) * lowCosineSum
        let imaginary = sums.y + (fillTowards - fillAway) * lowSineSum
        guard real != 0 || imaginary != 0 else { return nil }
        return onScale(atan2f(imaginary, real) / (2 * .pi) * prfHz)
    }

    /// A shift that is known up to multiples of the PRF, as the scale shows it.
    private func onScale(_ shiftHz: Float) -> Float {
        if shiftHz > Float(towardsEnd) * binWidthHz { return shiftHz - prfHz }
        return shiftHz < -Float(awayEnd) * binWidthHz ? shiftHz + prfHz : shiftHz
    }

    private func decibels(_ ratio: Float) -> Float { 10 * log10f(max(ratio, Self.leastRatio)) }
}
