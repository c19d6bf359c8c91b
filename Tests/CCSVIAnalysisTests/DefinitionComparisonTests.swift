import CCSVIAnalysis
import Testing

@Suite("Definitions side by side")
struct DefinitionComparisonTests {
    private func comparison(_ changes: [String]) throws -> DefinitionComparison {
        try DefinitionComparison(
            ExamVector(changes: changes).measurements(), under: Fixture.definitions(),
            examProtocol: Fixture.plan(), table: .segmentsV1())
    }

    @Test("an exam on which all agree has no change")
    func agreed() throws {
        let comparison = try comparison([])
        #expect(comparison.comparedWith == "zamboni-2009")
        #expect(comparison.assessments.map(\.definition.id) == CriteriaDefinition.builtInIDs)
        #expect(comparison.changes.isEmpty)
    }

    @Test(
        "a change names the one parameter that makes it",
        arguments: [
            (["vv.left.sitting reflux 1 x2"], "mayer-2011", Criterion.c1, "c1.postures"),
            (["ts.left.transtemporal.supine reflux 0.6 x1"], "zivadinov-2013", .c2, "c2.veins"),
            (["icv.left.*.supine reflux 0.6 x1"], "brave-dreams-2012", .c2, "c2.veins"),
            (["area.left.j1.supine 30"], "brave-dreams-2012", .c3, "c3.areaComparison"),
            (["lumen.left.j1 annulus"], "ctevd-2011", .c3, "c3.scoredDefects"),
            (
                ["vv.left.sitting reflux 1 x2", "vv.left.supine absent filter scale breaths"], "brave-dreams-2012", .c4,
                "c4.postures"
            ),
        ])
    func cause(_ row: (changes: [String], definition: String, criterion: Criterion, parameter: String)) throws {
        let changes = try comparison(row.changes).changes
        let change = try #require(changes.first { $0.definition == row.definition && $0.criterion == row.criterion })
        #expect(change.because.map(\.parameter) == [row.parameter])
        #expect(change.because.allSatisfy { $0.value != $0.comparedValue && !$0.source.isEmpty })
        #expect(change.outcome != change.comparedOutcome)
    }

    @Test("where one parameter is not enough, the fewest that are together enough are named")
    func twoCauses() throws {
        var other = try Fixture.definition()
        other.reference.id = "other"
        other.c1.postures.value = .either
        other.c1.breathsAtLeast.value = 1
        other.c1.levels.value = [.j1]
        let comparison = try DefinitionComparison(
            ExamVector(changes: ["ijv.left.j1.sitting reflux 1 x1"]).measurements(),
            under: [Fixture.definition(), other], examProtocol: Fixture.plan(), table: .segmentsV1())
        #expect(comparison.changes.map(\.criterion) == [.c1])
        #expect(comparison.changes.first?.because.map(\.parameter) == ["c1.breathsAtLeast", "c1.postures"])
    }

    @Test("every change of every random exam is explained by what differs", arguments: 0..<30)
    func explained(_ seed: Int) throws {
        var random = RandomExam(seed: seed)
        let comparison = try DefinitionComparison(
            random.measurements(), under: Fixture.definitions(), examProtocol: Fixture.plan(), table: .segmentsV1())
        let base = try #require(comparison.assessments.first)
        for assessment in comparison.assessments {
            let changed = zip(assessment.criteria, base.criteria).filter { $0.outcome != $1.outcome }
            let listed = comparison.changes.filter { $0.definition == assessment.definition.id }
            #expect(listed.map(\.criterion) == changed.map(\.0.criterion))
            #expect(listed.allSatisfy { !$0.because.isEmpty })
        }
    }

    @Test("a definition says which of its veins the protocol does not plan")
    func unplanned() throws {
        let comparison = try comparison([])
        for assessment in comparison.assessments {
            let says = assessment.criteria[1].projectChoices.contains {
                $0.contains("transverse sinus") && $0.hasPrefix("planned")
            }
            #expect(says == !["zamboni-2009", "mayer-2011"].contains(assessment.definition.id))
        }
    }
}
