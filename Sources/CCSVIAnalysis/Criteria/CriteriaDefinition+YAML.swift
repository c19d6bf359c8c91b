internal import StrictYAML

extension CriteriaDefinition {
    /// The schema number of definition files.
    static let schema = 1
    /// Bounds of durations in a definition, seconds (project choice: anything longer is a slip of the pen).
    private static let durationSeconds = 0.0...60.0
    /// Bounds of areas in a definition, mm2 (project choice: ten times a wide jugular vein).
    private static let areaMm2 = -1000.0...1000.0

    /// Reads a definition; unknown keys, missing keys and wrong values are refused together, each at its place.
    public static func parse(_ text: String, file: String) throws(AnalysisError) -> CriteriaDefinition {
        do {
            let log = YAMLLog()
            var reader = ParameterReader(YAMLMap(try YAMLValue.parse(text, file: file), log: log), log: log)
            let definition = read(&reader)
            try log.throwIfAny()
            return definition
        } catch {
            throw AnalysisError.notReadable(error)
        }
    }

    private static func read(_ reader: inout ParameterReader) -> CriteriaDefinition {
        let reference = reader.reference(schema: schema, citationKey: "citation")
        var unknown = reader.section("unknown")
        let notMetNeeds = unknown.choice("notMetNeeds", fallback: NotMetNeeds.decisiveSteps)
        unknown.map.finish()
        var c1 = reader.section("c1")
        var c2 = reader.section("c2")
        var c3 = reader.section("c3")
        var c4 = reader.section("c4")
        var c5 = reader.section("c5")
        var verdict = reader.section("verdict")
        let definition = CriteriaDefinition(
            reference: reference, notMetNeeds: notMetNeeds, c1: neckReflux(&c1), c2: intracranialReflux(&c2),
            c3: stenosis(&c3), c4: absence(&c4), c5: posturalArea(&c5),
            readsBorderlineTwice: verdict.bool("readsBorderlineTwice"))
        verdict.map.finish()
        reader.map.finish()
        return definition
    }

    private static func neckReflux(_ section: inout ParameterReader) -> NeckRefluxRule {
        defer { section.map.finish() }
        return NeckRefluxRule(
            source: section.map.string("source") ?? "", veins: neckVeins(&section), levels: section.choices("levels"),
            durationAboveSeconds: section.double("durationAboveSeconds", in: durationSeconds),
            breathsAtLeast: section.int("breathsAtLeast", in: 1...100),
            manoeuvres: section.choices("manoeuvres"),
            postures: section.choice("postures", fallback: .both, excluding: [.bothOrRefluxInOther]))
    }

    private static func intracranialReflux(_ section: inout ParameterReader) -> IntracranialRefluxRule {
        defer { section.map.finish() }
        return IntracranialRefluxRule(
            source: section.map.string("source") ?? "",
            veins: section.choices("veins", excluding: Vein.allCases.filter { !$0.isIntracranial }),
            durationAboveSeconds: section.double("durationAboveSeconds", in: durationSeconds),
            manoeuvres: section.choices("manoeuvres"))
    }

    private static func stenosis(_ section: inout ParameterReader) -> StenosisRule {
        defer { section.map.finish() }
        return StenosisRule(
            source: section.map.string("source") ?? "", levels: section.choices("levels"),
            posture: section.choice("posture", fallback: .supine),
            areaLimitMm2: section.double("areaLimitMm2", in: 0...1000),
            areaComparison: section.choice("areaComparison", fallback: .atMost),
            scoredDefects: section.choices("scoredDefects", mayBeEmpty: true),
            scoresAreaReduction: section.bool("scoresAreaReduction"),
            areaReductionAtLeastPercent: section.double("areaReductionAtLeastPercent", in: 0...100))
    }

    private static func absence(_ section: inout ParameterReader) -> AbsenceRule {
        defer { section.map.finish() }
        return AbsenceRule(
            source: section.map.string("source") ?? "", veins: neckVeins(&section), levels: section.choices("levels"),
            postures: section.choice("postures", fallback: .both))
    }

    private static func posturalArea(_ section: inout ParameterReader) -> PosturalAreaRule {
        defer { section.map.finish() }
        return PosturalAreaRule(
            source: section.map.string("source") ?? "", level: section.choice("level", fallback: .j2),
            deltaBelowMm2: section.double("deltaBelowMm2", in: areaMm2))
    }

    private static func neckVeins(_ section: inout ParameterReader) -> Parameter<[Vein]> {
        section.choices("veins", excluding: Vein.allCases.filter { !$0.isNeckVein })
    }
}
