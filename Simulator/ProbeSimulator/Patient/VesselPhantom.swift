/// A vein in front of the transducer: blood, walls, receiver noise, ECG and breathing.
///
/// The same site, physiology, key and settings give the same samples for ever, however the device cuts the run into
/// pieces: everything is made in blocks of a fixed number of pulses, in the order of time. Time is pulses / PRF since
/// `begin`.
public struct VesselPhantom: SignalSource {
    /// Speed of sound that the phantom assumes, m/s (ODP 1.0, "Arithmetic").
    public static let speedOfSoundMPerS = 1540.0
    /// Root mean square of the blood's complex samples at full transmit level and 0 dB, counts (project choice:
    /// +50 dB of clutter still fits into 16 bits).
    public static let bloodCounts = 64.0
    /// Root mean square of the receiver noise's complex samples at 0 dB, counts (project choice: 24 dB below the blood
    /// at full transmit level, 18 dB at half).
    public static let noiseCounts = 4.0
    /// Length of a block, seconds (project choice: an eighth of a flow reversal).
    static let blockSeconds = 0.002
    /// Most pulses of a block.
    static let mostBlockPulses = 32

    /// The vein.
    public let site: VesselSite
    /// Heart and breathing.
    public let physiology: PatientPhysiology
    /// The velocity along the vein over time: the truth.
    public let flow: FlowWaveform
    private let key: [String]

    // One run.
    private var prfHz = 1.0
    private var blockPulses = 1
    private var shiftPerVelocityHz = 0.0
    private var gain = 1.0
    private var echoIsOn = false
    private var motion: WallClutter.Motion
    private var geometries: [GateGeometry] = []
    private var blood: [BloodSynthesis] = []
    private var walls: [WallClutter] = []
    private var noise: [SignalNoise] = []
    private var firstPulseOfNextBlock: UInt64 = 0
    private var echoes: [Double] = []
    private var receiver: [Double] = []
    private var settings: DeviceSettings?

    /// A phantom of one site.
    ///
    /// - Parameter key: names patient, seed, site and take; another key gives other noise and other speckle.
    public init(site: VesselSite, physiology: PatientPhysiology, key: [String]) {
        self.site = site
        self.physiology = physiology
        self.key = key
        flow = FlowWaveform(site: site, physiology: physiology, key: key)
        motion = WallClutter.Motion(site: site, physiology: physiology, centreFrequencyHz: 0)
    }

    /// Begins a run at pulse 0.
    public mutating func begin(_ settings: DeviceSettings) {
        self.settings = settings
        prfHz = max(settings.prfHz, 1)
        blockPulses = max(1, min(Int(prfHz * Self.blockSeconds), Self.mostBlockPulses))
        shiftPerVelocityHz = Self.shiftHzPerCmPerS(of: site, centreFrequencyHz: Double(settings.centreFrequencyHz))
        gain = PortableMath.amplitude(ofDb: Double(settings.receiveGainCentiDb) / 100)
        echoIsOn = settings.transmitLevelPerMille > 0
        motion = WallClutter.Motion(
            site: site, physiology: physiology, centreFrequencyHz: Double(settings.centreFrequencyHz))
        let level = Double(min(settings.transmitLevelPerMille, 1000)) / 1000
        let amplitude = Self.bloodCounts * level * PortableMath.amplitude(ofDb: -site.attenuationDb)
        let gates = 0..<Int(settings.gates)
        geometries = gates.map {
            GateGeometry(
                site: site, depthMm: settings.gateDepthMm($0), lengthMm: Double(settings.gateLengthUm) / 1000)
        }
        blood = gates.map {
            BloodSynthesis(
                site: site, geometry: geometries[$0], amplitude: amplitude,
                blockSeconds: Double(blockPulses) / prfHz, noise: SignalNoise(key + ["blood", String($0)]))
        }
        let clutter = amplitude * PortableMath.amplitude(ofDb: site.clutterOverBloodDb)
        walls = gates.map { WallClutter(amplitude: clutter, noise: SignalNoise(key + ["walls", String($0)])) }
        noise = gates.map { SignalNoise(key + ["receiver", String($0)]) }
        firstPulseOfNextBlock = 0
        echoes = []
        receiver = []
    }

