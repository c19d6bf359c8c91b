internal import StrictYAML

extension Scenario {
    /// Reads a scenario file; it may extend bundled ones.
    ///
    /// - Parameter file: the name that problems are reported under.
    /// - Throws: every problem at its line and column.
    public init(yaml: String, file: String) throws(ScenarioError) {
        try self.init(yaml: yaml, file: file, name: file, ScenarioLibrary.bundled)
    }

    /// Reads a scenario file.
    ///
    /// - Parameters:
    ///   - name: what another file would call it in `extends`.
    ///   - opening: finds the files that it extends.
    init(yaml: String, file: String, name: String, _ opening: ScenarioLayers.Opening) throws(ScenarioError) {
        do {
            self = try Self.reading(ScenarioLayers(YAMLValue.parse(yaml, file: file), name: name, opening))
        } catch {
            throw .malformed(problems: error.problems.map(\.description))
        }
    }

    /// The version of the file format.
    private static let formatVersion = 1

    private static func reading(_ layers: ScenarioLayers) throws(YAMLProblems) -> Scenario {
        let log = YAMLLog()
        let root = layers.joined
        var map = YAMLMap(root, log: log)
        _ = map.int("schema", in: formatVersion...formatVersion)
        _ = map.take("extends")
        let name = map.string("scenario")
        let summary = map.string("description")
        let seed = map.int("seed", in: 0...Int(UInt32.max))
        let physiology = PatientPhysiology.reading(map.map("physiology"))
        _ = map.require("areasMm2")
        let areas = StatedAreas(layers.values("areasMm2"), log)
        let outcomes = ExpectedOutcome.reading(map.map("expected"), log)
        let siteList = map.require("sites")
        _ = map.take("drainage")
        let rules = layers.files.map { file in
            ScenarioRules(file, physiology: physiology, log)
        }
        map.finish()
        try log.throwIfAny()
        guard let name, let summary, let seed, let physiology, let outcomes, let expected = outcomes.first, let siteList
        else {
            throw YAMLProblems([YAMLProblem(file: root.file, line: root.line, column: root.column, what: "incomplete")])
        }
        let sites = resolving(rules, areas: areas, physiology: physiology, at: siteList, log)
        try log.throwIfAny()
        return Scenario(
            name: name, summary: summary, defaultSeed: UInt64(seed), physiology: physiology, expected: expected,
            expectedElsewhere: Array(outcomes.dropFirst()), sites: sites, areas: areas.measured)
    }

    /// Every site of the catalogue by the rules that match it: the most specific last, then those of the next file.
    private static func resolving(
        _ files: [ScenarioRules], areas: StatedAreas, physiology: PatientPhysiology, at list: YAMLValue,
        _ log: YAMLLog
    ) -> [SiteIdentity: VesselSite] {
        let ordered = files.flatMap(\.ordered)
        var sites: [SiteIdentity: VesselSite] = [:]
        for identity in SiteIdentity.all {
            let matching = ordered.filter { $0.pattern.matches(identity) }
            guard var merged = matching.first else {
                log.note("no rule matches site `\(identity.id)`", at: list)
                continue
            }
            for rule in matching.dropFirst() { merged.override(with: rule) }
            do {
                let site = try merged.site(areaMm2: identity.jugularPlace.flatMap { areas.lumen[$0] })
                for problem in site.contradictions(physiology) {
                    log.note("site `\(identity.id)`: \(problem)", at: list)
                }
                sites[identity] = site
            } catch {
                let keys = error.keys.joined(separator: ", ")
                log.note("site `\(identity.id)`: no rule gives \(keys)", at: list)
            }
        }
        return sites
    }

    /// Bounds of the keys: far outside what a vein can do, close enough to catch a slip of units.
    enum Allowed {
        static let areaMm2 = 0.5...600.0
        static let heartRatePerMinute = 30.0...180.0
        static let breathsPerMinute = 4.0...40.0
        static let inspirationShare = 0.2...0.8
        static let depthMm = 1.0...150.0
        static let radiusMm = 0.3...15.0
        static let angleDegrees = 0.0...80.0
        static let velocityCmPerS = 0.5...200.0
        static let profileExponent = 2...20
        static let beamWidthMm = 0.2...20.0
        static let gateLengthMm = 0.5...30.0
        static let modulation = -0.9...0.9
        static let broadening = 0.0...0.3
        static let clutterDb = -60.0...55.0
        static let wallSpeedMmPerS = 0.0...20.0
        static let attenuationDb = 0.0...120.0
        static let seconds = 0.01...60.0
        static let breath = 1...100_000
        /// Cardiac and respiratory modulation together, so that flow never turns by itself.
        static let modulationSum = 0.9
    }
}

extension PatientPhysiology {
    fileprivate static func reading(_ map: YAMLMap?) -> PatientPhysiology? {
        guard var map else { return nil }
        let heart = map.double("heartRatePerMinute", in: Scenario.Allowed.heartRatePerMinute)
        let breaths = map.double("breathsPerMinute", in: Scenario.Allowed.breathsPerMinute)
        let share = map.double("inspirationShare", in: Scenario.Allowed.inspirationShare)
        map.finish()
        guard let heart, let breaths, let share else { return nil }
        return PatientPhysiology(heartRatePerMinute: heart, breathsPerMinute: breaths, inspirationShare: share)
    }
}
