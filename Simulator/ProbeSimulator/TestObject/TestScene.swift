/// A signal of one gate whose truth is known exactly: the electronic test object of IEC TS 61895.
///
/// The same scene gives the same samples for ever: nothing in it depends on anything but its fields.
public struct TestScene: Sendable, Hashable, Codable {
    /// How the echoes are made.
    public var model: SignalModel
    /// How velocity is spread over the lumen.
    public var profile: VelocityProfile
    /// Mean velocity over time.
    public var course: VelocityCourse
    /// What turns velocities into shifts.
    public var beam: TestBeam
    /// Pulse repetition frequency that the device states, Hz, above 0.
    public var prfHz: Double
    /// Length, seconds.
    public var seconds: Double
    /// Blood over the noise of the whole PRF band, dB; `nil` = no noise.
    public var signalToNoiseDb: Double?
    /// Standard deviation of a single velocity's spectrum over its shift, share; 0 to about 0.2.
    public var intrinsicBroadening: Double
    /// What the front end and the hand do to it.
    public var faults: [FrontEndFault]
    /// What chance depends on.
    public var seed: UInt64

    /// Root mean square of the blood's complex samples, counts (project choice: a wall of 60 dB over it needs 24
    /// bits, and rounding to whole counts lies 91 dB below it).
    public static let bloodCounts = 16_000.0
    /// Length of a block in which the shift is constant, seconds (project choice: a tenth of the shortest ramp).
    static let blockSeconds = 0.001
    /// Most pulses of a scene (project choice: 20 minutes at 10 kHz).
    static let mostPulses = 12_000_000.0

    /// A scene from its fields.
    public init(
        model: SignalModel = .scatterers, profile: VelocityProfile = VelocityProfile(.parabolic),
        course: VelocityCourse, beam: TestBeam, prfHz: Double, seconds: Double, signalToNoiseDb: Double? = nil,
        intrinsicBroadening: Double = 0, faults: [FrontEndFault] = [], seed: UInt64
    ) {
        self.model = model
        self.profile = profile
        self.course = course
        self.beam = beam
        self.prfHz = prfHz
        self.seconds = seconds
        self.signalToNoiseDb = signalToNoiseDb
        self.intrinsicBroadening = intrinsicBroadening
        self.faults = faults
        self.seed = seed
    }

    /// Number of pulses; 0 for figures that make no scene.
    public var pulses: Int {
        let count = (prfHz * seconds).rounded()
        return count > 0 && count <= Self.mostPulses ? Int(count) : 0
    }

    /// Pulses a true second: the stated rate with the clock's drift.
    var truePrfHz: Double {
        faults.filter { $0.kind == .clockDrift }.reduce(prfHz) { $0 * (1 + $1.size * 1e-6) }
    }

    /// Makes the samples.
    public func signal() -> TestSignal {
        let count = pulses
        var re = [Double](repeating: 0, count: count)
        var im = re
        switch model {
        case .tone:
            var echoes = ToneEcho(power: power, noise: stream("tone"))
            addEchoes(of: &echoes, &re, &im)
        case .scatterers:
            var echoes = ScattererEchoes(
                profile: profile, power: power, broadening: intrinsicBroadening, prfHz: truePrfHz,
                noise: stream("scatterers"))
            addEchoes(of: &echoes, &re, &im)
        case .sinusoids:
            var echoes = SinusoidEchoes(
                profile: profile, power: power, broadening: intrinsicBroadening, meanTurns: meanTurns(),
                prfHz: truePrfHz, seconds: seconds, noise: stream("sinusoids"))
            addEchoes(of: &echoes, &re, &im)
        }
        addNoise(&re, &im)
        return FrontEnd(scene: self).applied(to: TestSignal(prfHz: prfHz, inPhase: re, quadrature: im))
    }

    private var power: Double { Self.bloodCounts * Self.bloodCounts }

    /// A stream of chance of its own for each part of the scene.
    func stream(_ name: String) -> SignalNoise { SignalNoise(["test object", name, String(seed)]) }

    /// Shift of the mean at a pulse, turns a pulse.
    private func turnsPerPulse(atPulse pulse: Double) -> Double {
        course.velocityCmPerS(atSeconds: pulse / truePrfHz) * beam.shiftHzPerCmPerS / truePrfHz
    }

    /// All shifts of the mean that come up, turns a pulse.
    private func meanTurns() -> ClosedRange<Double> {
        var range = turnsPerPulse(atPulse: 0)...turnsPerPulse(atPulse: 0)
        let step = max(1, Self.blockSeconds * truePrfHz)
        for place in stride(from: 0, through: Double(pulses), by: step) {
            let turns = turnsPerPulse(atPulse: place)
            range = min(range.lowerBound, turns)...max(range.upperBound, turns)
        }
        return range
    }

    private func addEchoes(of echoes: inout some EchoModel, _ re: inout [Double], _ im: inout [Double]) {
        let block = max(1, Int((Self.blockSeconds * truePrfHz).rounded()))
        re.withUnsafeMutableBufferPointer { re in
            im.withUnsafeMutableBufferPointer { im in
                guard let reals = re.baseAddress, let imaginaries = im.baseAddress else { return }
                for first in stride(from: 0, to: re.count, by: block) {
                    let count = min(block, re.count - first)
                    let begin = Double(first)
                    let end = Double(first + count)
                    let turns = (
                        begin: turnsPerPulse(atPulse: begin), middle: turnsPerPulse(atPulse: (begin + end) / 2),
                        end: turnsPerPulse(atPulse: end)
                    )
                    echoes.add(turnsPerPulse: turns, toRe: reals + first, im: imaginaries + first, count: count)
                }
            }
        }
    }

    private func addNoise(_ re: inout [Double], _ im: inout [Double]) {
        guard let signalToNoiseDb else { return }
        var noise = stream("noise")
        // Each of I and Q has half of the noise's power.
        let part = Self.bloodCounts * PortableMath.amplitude(ofDb: -signalToNoiseDb) * 0.5.squareRoot()
        for pulse in re.indices {
            let (first, second) = noise.gaussianPair()
            re[pulse] += part * first
            im[pulse] += part * second
        }
    }
}
