/// What one pass over a spectrum's bins finds, each for both directions.
struct FlowScan: Sendable, Hashable {
    /// Greatest sum over a run of bins.
    var strength = Sides.zero
    /// Distance from 0 Hz of that run's first and last bin.
    var firstBin = Sides.zero
    var lastBin = Sides.zero
    /// Greatest ratio and its distance from 0 Hz.
    var peak = Sides.zero
    var peakBin = Sides.zero
    /// Power over the noise, and its moment in bins, of the bins well above it.
    var weight = Sides.zero
    var moment = Sides.zero

    /// A value for each direction, computed side by side.
    typealias Sides = SIMD2<Float>

    /// Nothing found.
    init() {}

    /// How many values the kernels give for each direction.
    static let valuesASide = 7

    /// One lane of what the kernels found, a vector for each value, both directions one behind the other.
    init(_ found: [Float], lane: Int, lanes: Int) {
        func sides(_ value: Int) -> Sides {
            Sides(found[value * lanes + lane], found[(Self.valuesASide + value) * lanes + lane])
        }
        strength = sides(0)
        firstBin = sides(1)
        lastBin = sides(2)
        peak = sides(3)
        peakBin = sides(4)
        weight = sides(5)
        moment = sides(6)
    }

    /// The figures of one direction: 0 towards the transducer, 1 away from it.
    func side(_ lane: Int) -> (strength: Float, first: Int, last: Int, peak: Int, weight: Float, moment: Float) {
        (strength[lane], Int(firstBin[lane]), Int(lastBin[lane]), Int(peakBin[lane]), weight[lane], moment[lane])
    }
}

extension FlowScan.Sides {
    /// The value towards the transducer.
    var towards: Float { x }
    /// The value away from the transducer.
    var away: Float { y }
}
