import ProbeSimulator
import Testing

@Suite("What the scenarios state under other definitions")
struct ExpectedElsewhereTests {
    private static let definitions = [
        "zamboni-2009", "mayer-2011", "zivadinov-2013", "brave-dreams-2012", "ctevd-2011",
    ]

    @Test("every bundled scenario states an outcome under every definition", arguments: ScenarioLibrary.names)
    func all(_ name: String) throws {
        let scenario = try ScenarioLibrary.scenario(named: name)
        #expect(([scenario.expected] + scenario.expectedElsewhere).map(\.definition) == Self.definitions)
        for outcome in scenario.expectedElsewhere {
            #expect(outcome.verdict == outcome.verdictByCount)
            #expect(outcome.severityLow <= outcome.severityHigh)
        }
        #expect(scenario.expected(under: "of-a-site") == nil)
    }

    @Test("the outcomes agree with the scenario's own findings", arguments: ScenarioLibrary.names)
    func findings(_ name: String) throws {
        let scenario = try ScenarioLibrary.scenario(named: name)
        let truth = SimulatedPatient(scenario).truth(recordingSeconds: 20)
        func criteria(_ definition: String) throws -> [ExpectedOutcome.Criterion: ExpectedOutcome.CriterionOutcome] {
            try #require(scenario.expected(under: definition)).criteria
        }
        // Mayer 2011: reflux in one posture is enough, and a posture that was not examined leaves it open.
        let neck = truth.sites.filter { $0.id.hasPrefix("ijv.") || $0.id.hasPrefix("vv.") }
        let hasReflux = neck.contains { $0.isExamined && $0.reversals.count { $0.durationSeconds > 0.88 } >= 2 }
        let isWhole = neck.allSatisfy(\.isExamined)
        #expect(try criteria("mayer-2011")[.c1] == (hasReflux ? .met : isWhole ? .notMet : .notExamined))
        // Brave Dreams 2012: Rosenthal alone of the deep veins that are planned; areas below 30 mm2.
        let basal = truth.sites.filter { $0.id.hasPrefix("bvr.") && $0.isExamined }
        let isBasalReflux = basal.contains { $0.flow == .present && $0.reversals.contains { $0.durationSeconds > 0.5 } }
        #expect(try (criteria("brave-dreams-2012")[.c2] == .met) == isBasalReflux)
        let isNarrow = truth.areas.contains { $0.posture == "supine" && $0.areaMm2 < 30 }
        #expect(try (criteria("brave-dreams-2012")[.c3] == .met) == isNarrow)
        #expect(try criteria("ctevd-2011") == criteria("zivadinov-2013"))
    }

    @Test("what a scenario says under a definition must hold together")
    func contradiction() {
        let yaml = """
            schema: 1
            scenario: wrong
            description: It contradicts itself.
            extends: healthy
            expected:
              under:
                mayer-2011: { criteria: { c1: met, c2: met } }
                zamboni-2009: {}
                ctevd-2011: { vhiss: { low: 20 } }
            """
        do throws(ScenarioError) {
            _ = try Scenario(yaml: yaml, file: "wrong.yaml")
            Issue.record("accepted")
        } catch {
            #expect(error.description.contains("wrong.yaml:7:17: `verdict` contradicts `criteria`"))
            #expect(error.description.contains("wrong.yaml:8:5: `zamboni-2009` is the definition of `expected` itself"))
            #expect(error.description.contains("`low` must be a whole number from 0 to 16"))
        }
    }
}
