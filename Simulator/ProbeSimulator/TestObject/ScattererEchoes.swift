/// The sum of scatterers that cross the gate.
///
/// Each belongs to one stratum of the velocity profile and is drawn anew in it after its transit, so that the shares of
/// the velocities never change. Amplitudes are complex normal. The window is Hann's over the way through the gate: its
/// power spectrum has the standard deviation 1 / (sqrt(3) T), so a transit of 1 / (sqrt(3) b) turns of phase broadens a
/// single shift to a standard deviation of the share b of it.
struct ScattererEchoes: EchoModel {
    /// Scatterers at a time (project choice: more change nothing visible in the periodogram of a column).
    static let count = 64
    /// Longest life, seconds (project choice: broadens by 2 Hz alone).
    static let longestLifeSeconds = 0.25
    /// Mean of the squared Hann window.
    private static let meanSquare = 3.0 / 8
    /// Points of the window's table (project choice: linear interpolation to 1e-6).
    private static let windowPoints = 1024
    private static let squareRootOf3 = 1.7320508075688772

    private struct Scatterer {
        var re: Double
        var im: Double
        var relative: Double
        /// Share of its life that has passed.
        var age: Double
    }

    private let profile: VelocityProfile
    private let perMean: Double
    private let amplitude: Double
    private let agePerTurn: Double
    private let agePerPulse: Double
    private var noise: SignalNoise
    private var scatterers: [Scatterer] = []

    private static let window: [Double] = (0...windowPoints).map {
        0.5 - 0.5 * PortableMath.unit(turns: Double($0) / Double(windowPoints)).cosine
    }

    /// Scatterers of a mean power.
    ///
    /// - Parameter broadening: standard deviation of a single velocity's spectrum over its shift, 0 or above.
    init(profile: VelocityProfile, power: Double, broadening: Double, prfHz: Double, noise: SignalNoise) {
        self.profile = profile
        perMean = 1 / profile.lawMean()
        // A complex normal pair has the variance 2.
        amplitude = (power / (2 * Double(Self.count) * Self.meanSquare)).squareRoot()
        agePerTurn = broadening * Self.squareRootOf3
        agePerPulse = 1 / (Self.longestLifeSeconds * prfHz)
        self.noise = noise
        for stratum in 0..<Self.count {
            let age = self.noise.uniform()
            scatterers.append(drawn(stratum, age: age))
        }
    }

    private mutating func drawn(_ stratum: Int, age: Double) -> Scatterer {
        let (re, im) = noise.gaussianPair()
        let area = profile.gateShare * (Double(stratum) + noise.uniform()) / Double(Self.count)
        let angle = profile.needsAngles ? noise.uniform() : 0
        let relative = profile.lawVelocity(area: area, angleTurns: angle) * perMean
        return Scatterer(re: re * amplitude, im: im * amplitude, relative: relative, age: age)
    }

    private static func weight(_ age: Double) -> Double {
        let place = min(max(age, 0), 1) * Double(windowPoints)
        let point = min(Int(place), windowPoints - 1)
        return window[point] + (place - Double(point)) * (window[point + 1] - window[point])
    }

    mutating func add(
        turnsPerPulse: (begin: Double, middle: Double, end: Double), toRe re: UnsafeMutablePointer<Double>,
        im: UnsafeMutablePointer<Double>, count: Int
    ) {
        for index in scatterers.indices {
            var one = scatterers[index]
            let turns = turnsPerPulse.middle * one.relative
            let step = PortableMath.unit(turns: turns)
            let ageStep = max(abs(turns) * agePerTurn, agePerPulse) * Double(count)
            let first = Self.weight(one.age)
            var weight = first
            let weightStep = (Self.weight(one.age + ageStep) - first) / Double(count)
            for pulse in 0..<count {
                re[pulse] += weight * one.re
                im[pulse] += weight * one.im
                let turned = one.re * step.cosine - one.im * step.sine
                one.im = one.re * step.sine + one.im * step.cosine
                one.re = turned
                weight += weightStep
            }
            one.age += ageStep
            // The rest of the step is lived by the next one, so that births stay spread evenly.
            scatterers[index] = one.age < 1 ? one : drawn(index, age: one.age - one.age.rounded(.down))
        }
    }
}
