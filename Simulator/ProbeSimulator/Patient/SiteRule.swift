/// What a scenario says of the sites under one pattern; what it leaves open comes from less specific patterns.
struct SiteRule: Sendable, Hashable {
    /// The sites.
    var pattern: SitePattern
    var depthMm: Double?
    var radiusMm: Double?
    var insonationAngleDegrees: Double?
    var velocityCmPerS: Double?
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

    /// A rule that says nothing yet.
    init(pattern: SitePattern) { self.pattern = pattern }

    /// Takes from a more specific rule what that one says.
    mutating func override(with rule: SiteRule) {
        pattern = rule.pattern
        depthMm = rule.depthMm ?? depthMm
        radiusMm = rule.radiusMm ?? radiusMm
        insonationAngleDegrees = rule.insonationAngleDegrees ?? insonationAngleDegrees
        velocityCmPerS = rule.velocityCmPerS ?? velocityCmPerS
        normalDirection = rule.normalDirection ?? normalDirection
        profileExponent = rule.profileExponent ?? profileExponent
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
    }

    /// The site, once every rule that matches it has spoken.
    ///
    /// - Parameter areaMm2: the lumen's area, which gives the radius where no rule does.
    /// - Throws: the names of the keys that no rule gives.
    func site(areaMm2: Double?) throws(MissingKeys) -> VesselSite {
        let fromArea = areaMm2.map { ($0 / (PortableMath.twoPi / 2)).squareRoot() }
        guard let depthMm, let radiusMm = radiusMm ?? fromArea, let insonationAngleDegrees, let velocityCmPerS,
            let normalDirection
        else {
            let given: [(String, Bool)] = [
                ("depthMm", depthMm != nil), ("radiusMm", radiusMm != nil || fromArea != nil),
                ("angleDegrees", insonationAngleDegrees != nil), ("velocityCmPerS", velocityCmPerS != nil),
                ("normalDirection", normalDirection != nil),
            ]
            throw MissingKeys(keys: given.filter { !$0.1 }.map(\.0))
        }
        var site = VesselSite(
            depthMm: depthMm, radiusMm: radiusMm, insonationAngleDegrees: insonationAngleDegrees,
            velocityCmPerS: velocityCmPerS, normalDirection: normalDirection)
        site.profileExponent = profileExponent ?? site.profileExponent
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
        return site
    }

    /// Keys that no rule gives.
    struct MissingKeys: Error {
        let keys: [String]
    }
}
