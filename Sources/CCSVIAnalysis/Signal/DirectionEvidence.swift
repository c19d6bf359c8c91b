internal import DopplerDSP

/// How much flow goes which way at each moment: the power of both directions in the bands that flow fills.
///
/// Two filters of the same length pass positive and negative shifts from the wall filter's cut-off to the top of the
/// flow. What lies outside adds nothing: neither the noise of the empty band, which would hide flow in a fade of the
/// speckle, nor the walls that the wall filter leaves. The noise within the bands is taken off in the mean.
struct DirectionEvidence {
    /// What flow about a time fills.
    struct Band: Sendable, Hashable {
        /// The flow against the normal direction.
        var reverse: Side
        /// The flow in the normal direction.
        var forward: Side
        /// Noise of the whole band, squared counts.
        var noise: Double
        /// Length of the transform of the shapes.
        var length: Int

        /// One direction.
        struct Side: Sendable, Hashable {
            /// Top of the flow, Hz; `nil` = not known, the whole band.
            var topHz: Double?
            /// Weight of each bin of a spectrum from no shift on: what share of its power is flow; empty = not known.
            var shape: [Float] = []
        }
    }

    /// What was found, from a time on in equal steps.
    struct Values {
        /// Middle of the first value, seconds, less half a step.
        var beginSeconds: Double
        /// Distance of neighbouring values, seconds.
        var stepSeconds: Double
        /// Power against the normal direction less power in it, squared counts.
        var powers: [Float]
        /// Noise that passes each direction's filter in the mean, squared counts.
        var reverseNoise: Float
        var forwardNoise: Float
    }

    let course: FlowCourse
    /// 1 where flow towards the transducer is against the normal direction, else -1.
    let reverseSign: Float
    /// Cut-off of the wall filter, Hz.
    let cutoffHz: Double

    /// Width of the edge of the band, in cut-offs (project choice: 74 dB down at 0.65 cut-offs, unchanged from 1.35
    /// on).
    private static let edgeCutoffs = 0.7
    /// Least width of the edge, Hz (project choice: keeps the filter below 160 ms).
    private static let leastEdgeHz = 35.0
    /// Longest distance of neighbouring values, seconds (project choice: a twentieth of the bar for reflux).
    private static let longestStepSeconds = 0.0007
    /// Margin above the top of the flow, as a share (project choice: what the speckle hides from one column).
    private static let topMargin = 0.15
    /// Least width of a band, in widths of its edge.
    private static let leastEdges = 2.0

    private var edgeHz: Double { max(Self.edgeCutoffs * cutoffHz, Self.leastEdgeHz) }

    /// The values of a span of time; `nil` where it holds no samples.
    ///
    /// - Parameter matched: whether the filters have the shapes of the flows before and behind: they show flow in
    ///   deeper fades, less sharply in time.
    func values(from start: Double, to end: Double, _ band: Band, matched: Bool = false) -> Values? {
        let prfHz = course.prfHz
        let reach = DirectionFilter.reach(edgeTurns: edgeHz / prfHz)
        guard start < end, let inside = course.blocks(from: start, to: end),
            let wide = course.samples(
                from: start - Double(reach) / prfHz, to: end + Double(reach) / prfHz)
        else { return nil }
        // The wide span may begin later, where samples are missing: what is not there counts as 0.
        let first = Int(((inside.begin - wide.begin) * prfHz).rounded())
        let pulses = min(inside.blocks.count * course.blockPulses, wide.inPhase.count - first)
        guard first >= 0, pulses > 0,
            let reverse = filter(band.reverse, Double(reverseSign), reach, matched ? band.length : nil),
            let forward = filter(band.forward, -Double(reverseSign), reach, matched ? band.length : nil)
        else { return nil }
        let step = max(1, Int(Self.longestStepSeconds * prfHz))
        let reverseNoise = Float(band.noise) * reverse.noiseShare
        let forwardNoise = Float(band.noise) * forward.noiseShare
        let powers = stride(from: first + step / 2, to: first + pulses, by: step).map { place in
            reverse.power(wide.inPhase, wide.quadrature, at: place) - reverseNoise
                - (forward.power(wide.inPhase, wide.quadrature, at: place) - forwardNoise)
        }
        return Values(
            beginSeconds: inside.begin, stepSeconds: Double(step) / prfHz, powers: powers,
            reverseNoise: reverseNoise, forwardNoise: forwardNoise)
    }

    /// The filter of one direction; `nil` where its shape is wanted, for a length of the transform, and not known.
    private func filter(_ side: Band.Side, _ sign: Double, _ reach: Int, _ length: Int?) -> DirectionFilter? {
        if let length {
            guard !side.shape.isEmpty, length > 0 else { return nil }
            return DirectionFilter(weights: side.shape, length: length, sign: sign, reach: reach)
        }
        let wantedHz = (side.topHz ?? course.prfHz / 2) * (1 + Self.topMargin)
        let topHz = min(course.prfHz / 2, max(wantedHz, cutoffHz + Self.leastEdges * edgeHz))
        return DirectionFilter(
            turns: cutoffHz / course.prfHz...max(topHz, cutoffHz) / course.prfHz, sign: sign, reach: reach)
    }
}
