/// One parameter of a criteria definition, by name: what it says, where that comes from, and how to take it over.
struct DefinitionParameter: Sendable {
    /// `c1.postures`.
    let name: String
    /// The criteria that read it.
    let criteria: [Criterion]
    /// Its value in words.
    let words: @Sendable (CriteriaDefinition) -> String
    /// Where its value comes from.
    let source: @Sendable (CriteriaDefinition) -> String
    /// Puts the value of one definition into another.
    let copy: @Sendable (CriteriaDefinition, inout CriteriaDefinition) -> Void
    /// Whether two definitions have the same value.
    let isSame: @Sendable (CriteriaDefinition, CriteriaDefinition) -> Bool

    private init<Value>(
        _ name: String, _ criteria: [Criterion],
        _ path: any WritableKeyPath<CriteriaDefinition, Parameter<Value>> & Sendable,
        _ words: @escaping @Sendable (Value) -> String
    ) {
        self.name = name
        self.criteria = criteria
        self.words = { words($0[keyPath: path].value) }
        source = { $0[keyPath: path].source }
        copy = { $1[keyPath: path] = $0[keyPath: path] }
        isSame = { $0[keyPath: path].value == $1[keyPath: path].value }
    }

    /// Every parameter of a definition, in the order of the criteria.
    static let all: [DefinitionParameter] = neckReflux + intracranialReflux + stenosis + absenceAndArea

    // Criterion 4 reads reflux of criterion 1 where it counts absence in one posture with reflux in the other.
    private static let neckReflux = [
        DefinitionParameter("unknown.notMetNeeds", [.c1, .c4], \.notMetNeeds) { $0.rawValue },
        DefinitionParameter("c1.veins", [.c1], \.c1.veins, names),
        DefinitionParameter("c1.levels", [.c1, .c4], \.c1.levels) {
            $0.map { $0.rawValue.uppercased() }.joined(separator: ", ")
        },
        DefinitionParameter("c1.durationAboveSeconds", [.c1, .c4], \.c1.durationAboveSeconds) { "longer than \($0) s" },
        DefinitionParameter("c1.breathsAtLeast", [.c1, .c4], \.c1.breathsAtLeast) { "in at least \($0) breaths" },
        DefinitionParameter("c1.manoeuvres", [.c1, .c4], \.c1.manoeuvres, words),
        DefinitionParameter("c1.postures", [.c1], \.c1.postures, words),
    ]

    private static let intracranialReflux = [
        DefinitionParameter("c2.veins", [.c2], \.c2.veins, names),
        DefinitionParameter("c2.durationAboveSeconds", [.c2], \.c2.durationAboveSeconds) { "longer than \($0) s" },
        DefinitionParameter("c2.manoeuvres", [.c2], \.c2.manoeuvres, words),
    ]

    private static let stenosis = [
        DefinitionParameter("c3.levels", [.c3], \.c3.levels) {
            $0.map { $0.rawValue.uppercased() }.joined(separator: ", ")
        },
        DefinitionParameter("c3.posture", [.c3], \.c3.posture) { $0.rawValue },
        DefinitionParameter("c3.areaLimitMm2", [.c3], \.c3.areaLimitMm2) { "\(shortDecimalText($0, places: 2)) mm²" },
        DefinitionParameter("c3.areaComparison", [.c3], \.c3.areaComparison) {
            $0 == .atMost ? "the limit itself counts" : "the limit itself does not count"
        },
        DefinitionParameter("c3.scoredDefects", [.c3], \.c3.scoredDefects) {
            $0.isEmpty ? "no defects are scored" : "scored: \($0.map(\.words).joined(separator: ", "))"
        },
        DefinitionParameter("c3.scoresAreaReduction", [.c3], \.c3.scoresAreaReduction) {
            $0 ? "a reduction against the next lower level is scored" : "the ratio is shown, not scored"
        },
        DefinitionParameter("c3.areaReductionAtLeastPercent", [.c3], \.c3.areaReductionAtLeastPercent) {
            "at least \(shortDecimalText($0, places: 1)) %"
        },
    ]

    private static let absenceAndArea = [
        DefinitionParameter("c4.veins", [.c4], \.c4.veins, names),
        DefinitionParameter("c4.levels", [.c4], \.c4.levels) {
            $0.map { $0.rawValue.uppercased() }.joined(separator: ", ")
        },
        DefinitionParameter("c4.postures", [.c4], \.c4.postures, words),
        DefinitionParameter("c5.level", [.c5], \.c5.level) { $0.rawValue.uppercased() },
        DefinitionParameter("c5.deltaBelowMm2", [.c5], \.c5.deltaBelowMm2) {
            "below \(shortDecimalText($0, places: 2)) mm²"
        },
    ]

    private static func names(_ veins: [Vein]) -> String { veins.map(\.name).joined(separator: ", ") }

    private static func words(_ manoeuvres: [Manoeuvre]) -> String { manoeuvres.map(\.words).joined(separator: ", ") }

    private static func words(_ rule: CriteriaDefinition.PostureRule) -> String {
        switch rule {
        case .both: "both postures of one vein"
        case .either: "either posture"
        case .bothOrRefluxInOther: "both postures of one vein, or one with reflux in the other"
        }
    }
}
