internal import Glibc

/// Flow in one direction of a column's spectrum.
struct FlowSide {
    let power: UnsafePointer<Float>
    /// 1 towards the transducer, -1 away from it.
    let sign: Int
    let length: Int
    /// Where the direction's bins end, as a distance from 0 Hz.
    let endBin: Int
    let perNoise: Float
    /// First and last bin of the run that is flow, as distances from 0 Hz.
    let firstBin: Int
    let lastBin: Int
    /// Mean power of the run's bins over the noise, less 1.
    let density: Float
    /// Power over the noise, and its moment in bins, of the bins well above it.
    private(set) var weight: Float
    private(set) var moment: Float
    /// What a bin below the wall filter's edge is taken to hold, over the noise.
    private(set) var fill: Float = 0
    /// The bins of a spectrum that is a single window lobe; `nil` for one that is wider.
    var narrowRange: ClosedRange<Int>?

    /// Share of a side's power in three bins from which on it is a single velocity: Hann's window leaves 97 % there
    /// (Harris 1978), speckle of flow far less (project choice).
    private static let narrowShare: Float = 0.95
    /// How far from its peak a lobe is summed, bins: what lies beyond is below -40 dB (Harris 1978).
    private static let lobeReach = 3
    /// Bins beyond the wall filter's edge whose mean fills the gap (project choice: scatter of a third).
    static let fillBins = 8
    /// The gap is never filled higher than this many times the flow's mean density: that would be wall (project choice).
    private static let mostFill: Float = 2

    init(
        power: UnsafePointer<Float>, sign: Int, length: Int, endBin: Int, perNoise: Float, firstBin: Int,
        lastBin: Int, density: Float, weight: Float, moment: Float
    ) {
        self.power = power
        self.sign = sign
        self.length = length
        self.endBin = endBin
        self.perNoise = perNoise
        self.firstBin = firstBin
        self.lastBin = lastBin
        self.density = density
        self.weight = weight
        self.moment = moment
    }

    /// Power of a bin over the noise.
    @inline(__always)
    func ratio(_ bin: Int) -> Float { power[sign > 0 ? bin : (length - bin) & (length - 1)] * perNoise }

    /// The side's power from a bin on, 1 or more, and the distance of one bin's power from the next.
    @inline(__always)
    func bins(from first: Int) -> (UnsafePointer<Float>, Int) {
        sign > 0 ? (power + first, 1) : (power + length - first, -1)
    }

    /// Mean power over the noise, less 1, of the last share of the run's bins.
    func endDensity(share: Float) -> Float {
        let count = max(1, Int(share * Float(lastBin - firstBin + 1)))
        var sum: Float = 0
        for bin in lastBin - count + 1...lastBin { sum += ratio(bin) - 1 }
        return max(0, sum / Float(count))
    }

    /// The bins of the lobe about the greatest one when it holds nearly all of the power.
    ///
    /// - Parameter beyond: what the other bins from `lowest` on hold above the noise.
    func lobe(about peak: Int, from lowest: Int, beyond: Float) -> ClosedRange<Int>? {
        guard peak > 0, peak < endBin else { return nil }
        var three: Float = 0
        for bin in peak - 1...peak + 1 { three += ratio(bin) - 1 }
        // Noise alone leaves a mean of exp(-1) a bin there.
        let outside = max(0, beyond - 0.368 * Float(endBin - lowest))
        guard three >= Self.narrowShare * (three + outside) else { return nil }
        // Below the wall filter's edge only as far as the lobe falls.
        var first = peak
        while first > max(1, peak - Self.lobeReach), first > lowest || ratio(first - 1) < ratio(first) { first -= 1 }
        return first...min(peak + Self.lobeReach, endBin)
    }

    /// What the bins from `lowest` on hold above the noise, but for the greatest one and its neighbours.
    func beyond(_ peak: Int, from lowest: Int) -> Float {
        var sum: Float = 0
        for bin in lowest..<endBin where bin < peak - 1 || bin > peak + 1 { sum += max(ratio(bin) - 1, 0) }
        return sum
    }

    /// Kasai's mean over some bins, turns a pulse with the side's sign.
    ///
    /// - Parameter turns: cosine and sine of each bin's angle.
    func kasaiTurns(over range: ClosedRange<Int>, _ turns: [SIMD2<Float>]) -> Float {
        var real: Float = 0
        var imaginary: Float = 0
        for bin in range {
            let value = ratio(bin) - 1
            real += value * turns[bin].x
            imaginary += value * turns[bin].y
        }
        return Float(sign) * (atan2f(imaginary, real) / (2 * .pi))
    }

    /// The mean over some bins by intensity, bins with the side's sign.
    func meanBins(over range: ClosedRange<Int>) -> Float {
        var weight: Float = 0
        var moment: Float = 0
        for bin in range {
            let value = ratio(bin) - 1
            weight += value
            moment += value * Float(bin)
        }
        return Float(sign) * (weight > 0 ? moment / weight : 0)
    }

    /// Gives the bins below the wall filter's edge the density of those just above it.
    mutating func refill(below edge: Int, from lowest: Int) {
        let end = min(edge + Self.fillBins, endBin)
        guard end > edge else { return }
        var sum: Float = 0
        for bin in edge..<end { sum += ratio(bin) - 1 }
        fill = min(max(0, sum / Float(end - edge)), Self.mostFill * density)
        for bin in lowest..<edge {
            let value = ratio(bin)
            guard value > ColumnMeter.weightedRatio else { continue }
            weight -= value - 1
            moment -= (value - 1) * Float(bin)
        }
        let count = Float(edge) - 0.5
        weight += fill * count
        moment += fill * Float(edge * (edge - 1)) / 2
    }
}
