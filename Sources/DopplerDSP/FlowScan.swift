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

    /// What the bins but the greatest and its neighbours hold above the noise; `nil` = not computed.
    var beyond: Sides?

    /// A value for each direction, computed side by side.
    typealias Sides = SIMD2<Float>

    /// Nothing found.
    init() {}

    /// How many values the kernels give for each direction.
    static let valuesASide = 8

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
        beyond = sides(7)
    }

    /// The figures of one direction.
    struct Side {
        let strength: Float
        let first: Int
        let last: Int
        let peak: Int
        let weight: Float
        let moment: Float
        let beyond: Float?
    }

    /// The figures of one direction: 0 towards the transducer, 1 away from it.
    func side(_ lane: Int) -> Side {
        Side(
            strength: strength[lane], first: Int(firstBin[lane]), last: Int(lastBin[lane]), peak: Int(peakBin[lane]),
            weight: weight[lane], moment: moment[lane], beyond: beyond?[lane])
    }
}

extension FlowScan.Sides {
    /// The value towards the transducer.
    var towards: Float { x }
    /// The value away from the transducer.
    var away: Float { y }
}
