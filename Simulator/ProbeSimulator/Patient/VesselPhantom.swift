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
    /// The area of the lumen over time: the truth.
    public let lumen: LumenCourse
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
    private var faults: [PhantomFaults] = []
    private var firstPulseOfNextBlock: UInt64 = 0
    private var echoes: [Double] = []
    private var receiver: [Double] = []
    private var settings: DeviceSettings?

    /// A phantom of one site.
    ///
    /// - Parameter key: names patient, seed, site and take; another key gives other noise and other speckle.
    public init(site: VesselSite, physiology: PatientPhysiology, key: [String]) {
        self.site = site
        var physiology = physiology
        if let strain = site.strain { physiology.heldSeconds = strain.beginSeconds...strain.endSeconds }
        self.physiology = physiology
        self.key = key
        flow = FlowWaveform(site: site, physiology: physiology, key: key)
        lumen = LumenCourse(site: site, physiology: physiology)
        motion = WallClutter.Motion(site: site, physiology: physiology, centreFrequencyHz: 0)
    }

    /// Begins a run at pulse 0.
    public mutating func begin(_ settings: DeviceSettings) {
        self.settings = settings
        prfHz = max(settings.prfHz, 1) * site.clockFactor
        blockPulses = max(1, min(Int(prfHz * Self.blockSeconds), Self.mostBlockPulses))
        shiftPerVelocityHz = Self.shiftHzPerCmPerS(of: site, centreFrequencyHz: Double(settings.centreFrequencyHz))
        gain = PortableMath.amplitude(ofDb: Double(settings.receiveGainCentiDb) / 100)
        echoIsOn = settings.transmitLevelPerMille > 0
        motion = WallClutter.Motion(
            site: site, physiology: physiology, centreFrequencyHz: Double(settings.centreFrequencyHz))
        let level = Double(min(settings.transmitLevelPerMille, 1000)) / 1000
        let amplitude = Self.bloodCounts * level * PortableMath.amplitude(ofDb: -site.attenuationDb)
        let gates = 0..<Int(settings.gates)
        let profile = LumenProfile(site: site)
        let lengthMm = Double(settings.gateLengthUm) / 1000
        let areaOnAxisMm2 = GateGeometry.areaOnAxisMm2(site: site, profile: profile, lengthMm: lengthMm)
        geometries = gates.map {
            GateGeometry(
                site: site, profile: profile, depthMm: settings.gateDepthMm($0), lengthMm: lengthMm,
                areaOnAxisMm2: areaOnAxisMm2)
        }
        blood = gates.map {
            BloodSynthesis(
                site: site, geometry: geometries[$0], amplitude: amplitude,
                blockSeconds: Double(blockPulses) / prfHz, noise: SignalNoise(key + ["blood", String($0)]))
        }
        let clutter = amplitude * PortableMath.amplitude(ofDb: site.clutterOverBloodDb)
        walls = gates.map { WallClutter(amplitude: clutter, noise: SignalNoise(key + ["walls", String($0)])) }
        noise = gates.map { SignalNoise(key + ["receiver", String($0)]) }
        faults =
            site.faults.isEmpty
            ? []
            : gates.map {
                PhantomFaults(
                    site.faults, key: key + [String($0)], bloodCounts: amplitude, statedPrfHz: max(settings.prfHz, 1))
            }
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
            guard faults.isEmpty else {
                appendFaulty(pulse: pulse, place: place, withEcho: withEcho, to: &samples)
                continue
            }
            for value in place * values..<(place + 1) * values {
                let sum = withEcho ? echoes[value] + receiver[value] : receiver[value]
                samples.append(Self.clipped(sum * gain))
            }
        }
    }

    /// ECG in uV and respiration at a time since the start, seconds.
    public func physiology(atSeconds seconds: Double) -> (ecgMicroV: Int16, respiration: Int16) {
        let time = seconds.isFinite ? seconds / site.clockFactor : 0
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

// MARK: - The truth at a moment

extension VesselPhantom {
    /// Area of the lumen at a time since the start, mm2: constant unless the scenario lets it follow heart, breathing or
    /// a strain.
    public func lumenAreaMm2(atSeconds seconds: Double) -> Double { lumen.areaMm2(atSeconds: seconds) }

    /// Flow at a time since the start, mL/min, positive in the normal direction: area times the mean over the lumen.
    public func flowMlPerMin(atSeconds seconds: Double) -> Double {
        lumen.areaMm2(atSeconds: seconds) * flow.velocityCmPerS(atSeconds: seconds)
            * VesselSite.millilitresPerMinutePerMm2CmPerS
    }

    /// The true mean velocity in a gate of the run at a time, cm/s, positive in the normal direction.
    ///
    /// `nil` before `begin`, and for a gate outside the run or the lumen.
    public func gateVelocityCmPerS(atSeconds seconds: Double, gate: Int) -> Double? {
        guard geometries.indices.contains(gate), geometries[gate].fill > 0 else { return nil }
        return flow.velocityCmPerS(atSeconds: seconds) * geometries[gate].relativeVelocity
    }
}

// MARK: - Making the samples

extension VesselPhantom {
    private func appendFaulty(pulse: UInt64, place: Int, withEcho: Bool, to samples: inout [Int16]) {
        for gate in blood.indices {
            let value = 2 * (place * blood.count + gate)
            var inPhase = receiver[value] * gain
            var quadrature = receiver[value + 1] * gain
            if withEcho {
                inPhase = (echoes[value] + receiver[value]) * gain
                quadrature = (echoes[value + 1] + receiver[value + 1]) * gain
            }
            faults[gate].distort(pulse: pulse, inPhase: &inPhase, quadrature: &quadrature)
            samples.append(Self.clipped(inPhase))
            samples.append(Self.clipped(quadrature))
        }
    }

    private mutating func makeBlock() {
        let gates = blood.count
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
        var re = [Double](repeating: 0, count: blockPulses)
        var im = re
        for gate in 0..<gates {
            for pulse in 0..<blockPulses { (re[pulse], im[pulse]) = (0, 0) }
            blood[gate].add(turnsPerPulse: turnsPerPulse, toRe: &re, im: &im)
            walls[gate].add(begin: wall.begin, middle: wall.middle, end: wall.end, toRe: &re, im: &im)
            if !faults.isEmpty { faults[gate].addEchoes(firstPulse: firstPulseOfNextBlock, toRe: &re, im: &im) }
            for pulse in 0..<blockPulses {
                let place = 2 * (pulse * gates + gate)
                echoes[place] = re[pulse]
                echoes[place + 1] = im[pulse]
            }
            receive(gate, part: noisePart)
            if !faults.isEmpty { addPickUp(gate) }
        }
        firstPulseOfNextBlock &+= UInt64(blockPulses)
    }

    /// Makes the receiver's noise of a block.
    private mutating func receive(_ gate: Int, part: Double) {
        let gates = blood.count
        var pulse = 0
        while pulse + 4 <= blockPulses {
            let (first, second) = noise[gate].gaussianPairs()
            for lane in 0..<4 {
                let place = 2 * ((pulse + lane) * gates + gate)
                receiver[place] = first[lane] * part
                receiver[place + 1] = second[lane] * part
            }
            pulse += 4
        }
        while pulse < blockPulses {
            let place = 2 * (pulse * gates + gate)
            let (first, second) = noise[gate].gaussianPair()
            receiver[place] = first * part
            receiver[place + 1] = second * part
            pulse += 1
        }
    }

    private mutating func addPickUp(_ gate: Int) {
        var re = [Double](repeating: 0, count: blockPulses)
        var im = re
        guard faults[gate].addPickUp(firstPulse: firstPulseOfNextBlock, toRe: &re, im: &im) else { return }
        for pulse in 0..<blockPulses {
            let place = 2 * (pulse * blood.count + gate)
            receiver[place] += re[pulse]
            receiver[place + 1] += im[pulse]
        }
    }

    /// A sample as the converter gives it: rounded and clipped to 16 bits.
    private static func clipped(_ value: Double) -> Int16 {
        let limits = Double(Int16.min)...Double(Int16.max)
        return Int16(PortableMath.rounded(min(max(value, limits.lowerBound), limits.upperBound)))
    }
}
