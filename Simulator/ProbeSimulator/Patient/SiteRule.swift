/// What a scenario says of the sites under one pattern; what it leaves open comes from less specific patterns.
struct SiteRule: Sendable, Hashable {
    /// The sites.
    var pattern: SitePattern
    var depthMm: Double?
    var radiusMm: Double?
    var insonationAngleDegrees: Double?
    var velocityCmPerS: Double?
    var flowMlPerMin: Double?
    var normalDirection: VesselSite.Direction?
    var profileExponent: Int?
    var beamWidthMm: Double?
    var referenceGateLengthMm: Double?
    var cardiacModulation: Double?
    var respiratoryModulation: Double?
    var intrinsicBroadening: Double?
    var clutterOverBloodDb: Double?
    var wallSpeedMmPerS: Double?
    var attenuationDb: Double?
    var flowIsAbsent: Bool?
    var reversals: [FlowReversal]?
    var profile: VelocityProfile.Shape?
    var areaPulse: Double?
    var areaBreathing: Double?
    var strain: ValsalvaStrain?
    var faults: [FrontEndFault]?
    var isExamined: Bool?
    var septumShare: Double?
    var leaflets: ValveLeaflets?

    /// A rule that says nothing yet.
    init(pattern: SitePattern) { self.pattern = pattern }

    /// Takes from a more specific rule what that one says.
    mutating func override(with rule: SiteRule) {
        pattern = rule.pattern
        depthMm = rule.depthMm ?? depthMm
        radiusMm = rule.radiusMm ?? radiusMm
        insonationAngleDegrees = rule.insonationAngleDegrees ?? insonationAngleDegrees
        // Velocity and flow say the same thing: the later word counts.
        if rule.velocityCmPerS != nil || rule.flowMlPerMin != nil {
            velocityCmPerS = rule.velocityCmPerS
            flowMlPerMin = rule.flowMlPerMin
        }
        normalDirection = rule.normalDirection ?? normalDirection
        // So do a shape and the exponent of the power law.
        if rule.profileExponent != nil || rule.profile != nil {
            profileExponent = rule.profileExponent
            profile = rule.profile
        }
        beamWidthMm = rule.beamWidthMm ?? beamWidthMm
        referenceGateLengthMm = rule.referenceGateLengthMm ?? referenceGateLengthMm
        cardiacModulation = rule.cardiacModulation ?? cardiacModulation
        respiratoryModulation = rule.respiratoryModulation ?? respiratoryModulation
        intrinsicBroadening = rule.intrinsicBroadening ?? intrinsicBroadening
        clutterOverBloodDb = rule.clutterOverBloodDb ?? clutterOverBloodDb
        wallSpeedMmPerS = rule.wallSpeedMmPerS ?? wallSpeedMmPerS
        attenuationDb = rule.attenuationDb ?? attenuationDb
        flowIsAbsent = rule.flowIsAbsent ?? flowIsAbsent
        reversals = rule.reversals ?? reversals
        areaPulse = rule.areaPulse ?? areaPulse
        areaBreathing = rule.areaBreathing ?? areaBreathing
        strain = rule.strain ?? strain
        faults = rule.faults ?? faults
        isExamined = rule.isExamined ?? isExamined
        septumShare = rule.septumShare ?? septumShare
        leaflets = rule.leaflets ?? leaflets
    }

    /// The site, once every rule that matches it has spoken.
    ///
    /// - Parameter areaMm2: area of the lumen where it is stated, which gives the radius; a rule's radius gives it
    ///   elsewhere.
    /// - Throws: the names of the keys that no rule gives.
    func site(areaMm2: Double?) throws(MissingKeys) -> VesselSite {
        let radiusMm = areaMm2.map { ($0 / (PortableMath.twoPi / 2)).squareRoot() } ?? radiusMm
        let fromFlow = flowMlPerMin.flatMap { flow in
            radiusMm.map { radius in
                flow / (radius * radius * PortableMath.twoPi / 2 * VesselSite.millilitresPerMinutePerMm2CmPerS)
            }
        }
        guard let depthMm, let radiusMm, let insonationAngleDegrees, let velocityCmPerS = velocityCmPerS ?? fromFlow,
            let normalDirection
        else {
            let given: [(String, Bool)] = [
                ("depthMm", depthMm != nil), ("radiusMm", radiusMm != nil),
                ("angleDegrees", insonationAngleDegrees != nil),
                ("velocityCmPerS", velocityCmPerS != nil || flowMlPerMin != nil),
                ("normalDirection", normalDirection != nil),
            ]
            throw MissingKeys(keys: given.filter { !$0.1 }.map(\.0))
        }
        let site = VesselSite(
            depthMm: depthMm, radiusMm: radiusMm, insonationAngleDegrees: insonationAngleDegrees,
            velocityCmPerS: velocityCmPerS, normalDirection: normalDirection)
        return completed(site)
    }

    /// A site with everything that has a default.
    private func completed(_ plain: VesselSite) -> VesselSite {
        var site = plain
        site.profileExponent = profileExponent ?? site.profileExponent
        site.profile = profile
        site.beamWidthMm = beamWidthMm ?? site.beamWidthMm
        site.referenceGateLengthMm = referenceGateLengthMm ?? site.referenceGateLengthMm
        site.cardiacModulation = cardiacModulation ?? site.cardiacModulation
        site.respiratoryModulation = respiratoryModulation ?? site.respiratoryModulation
        site.intrinsicBroadening = intrinsicBroadening ?? site.intrinsicBroadening
        site.clutterOverBloodDb = clutterOverBloodDb ?? site.clutterOverBloodDb
        site.wallSpeedMmPerS = wallSpeedMmPerS ?? site.wallSpeedMmPerS
        site.attenuationDb = attenuationDb ?? site.attenuationDb
        site.flowIsAbsent = flowIsAbsent ?? site.flowIsAbsent
        site.reversals = reversals ?? site.reversals
        site.areaPulse = areaPulse ?? site.areaPulse
        site.areaBreathing = areaBreathing ?? site.areaBreathing
        site.strain = strain
        site.faults = faults ?? site.faults
        site.isExamined = isExamined ?? site.isExamined
        site.septumShare = septumShare
        site.leaflets = leaflets
        return site
    }

    /// Keys that no rule gives.
    struct MissingKeys: Error {
        let keys: [String]
    }
}
