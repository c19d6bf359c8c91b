/// Turns I and Q into what a directional Doppler's two audio outputs give.
struct DopplerSound: Sendable {
    private let options: SimulatedUSBAudio.Options
    private let turn: (cosine: Double, sine: Double)
    private var inPhase = PhaseSplitter()
    private var quadrature = PhaseSplitter()

    /// A Doppler whose filters are at rest.
    init(_ options: SimulatedUSBAudio.Options) {
        self.options = options
        let degreesPerTurn = 360.0
        turn = PortableMath.unit(turns: options.rightPhaseDegrees / degreesPerTurn)
    }

    /// Left and right of one sample, on the scale of I and Q.
    mutating func channels(i: Double, q: Double) -> (left: Double, right: Double) {
        let pair: (left: Double, right: Double)
        switch options.channels {
        case .iq: pair = (i, q)
        case .qi: pair = (q, i)
        case .mono: pair = (i, i)
        case .forwardReverse:
            // The phasing method: flow towards is where Q follows I by a quarter.
            let first = inPhase.pass(i)
            let second = quadrature.pass(q)
            return (
                (first.inPhase - second.quadrature) / 2,
                options.rightGain * (first.inPhase + second.quadrature) / 2
            )
        }
        guard options.channels != .mono else { return (pair.left, options.rightGain * pair.right) }
        return (pair.left, options.rightGain * (pair.right * turn.cosine + pair.left * turn.sine))
    }
}
