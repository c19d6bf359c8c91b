/// Finds the bin at which a direction's flow ends.
///
/// The derivations are on the page "Estimators" of this module's documentation.
struct EnvelopeEdge: Sendable {
    let method: EnvelopeMethod
    /// Half width of the window's main lobe, by which it widens a spectrum far above the noise, bins.
    let lobeHalfWidth: Float

    /// Slope of the chord over the flow's mean density where the spectrum is flat up to its end, as of a parabola.
    ///
    /// A lower slope passes over more of the speckle's gaps (a share 1 - exp(-slope) of the bins is below it), a higher
    /// one lies lower on the skirt. Near one sixth the two errors cancel for windows of 64 to 1024 pulses.
    private static let flatSlope: Float = 0.15
    /// The same where the density rises towards the end, as of a blunted profile: half the power.
    private static let risingSlope: Float = 0.5
    /// Distance of the last bin from the mean over the mean, above which a spectrum is flat and below which it rises.
    ///
    /// A parabola has 1, a profile 1 - r^n has 2 / n: n of 2.4 and of 4.4.
    private static let flatDistance: Float = 0.85
    private static let risingDistance: Float = 0.45
    /// The share of the flow's bins, those of the highest shifts, whose density counts where it falls towards the end, as of
    /// a skewed profile: there the flow is fainter than its mean (project choice).
    private static let endShare: Float = 0.3
    /// How far the half-power point of a rising spectrum lies beyond its end, share: 1.6 standard deviations of an
    /// intrinsic broadening of 1.5 %, the middle of the usual 0 to 3 %.
    private static let broadeningShare: Float = 0.024
    /// The share of power below the percentile (baseline of the literature).
    private static let percentile: Float = 0.95
    /// The share of the run whose mean is the slope of the signal.
    private static let slopeShare: Float = 0.75

    /// The last bin of a side, between bins.
    func bin(of side: FlowSide) -> Float {
        switch method {
        case .noiseThreshold: Float(side.lastBin) + 0.5 - lobeHalfWidth
        case .modifiedGeometric: geometric(side)
        case .signalNoiseSlopeIntersection: slopeIntersection(side)
        case .percentile: percentile(side)
        }
    }

    /// The largest distance of the cumulative spectrum from a chord (modified geometric method), whose slope follows from
    /// the flow's own density, and is corrected for window and broadening.
    private func geometric(_ side: FlowSide) -> Float {
        if let range = side.narrowRange {
            // A single velocity is its own maximum.
            return abs(side.meanBins(over: range))
        }
        let mean = side.weight > 0 ? side.moment / side.weight : Float(side.lastBin)
        let distance = Float(side.lastBin) / max(mean, 1) - 1
        let rising = max(0, min(1, (Self.flatDistance - distance) / (Self.flatDistance - Self.risingDistance)))
        let density = rising > 0 ? side.density : min(side.density, side.endDensity(share: Self.endShare))
        let slope = 1 + density * (Self.flatSlope + rising * (Self.risingSlope - Self.flatSlope))
        var sum: Float = 0
        var greatest: Float = 0
        var last = side.firstBin
        let (bins, step) = side.bins(from: side.firstBin)
        var at = 0
        for bin in side.firstBin..<side.endBin {
            sum += bins[at] * side.perNoise - slope
            at &+= step
            if sum > greatest {
                greatest = sum
                last = bin
            }
        }
        return (Float(last) + 0.5 * (1 - rising)) * (1 - Self.broadeningShare * rising)
    }

    /// Where the signal's and the noise's straight parts of the cumulative spectrum meet.
    private func slopeIntersection(_ side: FlowSide) -> Float {
        let straight = max(1, Int(Self.slopeShare * Float(side.lastBin - side.firstBin + 1)))
        var sum: Float = 0
        for bin in side.firstBin..<side.firstBin + straight { sum += side.ratio(bin) - 1 }
        let slope = sum / Float(straight)
        let end = min(side.endBin, side.lastBin + 2 * Int(lobeHalfWidth.rounded(.up)))
        for bin in side.firstBin + straight..<max(end, side.firstBin + straight) { sum += side.ratio(bin) - 1 }
        guard slope > 0 else { return Float(side.lastBin) }
        return min(Float(side.endBin), Float(side.firstBin) - 0.5 + max(0, sum) / slope)
    }

    /// Below which 95 % of the flow's power lie.
    private func percentile(_ side: FlowSide) -> Float {
        let range = side.firstBin...max(side.firstBin, side.lastBin)
        var total: Float = 0
        for bin in range { total += max(side.ratio(bin) - 1, 0) }
        var sum: Float = 0
        for bin in range {
            let value = max(side.ratio(bin) - 1, 0)
            sum += value
            if value > 0, sum >= Self.percentile * total {
                return Float(bin) + 0.5 - (sum - Self.percentile * total) / value
            }
        }
        return Float(side.lastBin)
    }
}
