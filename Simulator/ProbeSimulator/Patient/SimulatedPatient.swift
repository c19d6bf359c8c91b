/// A scenario with a seed: what is in front of the probe at each site, in any order.
public struct SimulatedPatient: Sendable {
    /// What the patient does during a recording.
    public enum Breathing: String, Sendable, Hashable, Codable, CaseIterable {
        case quiet
        /// A larger excursion at the same rhythm, so that the truth's times stay.
        case deep
        /// Strains once, as the site says, or as usual with a competent valve where it says nothing.
        case valsalva
    }

    /// The scenario.
    public let scenario: Scenario
    /// The seed of noise, speckle and the lengths of valve closures.
    public let seed: UInt64

    /// A patient; without a seed, with the scenario's own.
    public init(_ scenario: Scenario, seed: UInt64? = nil) {
        self.scenario = scenario
        self.seed = seed ?? scenario.defaultSeed
    }

    /// The signal at a site: the same for the same scenario, seed, site, take and settings, whatever came before.
    ///
    /// - Parameters:
    ///   - id: the exam's site id, such as `ijv.left.j1.supine`.
    ///   - take: counted from 1 when a step is repeated; each has its own noise.
    /// - Throws: when no exam has such a site.
    public func signalSource(
        atSite id: String, take: Int, breathing: Breathing = .quiet
    ) throws(ScenarioError) -> any SignalSource {
        try phantom(atSite: id, take: take, breathing: breathing)
    }

    /// The same as `signalSource`, with the truth that goes with it.
    public func phantom(
        atSite id: String, take: Int, breathing: Breathing = .quiet
    ) throws(ScenarioError) -> VesselPhantom {
        guard let site = site(id, breathing: breathing) else {
            throw .unknownSite(id: id, scenario: scenario.name)
        }
        var physiology = scenario.physiology
        physiology.breathesDeeply = breathing == .deep
        return VesselPhantom(site: site, physiology: physiology, key: key(ofSite: id, take: take))
    }

    /// The vein at a site as it is in a recording: with a strain only where there is one.
    func site(_ id: String, breathing: Breathing) -> VesselSite? {
        guard var site = scenario.site(id) else { return nil }
        if breathing == .valsalva {
            site.strain = site.strain ?? ValsalvaStrain()
        } else if site.strain?.comesUnasked == false {
            site.strain = nil
        }
        return site
    }

    /// Whether the examiner gets to a site at all; `false` for an id that no exam has.
    public func isExamined(_ id: String) -> Bool { scenario.site(id)?.isExamined ?? false }

    /// Area of a jugular lumen, mm2; `nil` where it is not measured.
    ///
    /// - Parameters:
    ///   - side: `left` or `right`.
    ///   - level: `j1`, `j2` or `j3`.
    ///   - posture: `supine` or `sitting`.
    public func lumenAreaMm2(side: String, level: String, posture: String) -> Double? {
        scenario.lumenAreaMm2(side: side, level: level, posture: posture)
    }

    /// What chance depends on at a site.
    func key(ofSite id: String, take: Int) -> [String] { [scenario.name, String(seed), id, String(take)] }
}
