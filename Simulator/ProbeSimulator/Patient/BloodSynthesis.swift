/// The blood in one gate: a sum of components with random amplitude and phase, each with the velocity of its place
/// in the profile (Mo and Cobbold 1989, IEEE UFFC 36:522; with a life of each component as in Bastos and Fish 1996).
///
/// Amplitudes are complex normal and the windows of the lives add up to a constant power, so the sum is complex
/// normal and its periodogram chi-squared. A component's phase turns by recurrence; it is drawn anew at the end of
/// its life, so rounding cannot build up.
struct BloodSynthesis: Sendable {
    /// Components at a time (project choice: more change nothing visible in a periodogram of a column).
    static let componentCount = 40
    /// Life of a component, seconds (project choice: longer than a column, so that broadening comes from velocities).
    static let lifeSeconds = 0.08
    /// Bounds of the normal factor of intrinsic broadening, standard deviations: no component turns its sign.
    private static let broadeningBound = 2.5

    /// Four components side by side: they are as many as a processor works on at once, and their sum is still taken
    /// one after the other, so that the samples do not depend on it.
    private struct Quartet: Sendable {
        var re = SIMD4<Double>.zero
        var im = SIMD4<Double>.zero
        var relativeVelocity = SIMD4<Double>.zero
        var age = SIMD4<Int>.zero
    }

    private let geometry: GateGeometry
    private let broadening: Double
    private let amplitude: Double
    private let window: [Double]
    private var noise: SignalNoise
    private var quartets: [Quartet] = []

    /// Blood of a gate.
    ///
    /// - Parameters:
    ///   - amplitude: root mean square of the complex samples of a full gate, counts.
    ///   - blockSeconds: length of a block.
    init(site: VesselSite, geometry: GateGeometry, amplitude: Double, blockSeconds: Double, noise: SignalNoise) {
        self.geometry = geometry
        self.noise = noise
        broadening = site.intrinsicBroadening
        let blocks = Int(max(8, min(Self.lifeSeconds / blockSeconds, 1000)).rounded())
        window = (0...blocks).map { PortableMath.unit(turns: Double($0) / Double(blocks) / 2).sine }
        // The squared window has the mean 1/2; a component's two normal parts have together the variance 2.
        self.amplitude = amplitude * (geometry.fill / Double(Self.componentCount)).squareRoot()
        guard geometry.fill > 0, !site.flowIsAbsent else { return }
        for first in stride(from: 0, to: Self.componentCount, by: 4) {
            var quartet = Quartet()
            for lane in 0..<4 { draw(&quartet, lane, age: (first + lane) * blocks / Self.componentCount) }
            quartets.append(quartet)
        }
    }

    private mutating func draw(_ quartet: inout Quartet, _ lane: Int, age: Int) {
        let (re, im) = noise.gaussianPair()
        let bound = Self.broadeningBound
        let spread = 1 + broadening * min(max(noise.gaussianPair().0, -bound), bound)
        quartet.re[lane] = re * amplitude
        quartet.im[lane] = im * amplitude
        quartet.relativeVelocity[lane] = geometry.drawRelativeVelocity(&noise) * spread
        quartet.age[lane] = age
    }

    /// Adds one block; `turnsPerPulse` is the phase step of the mean velocity over the lumen.
    mutating func add(turnsPerPulse: Double, toRe re: inout [Double], im: inout [Double]) {
        re.withUnsafeMutableBufferPointer { re in
            im.withUnsafeMutableBufferPointer { im in
                for index in quartets.indices {
                    var quartet = quartets[index]
                    turn(&quartet, turnsPerPulse: turnsPerPulse, re, im)
                    for lane in 0..<4 {
                        quartet.age[lane] += 1
                        if quartet.age[lane] + 1 >= window.count { draw(&quartet, lane, age: 0) }
                    }
                    quartets[index] = quartet
                }
            }
        }
    }

    private func turn(
        _ quartet: inout Quartet, turnsPerPulse: Double, _ re: UnsafeMutableBufferPointer<Double>,
        _ im: UnsafeMutableBufferPointer<Double>
    ) {
        let (cosine, sine) = PortableMath.units(turns: quartet.relativeVelocity * turnsPerPulse)
        var weight = SIMD4<Double>.zero
        var weightStep = weight
        for lane in 0..<4 {
            let age = quartet.age[lane]
            weight[lane] = window[age]
            weightStep[lane] = (window[age + 1] - window[age]) / Double(re.count)
        }
        var (partRe, partIm) = (quartet.re, quartet.im)
        for pulse in re.indices {
            let (addedRe, addedIm) = (weight * partRe, weight * partIm)
            re[pulse] = re[pulse] + addedRe[0] + addedRe[1] + addedRe[2] + addedRe[3]
            im[pulse] = im[pulse] + addedIm[0] + addedIm[1] + addedIm[2] + addedIm[3]
            (partRe, partIm) = (partRe * cosine - partIm * sine, partRe * sine + partIm * cosine)
            weight += weightStep
        }
        (quartet.re, quartet.im) = (partRe, partIm)
    }
}
