extension SimulatedPatient {
    /// The truth for recordings of a given length, seconds.
    public func truth(recordingSeconds: Double, take: Int = 1, breathing: Breathing = .quiet) -> ScenarioTruth {
        let sites = SiteIdentity.all.compactMap { identity in
            site(identity.id, breathing: breathing).map { site in
                truth(of: site, id: identity.id, recordingSeconds: recordingSeconds, take: take)
            }
        }
        let areas = JugularPlace.all.compactMap { place in
            lumenAreaMm2(side: place.side, level: place.level, posture: place.posture).map {
                ScenarioTruth.Area(side: place.side, level: place.level, posture: place.posture, areaMm2: $0)
            }
        }
        return ScenarioTruth(
            schema: ScenarioTruth.schemaID, scenario: scenario.name, seed: seed, isSimulated: true, take: take,
            recordingSeconds: recordingSeconds, breathing: breathing,
            heartRatePerMinute: scenario.physiology.heartRatePerMinute,
            breathsPerMinute: scenario.physiology.breathsPerMinute, expected: scenario.expected, sites: sites,
            areas: areas, outflow: SiteIdentity.postures.map(outflow))
    }

    private func truth(
        of site: VesselSite, id: String, recordingSeconds: Double, take: Int
    ) -> ScenarioTruth.Site {
        let profile = LumenProfile(site: site)
        let gate = GateGeometry(
            site: site, profile: profile, depthMm: site.depthMm, lengthMm: site.referenceGateLengthMm)
        let flow = FlowWaveform(site: site, physiology: scenario.physiology, key: key(ofSite: id, take: take))
        let velocity = site.flowIsAbsent ? 0 : site.velocityCmPerS
        return ScenarioTruth.Site(
            id: id, flow: site.audibleFlow, normalDirection: site.normalDirection,
            insonationAngleDegrees: site.insonationAngleDegrees, depthMm: site.depthMm, radiusMm: site.radiusMm,
            lumenVelocityCmPerS: velocity, gateVelocityCmPerS: velocity * gate.relativeVelocity,
            gateLengthMm: site.referenceGateLengthMm, reversals: flow.reversals(withinSeconds: recordingSeconds),
            isExamined: site.isExamined, profile: site.profile ?? .blunted(exponent: Double(site.profileExponent)),
            fastestVelocityCmPerS: velocity * profile.maximumOverMean, cardiacModulation: site.cardiacModulation,
            respiratoryModulation: site.respiratoryModulation, lumenAreaMm2: site.lumenAreaMm2,
            areaPulse: site.areaPulse, areaBreathing: site.areaBreathing,
            flowMlPerMin: site.meanFlowMlPerMin(scenario.physiology), strain: site.strain,
            septumShare: site.septumShare,
            faults: site.faults.filter { $0.startSeconds < recordingSeconds }.map(ScenarioTruth.Fault.init),
            losses: site.losses(withinSeconds: recordingSeconds))
    }

    private func outflow(_ posture: String) -> ScenarioTruth.Outflow {
        func sum(_ ids: [String]) -> Double {
            ids.compactMap { scenario.site($0) }.reduce(0) { $0 + $1.meanFlowMlPerMin(scenario.physiology) }
        }
        let jugular = sum(SiteIdentity.sides.map { "ijv.\($0).j2.\(posture)" })
        let vertebral = sum(SiteIdentity.sides.map { "vv.\($0).\(posture)" })
        return ScenarioTruth.Outflow(
            posture: posture, jugularMlPerMin: jugular, vertebralMlPerMin: vertebral,
            jugularShare: jugular + vertebral > 0 ? jugular / (jugular + vertebral) : nil)
    }
}

extension ScenarioTruth.Fault {
    fileprivate init(_ fault: FrontEndFault) {
        let isEndless = fault.seconds >= FrontEndFault.wholeScene
        let unit = fault.kind.sizeKey
        self.init(
            kind: fault.kind, startSeconds: fault.startSeconds, lengthSeconds: isEndless ? nil : fault.seconds,
            size: unit.map { _ in fault.size }, unit: unit, seed: fault.seed)
    }
}

extension VesselSite {
    /// What can be heard at full transmit level: with its echo below the noise of the whole band, flow is lost.
    var audibleFlow: ScenarioTruth.Flow {
        if flowIsAbsent { return .absent }
        let blood = VesselPhantom.bloodCounts * PortableMath.amplitude(ofDb: -attenuationDb)
        return blood < VesselPhantom.noiseCounts ? .belowNoise : .present
    }

    /// Stretches of a recording in which the front end gives nothing.
    fileprivate func losses(withinSeconds seconds: Double) -> [ScenarioTruth.Stretch] {
        faults.filter { $0.kind == .dropout && $0.startSeconds < seconds }.sorted { $0.startSeconds < $1.startSeconds }
            .map {
                ScenarioTruth.Stretch(
                    startSeconds: $0.startSeconds, lengthSeconds: min($0.seconds, seconds - $0.startSeconds))
            }
    }
}
