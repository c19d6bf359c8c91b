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

    private struct Component: Sendable {
        var re: Double
        var im: Double
        var relativeVelocity: Double
        var age: Int
    }

    private let geometry: GateGeometry
    private let broadening: Double
    private let amplitude: Double
    private let window: [Double]
    private var noise: SignalNoise
    private var components: [Component] = []

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
        for index in 0..<Self.componentCount {
            components.append(draw(age: index * blocks / Self.componentCount))
        }
    }

    private mutating func draw(age: Int) -> Component {
        let (re, im) = noise.gaussianPair()
        let bound = Self.broadeningBound
        let spread = 1 + broadening * min(max(noise.gaussianPair().0, -bound), bound)
        let relative = geometry.drawRelativeVelocity(&noise) * spread
        return Component(re: re * amplitude, im: im * amplitude, relativeVelocity: relative, age: age)
    }

    /// Adds one block; `turnsPerPulse` is the phase step of the mean velocity over the lumen.
    mutating func add(turnsPerPulse: Double, toRe re: inout [Double], im: inout [Double]) {
        let count = re.count
        for index in components.indices {
            var component = components[index]
            let step = PortableMath.unit(turns: turnsPerPulse * component.relativeVelocity)
            var weight = window[component.age]
            let weightStep = (window[component.age + 1] - weight) / Double(count)
            for pulse in 0..<count {
                re[pulse] += weight * component.re
                im[pulse] += weight * component.im
                let turned = component.re * step.cosine - component.im * step.sine
                component.im = component.re * step.sine + component.im * step.cosine
                component.re = turned
                weight += weightStep
            }
            component.age += 1
            components[index] = component.age + 1 < window.count ? component : draw(age: 0)
        }
    }
}
