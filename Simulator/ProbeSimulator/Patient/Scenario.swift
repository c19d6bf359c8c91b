/// A simulated patient as a file describes it: heart and breathing, every vein, areas and what an exam should find.
public struct Scenario: Sendable, Hashable {
    /// One word: `healthy`.
    public let name: String
    /// What the scenario shows, for people.
    public let summary: String
    /// The seed when none is asked for.
    public let defaultSeed: UInt64
    /// Heart and breathing.
    public let physiology: PatientPhysiology
    /// What an exam should come to.
    public let expected: ExpectedOutcome
    /// What it should come to under other definitions of the criteria.
    public let expectedElsewhere: [ExpectedOutcome]
    private let sites: [SiteIdentity: VesselSite]
    private let areas: [JugularPlace: Double]

    init(
        name: String, summary: String, defaultSeed: UInt64, physiology: PatientPhysiology, expected: ExpectedOutcome,
        expectedElsewhere: [ExpectedOutcome], sites: [SiteIdentity: VesselSite], areas: [JugularPlace: Double]
    ) {
        self.name = name
        self.summary = summary
        self.defaultSeed = defaultSeed
        self.physiology = physiology
        self.expected = expected
        self.expectedElsewhere = expectedElsewhere
        self.sites = sites
        self.areas = areas
    }

    /// What an exam should come to under a definition; `nil` where the scenario states nothing of it.
    public func expected(under definition: String) -> ExpectedOutcome? {
        ([expected] + expectedElsewhere).first { $0.definition == definition }
    }

    /// The vein at a site, by the exam's site id; `nil` for an id that no exam has.
    public func site(_ id: String) -> VesselSite? { SiteIdentity(id).flatMap { sites[$0] } }

    /// The ids of all sites, in the order of the catalogue.
    public var siteIDs: [String] { SiteIdentity.all.map(\.id) }

    /// Area of a jugular lumen, mm2; `nil` where it is not measured.
    ///
    /// - Parameters:
    ///   - side: `left` or `right`.
    ///   - level: `j1`, `j2` or `j3`.
    ///   - posture: `supine` or `sitting`.
    public func lumenAreaMm2(side: String, level: String, posture: String) -> Double? {
        areas[JugularPlace(side: side, level: level, posture: posture)]
    }
}
