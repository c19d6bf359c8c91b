/// How the echoes of a test scene are made; the truth is exact in each.
public enum SignalModel: String, Sendable, Hashable, Codable, CaseIterable {
    /// One sinusoid of constant amplitude at the mean shift: no speckle, no profile.
    case tone
    /// Sinusoids of fixed frequency, random phase and chi-square amplitude, shaped by the power spectrum of each moment
    /// (Mo and Cobbold 1989, 10.1109/58.31796).
    case sinusoids
    /// Scatterers that cross the gate: each has the velocity of its place in the profile and a window as long as its
    /// transit, which gives intrinsic spectral broadening (Bastos and Fish 1996).
    case scatterers
}

/// Adds echoes block by block.
protocol EchoModel {
    /// Adds one block of pulses; the mean shift is constant in it, in turns a pulse at its begin, middle and end.
    mutating func add(
        turnsPerPulse: (begin: Double, middle: Double, end: Double), toRe re: UnsafeMutablePointer<Double>,
        im: UnsafeMutablePointer<Double>, count: Int)
}

/// A sinusoid whose phase is the integral of the shift.
struct ToneEcho: EchoModel {
    private let amplitude: Double
    private var phaseTurns: Double

    init(power: Double, noise: SignalNoise) {
        var noise = noise
        amplitude = power.squareRoot()
        phaseTurns = noise.uniform()
    }

    mutating func add(
        turnsPerPulse: (begin: Double, middle: Double, end: Double), toRe re: UnsafeMutablePointer<Double>,
        im: UnsafeMutablePointer<Double>, count: Int
    ) {
        // A linear change of the shift within the block: its integral is a parabola.
        let change = (turnsPerPulse.end - turnsPerPulse.begin) / Double(count)
        for pulse in 0..<count {
            let place = Double(pulse)
            let turns = phaseTurns + place * (turnsPerPulse.begin + change * place / 2)
            let unit = PortableMath.unit(turns: turns)
            re[pulse] += amplitude * unit.cosine
            im[pulse] += amplitude * unit.sine
        }
        let end = phaseTurns + Double(count) * (turnsPerPulse.begin + turnsPerPulse.end) / 2
        phaseTurns = end - end.rounded(.down)
    }
}
