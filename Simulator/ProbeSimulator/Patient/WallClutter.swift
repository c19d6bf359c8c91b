/// Echoes of walls and tissue in one gate: much stronger than blood, slow, moving with pulse and breathing.
///
/// The phase follows the displacement exactly (4 pi d / wavelength) at the ends and the middle of each block and by
/// a parabola between them, so that the clutter has no steps that would leak into the band of the flow.
struct WallClutter: Sendable {
    /// Share of the power that moves with the walls; the rest is tissue at rest (project choice).
    private static let movingShare = 0.1
    /// How far each moving part follows the wall, share of its displacement (project choice: four layers).
    private static let followings = [1.0, 0.75, 0.5, 0.3]
    /// Share of the wall speed that comes from the pulse; the rest comes from breathing (project choice).
    private static let pulseShare = 0.7
    /// Weights of the first harmonics of the pulse in the wall's velocity; their sum is 1 (project choice).
    private static let pulseHarmonics = [0.5, 0.3, 0.2]

    /// Displacement of the walls in wavelengths of echo path, turns of phase.
    struct Motion: Sendable {
        private let heartPeriodSeconds: Double
        private let breathPeriodSeconds: Double
        private let pulseTurns: Double
        private let breathTurns: Double

        /// Motion of a site's walls for a centre frequency.
        init(site: VesselSite, physiology: PatientPhysiology, centreFrequencyHz: Double) {
            heartPeriodSeconds = physiology.heartPeriodSeconds
            breathPeriodSeconds = physiology.breathPeriodSeconds
            // Shift 2 v f0 / c; the amplitude of a sinusoid's phase in turns is that over its angular frequency.
            let shiftHz =
                2 * site.wallSpeedMmPerS / 1000 * centreFrequencyHz / VesselPhantom.speedOfSoundMPerS
            pulseTurns = WallClutter.pulseShare * shiftHz * heartPeriodSeconds / PortableMath.twoPi
            breathTurns = (1 - WallClutter.pulseShare) * shiftHz * breathPeriodSeconds / PortableMath.twoPi
        }

        /// Phase at a time, turns.
        func turns(atSeconds seconds: Double) -> Double {
            var sum = breathTurns * PortableMath.unit(turns: seconds / breathPeriodSeconds).sine
            for (index, weight) in WallClutter.pulseHarmonics.enumerated() {
                let order = Double(index + 1)
                sum +=
                    pulseTurns * weight / order * PortableMath.unit(turns: order * seconds / heartPeriodSeconds).sine
            }
            return sum
        }
    }

    private let restRe: Double
    private let restIm: Double
    private let partAmplitude: Double
    private let partTurns: [Double]

    /// Clutter of one gate with a root mean square of the complex samples in counts.
    init(amplitude: Double, noise: SignalNoise) {
        var noise = noise
        let rest = PortableMath.unit(turns: noise.uniform())
        let restAmplitude = amplitude * (1 - Self.movingShare).squareRoot()
        restRe = restAmplitude * rest.cosine
        restIm = restAmplitude * rest.sine
        partAmplitude = amplitude * (Self.movingShare / Double(Self.followings.count)).squareRoot()
        partTurns = Self.followings.map { _ in noise.uniform() }
    }

    /// Adds one block; the motion's phase is given in turns at its begin, middle and end.
    func add(begin: Double, middle: Double, end: Double, toRe re: inout [Double], im: inout [Double]) {
        let count = re.count
        for pulse in 0..<count {
            re[pulse] += restRe
            im[pulse] += restIm
        }
        let span = Double(count)
        let linear = (4 * middle - 3 * begin - end) / span
        let square = (2 * begin - 4 * middle + 2 * end) / (span * span)
        for (following, offset) in zip(Self.followings, partTurns) {
            let start = PortableMath.unit(turns: offset + following * begin)
            var (partRe, partIm) = (partAmplitude * start.cosine, partAmplitude * start.sine)
            var step = PortableMath.unit(turns: following * (linear + square))
            let change = PortableMath.unit(turns: following * 2 * square)
            for pulse in 0..<count {
                re[pulse] += partRe
                im[pulse] += partIm
                (partRe, partIm) = (
                    partRe * step.cosine - partIm * step.sine, partRe * step.sine + partIm * step.cosine
                )
                step = (
                    step.cosine * change.cosine - step.sine * change.sine,
                    step.cosine * change.sine + step.sine * change.cosine
                )
            }
        }
    }
}