    /// Appends I and Q of `count` pulses from `firstPulse` on.
    ///
    /// Pulses that were passed over are made and left out; going back starts the run again.
    public mutating func appendIQ(
        firstPulse: UInt64, count: Int, transmitting: Bool, to samples: inout [Int16]
    ) {
        guard count > 0, let settings, settings.gates > 0 else { return }
        let values = 2 * Int(settings.gates)
        samples.reserveCapacity(samples.count + values * count)
        let withEcho = transmitting && echoIsOn
        for offset in 0..<UInt64(count) {
            let pulse = firstPulse &+ offset
            if pulse &+ UInt64(blockPulses) < firstPulseOfNextBlock { begin(settings) }
            while pulse >= firstPulseOfNextBlock { makeBlock() }
            let place = blockPulses - Int(firstPulseOfNextBlock - pulse)
            for value in place * values..<(place + 1) * values {
                let sum = withEcho ? echoes[value] + receiver[value] : receiver[value]
                samples.append(Self.clipped(sum * gain))
            }
        }
    }

    /// ECG in uV and respiration at a time since the start, seconds.
    public func physiology(atSeconds seconds: Double) -> (ecgMicroV: Int16, respiration: Int16) {
        let time = seconds.isFinite ? seconds : 0
        return (physiology.electrocardiogramMicroV(atSeconds: time), physiology.respiration(atSeconds: time))
    }

    /// Doppler shift of 1 cm/s along the vein in the normal direction, Hz: 2 v f0 cos(angle) / c with its sign.
    public static func shiftHzPerCmPerS(of site: VesselSite, centreFrequencyHz: Double) -> Double {
        let cosine = PortableMath.unit(turns: site.insonationAngleDegrees / 360).cosine
        return site.normalDirection.sign * 2 * 0.01 * centreFrequencyHz * cosine / speedOfSoundMPerS
    }

    /// The true mean shift in a gate of the run at a time, Hz, positive towards the transducer, not aliased.
    ///
    /// `nil` before `begin`, for a gate outside the run or the lumen, and where flow is absent.
    public func meanShiftHz(atSeconds seconds: Double, gate: Int) -> Double? {
        guard geometries.indices.contains(gate), geometries[gate].fill > 0, !site.flowIsAbsent else { return nil }
        return flow.velocityCmPerS(atSeconds: seconds) * geometries[gate].relativeVelocity * shiftPerVelocityHz
    }
}

extension VesselPhantom {
    private mutating func makeBlock() {
        let gates = blood.count
        let zeros = [Double](repeating: 0, count: blockPulses)
        if echoes.isEmpty {
            echoes = [Double](repeating: 0, count: 2 * gates * blockPulses)
            receiver = echoes
        }
        let begin = Double(firstPulseOfNextBlock) / prfHz
        let end = Double(firstPulseOfNextBlock &+ UInt64(blockPulses)) / prfHz
        let middle = (begin + end) / 2
        let turnsPerPulse = flow.velocityCmPerS(atSeconds: middle) * shiftPerVelocityHz / prfHz
        let wall = (
            begin: motion.turns(atSeconds: begin), middle: motion.turns(atSeconds: middle),
            end: motion.turns(atSeconds: end)
        )
        // The noise is complex: each part has half of its power.
        let noisePart = Self.noiseCounts * 0.5.squareRoot()
        for gate in 0..<gates {
            var (re, im) = (zeros, zeros)
            blood[gate].add(turnsPerPulse: turnsPerPulse, toRe: &re, im: &im)
            walls[gate].add(begin: wall.begin, middle: wall.middle, end: wall.end, toRe: &re, im: &im)
            for pulse in 0..<blockPulses {
                let place = 2 * (pulse * gates + gate)
                let (first, second) = noise[gate].gaussianPair()
                echoes[place] = re[pulse]
                echoes[place + 1] = im[pulse]
                receiver[place] = first * noisePart
                receiver[place + 1] = second * noisePart
            }
        }
        firstPulseOfNextBlock &+= UInt64(blockPulses)
    }

    /// A sample as the converter gives it: rounded and clipped to 16 bits.
    private static func clipped(_ value: Double) -> Int16 {
        let limits = Double(Int16.min)...Double(Int16.max)
        return Int16(min(max(value, limits.lowerBound), limits.upperBound).rounded(.toNearestOrEven))
    }
}
