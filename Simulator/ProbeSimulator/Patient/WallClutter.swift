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
    private static let followingLanes = SIMD4(followings[0], followings[1], followings[2], followings[3])

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
    ///
    /// The layers are turned side by side and added one after the other.
    func add(begin: Double, middle: Double, end: Double, toRe re: inout [Double], im: inout [Double]) {
        let span = Double(re.count)
        let linear = (4 * middle - 3 * begin - end) / span
        let square = (2 * begin - 4 * middle + 2 * end) / (span * span)
        let offsets = SIMD4(partTurns[0], partTurns[1], partTurns[2], partTurns[3])
        let start = PortableMath.units(turns: offsets + Self.followingLanes * begin)
        var (partRe, partIm) = (start.cosine * partAmplitude, start.sine * partAmplitude)
        var step = PortableMath.units(turns: Self.followingLanes * (linear + square))
        let change = PortableMath.units(turns: Self.followingLanes * 2 * square)
        re.withUnsafeMutableBufferPointer { re in
            im.withUnsafeMutableBufferPointer { im in
                for pulse in re.indices {
                    re[pulse] = re[pulse] + restRe + partRe[0] + partRe[1] + partRe[2] + partRe[3]
                    im[pulse] = im[pulse] + restIm + partIm[0] + partIm[1] + partIm[2] + partIm[3]
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
}
