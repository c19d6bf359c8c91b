internal import StrictYAML

extension SiteRule {
    private typealias Allowed = Scenario.Allowed

    /// The rules of a scenario's `sites`.
    static func reading(_ value: YAMLValue?, physiology: PatientPhysiology?, _ log: YAMLLog) -> [SiteRule] {
        guard let value else { return [] }
        guard case .mapping(let entries) = value.content else {
            log.note("`sites` must be a mapping of patterns, such as ijv.left.*.supine, to what holds there", at: value)
            return []
        }
        return entries.compactMap { entry in
            guard let pattern = SitePattern(entry.name) else {
                log.note(
                    "no site can match `\(entry.name)`: write vein.side.level-or-window.posture with * for any",
                    at: entry.key)
                return nil
            }
            return SiteRule(pattern: pattern, YAMLMap(entry.value, log: log), physiology: physiology, log)
        }
    }

    private init(pattern: SitePattern, _ map: YAMLMap, physiology: PatientPhysiology?, _ log: YAMLLog) {
        self.init(pattern: pattern)
        var map = map
        depthMm = map.optionalDouble("depthMm", in: Allowed.depthMm)
        radiusMm = map.optionalDouble("radiusMm", in: Allowed.radiusMm)
        insonationAngleDegrees = map.optionalDouble("angleDegrees", in: Allowed.angleDegrees)
        velocityCmPerS = map.optionalDouble("velocityCmPerS", in: Allowed.velocityCmPerS)
        flowMlPerMin = map.optionalDouble("flowMlPerMin", in: Allowed.flowMlPerMin)
        if velocityCmPerS != nil, flowMlPerMin != nil {
            log.note("`velocityCmPerS` and `flowMlPerMin` say the same thing: give one of them", at: map.value)
        }
        normalDirection = map.optionalChoice("normalDirection", of: VesselSite.Direction.self)
        if let value = map.take("profileExponent") {
            profileExponent = value.int("profileExponent", in: Allowed.profileExponent, log)
            if let exponent = profileExponent, exponent % 2 != 0 {
                log.note("`profileExponent` must be even", at: value)
            }
        }
        beamWidthMm = map.optionalDouble("beamWidthMm", in: Allowed.beamWidthMm)
        referenceGateLengthMm = map.optionalDouble("gateLengthMm", in: Allowed.gateLengthMm)
        readWaves(&map)
        intrinsicBroadening = map.optionalDouble("intrinsicBroadening", in: Allowed.broadening)
        clutterOverBloodDb = map.optionalDouble("clutterDb", in: Allowed.clutterDb)
        wallSpeedMmPerS = map.optionalDouble("wallSpeedMmPerS", in: Allowed.wallSpeedMmPerS)
        attenuationDb = map.optionalDouble("attenuationDb", in: Allowed.attenuationDb)
        flowIsAbsent = map.optionalBool("absent")
        if let list = map.take("reversals") {
            reversals = list.items("reversals", log).compactMap { FlowReversal.reading($0, physiology, log) }
        }
        profile = VelocityProfile.Shape.reading(map.take("profile"), log)
        if profile != nil, profileExponent != nil {
            log.note("`profile` and `profileExponent` contradict one another: give one of them", at: map.value)
        }
        strain = map.optionalMap("valsalva").map { ValsalvaStrain.reading($0) }
        faults = map.take("faults").map { FrontEndFault.readingList($0, log) }
        isExamined = map.optionalBool("notExamined").map { !$0 }
        septumShare = map.optionalDouble("septumShare", in: Allowed.septumShare)
        leaflets = ValveLeaflets.reading(map.take("leaflets"), log)
        map.finish()
    }

    /// How velocity and area follow heart and breathing.
    private mutating func readWaves(_ map: inout YAMLMap) {
        areaPulse = map.optionalDouble("areaPulse", in: Allowed.areaModulation)
        areaBreathing = map.optionalDouble("areaBreathing", in: Allowed.areaModulation)
        cardiacModulation = map.optionalDouble("cardiacModulation", in: Allowed.modulation)
        respiratoryModulation = map.optionalDouble("respiratoryModulation", in: Allowed.modulation)
    }
}

extension FlowReversal {
    private typealias Allowed = Scenario.Allowed

    fileprivate static func reading(
        _ value: YAMLValue, _ physiology: PatientPhysiology?, _ log: YAMLLog
    ) -> FlowReversal? {
        var map = YAMLMap(value, log: log)
        let kind = map.choice("kind", of: Kind.self)
        let onset = kind == .diastolic ? 0 : map.double("onsetSeconds", in: Allowed.seconds)
        let velocity = map.optionalDouble("velocityCmPerS", in: Allowed.velocityCmPerS)
        let breaths = map.take("breaths").map { list in
            list.items("breaths", log).compactMap { $0.int("breaths", in: Allowed.breath, log) }
        }
        let reversal: FlowReversal?
        switch kind {
        case .reflux:
            let length = map.double("lengthSeconds", in: Allowed.seconds)
            if velocity == nil { log.note("a reflux needs `velocityCmPerS`", at: value) }
            reversal = FlowReversal.reflux(
                onsetSeconds: onset ?? 0, lengthSeconds: length ?? 0, velocityCmPerS: velocity ?? 0, breaths: breaths)
        case .valveClosure:
            let mean = map.optionalDouble("meanSeconds", in: valveClosureSeconds)
            let deviation = map.optionalDouble("deviationSeconds", in: Allowed.seconds)
            reversal = FlowReversal.valveClosure(
                onsetSeconds: onset ?? 0, meanSeconds: mean ?? valveClosureMeanSeconds,
                deviationSeconds: deviation ?? valveClosureDeviationSeconds,
                velocityCmPerS: velocity ?? valveClosureVelocityCmPerS, breaths: breaths)
        case .diastolic:
            let phase = map.double("heartPhase", in: Allowed.heartPhase)
            let length = map.double("lengthSeconds", in: Allowed.seconds)
            if velocity == nil { log.note("a diastolic reversal needs `velocityCmPerS`", at: value) }
            reversal = FlowReversal.diastolic(
                heartPhase: phase ?? 0, lengthSeconds: length ?? 0, velocityCmPerS: velocity ?? 0, breaths: breaths)
        case .valveLeak:
            log.note("a valve leaks in a strain only: write valsalva: { valve: incompetent }", at: value)
            return nil
        case nil: return nil
        }
        map.finish()
        if let reversal, let physiology {
            reversal.noteIfBeyondBreath(physiology, at: value, log)
        }
        return reversal
    }

    private func noteIfBeyondBreath(_ physiology: PatientPhysiology, at value: YAMLValue, _ log: YAMLLog) {
        if let heartPhase {
            let beat = physiology.heartPeriodSeconds
            guard heartPhase * beat + longestSeconds > beat - FlowWaveform.halfTransitionSeconds else { return }
            return log.note("the reversal reaches beyond its heart beat of \(beat) s", at: value)
        }
        let period = physiology.breathPeriodSeconds
        guard onsetSeconds + longestSeconds > period - FlowWaveform.halfTransitionSeconds else { return }
        log.note("the reversal reaches beyond its breath of \(period) s", at: value)
    }
}
