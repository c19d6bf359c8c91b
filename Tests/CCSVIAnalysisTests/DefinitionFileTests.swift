import CCSVIAnalysis
import DopplerDSP
import Testing

@Suite("Definitions, tables and protocols as files")
struct DefinitionFileTests {
    private static let definitionText = CriteriaDefinition.zamboni2009Text
    private static let tableText = VHISSTable.segmentsV1Text
    private static let protocolText = ExamProtocol.standardText

    @Test("zamboni-2009 has the published thresholds")
    func thresholds() throws {
        let definition = try CriteriaDefinition.zamboni2009()
        #expect(definition.reference.id == "zamboni-2009")
        #expect(definition.c1.durationAboveSeconds.value == 0.88)
        #expect(definition.c1.breathsAtLeast.value == 2)
        #expect(definition.c2.durationAboveSeconds.value == 0.5)
        #expect(definition.c2.veins.value == [.internalCerebral, .basalRosenthal, .greatCerebralGalen])
        #expect(definition.c3.areaLimitMm2.value == 30)
        #expect(definition.c3.areaComparison.value == .atMost)
        #expect(definition.c5.level.value == .j2)
        #expect(definition.c5.deltaBelowMm2.value == 0)
    }

    @Test("every built-in definition is read, and its id is that of its file")
    func builtIn() throws {
        #expect(try CriteriaDefinition.allBuiltIn().map(\.reference.id) == CriteriaDefinition.builtInIDs)
        for id in CriteriaDefinition.builtInIDs {
            let definition = try #require(try CriteriaDefinition.builtIn(id))
            #expect(!definition.reference.citation.isEmpty)
            #expect(Criterion.allCases.allSatisfy { definition.rule(of: $0).hasSuffix(".") })
        }
        #expect(try CriteriaDefinition.builtIn("zamboni-2010") == nil)
    }

    @Test("the published definitions differ in the parameters in which their sources differ, and in no other")
    func differences() throws {
        func changed(_ id: String, _ change: (inout CriteriaDefinition) -> Void) throws -> Bool {
            var expected = try CriteriaDefinition.zamboni2009()
            change(&expected)
            let definition = try #require(try CriteriaDefinition.builtIn(id))
            return definition.values == expected.values
        }
        let sinuses: [Vein] = [.transverseSinus, .cavernousSinus, .superiorPetrosalSinus, .inferiorPetrosalSinus]
        let deep: [Vein] = [.internalCerebral, .basalRosenthal, .greatCerebralGalen]
        let lumen: [LumenDefectKind] = [
            .web, .flap, .septum, .membrane, .fillingDefect, .doubleChannel, .malformedValve, .immobileValve, .annulus,
        ]
        #expect(try changed("mayer-2011") { $0.c1.postures.value = .either })
        #expect(
            try changed("zivadinov-2013") {
                $0.c2.veins.value = deep + sinuses
                $0.c3.scoredDefects.value = lumen
            })
        #expect(
            try changed("brave-dreams-2012") {
                $0.c2.veins.value = [.basalRosenthal] + sinuses
                $0.c3.areaComparison.value = .below
                $0.c3.scoredDefects.value = [.septum, .doubleChannel, .malformedValve, .immobileValve]
                $0.c4.postures.value = .bothOrRefluxInOther
            })
        #expect(
            try changed("ctevd-2011") {
                $0.c2.veins.value = deep + sinuses
                $0.c3.scoredDefects.value = lumen
                $0.readsBorderlineTwice.value = true
            })
    }

    @Test("nothing of ctevd-2011 is passed off as read in its source")
    func unreadSource() throws {
        let definition = try #require(try CriteriaDefinition.builtIn("ctevd-2011"))
        #expect(definition.reference.title.contains("full text was not read"))
        #expect(definition.projectChoices(of: .c1).count == 7)
        let text = try #require(CriteriaDefinition.builtInText("ctevd-2011"))
        #expect(!text.contains("projectChoice: false"))
    }

    @Test("a site's file may not call itself by the id of a published definition that it changes")
    func siteID() throws {
        let changed = Self.definitionText.replacing("value: 0.88", with: "value: 0.9")
        let message = Self.message { () throws(AnalysisError) in
            _ = try CriteriaDefinition.parseSite(changed, file: "site.yaml")
        }
        #expect(message.hasPrefix("site.yaml:4:"))
        #expect(message.contains("choose an id of your own"))
        let named = changed.replacing("id: zamboni-2009", with: "id: our-clinic")
        let site = try CriteriaDefinition.parseSite(named, file: "site.yaml")
        #expect(site.c1.durationAboveSeconds.value == 0.9)
        #expect(try CriteriaDefinition.parseSite(Self.definitionText, file: "copy.yaml") == .zamboni2009())
    }

    @Test("what is the project's own choice is said for each criterion", arguments: Criterion.allCases)
    func projectChoices(_ criterion: Criterion) throws {
        let definition = try CriteriaDefinition.zamboni2009()
        #expect(!definition.projectChoices(of: criterion).isEmpty)
        #expect(definition.rule(of: criterion).hasSuffix("."))
        #expect(!definition.source(of: criterion).isEmpty)
        #expect(!definition.projectChoices(of: .c1).contains { $0.hasPrefix("duration") })
    }

    @Test(
        "a definition with a wrong key, value or word is refused at its line",
        arguments: [
            ("value: 0.88", "value: soon", "`durationAboveSeconds` must be a number"),
            ("value: 0.88", "value: -1", "`durationAboveSeconds` must be a number"),
            ("  breathsAtLeast:", "  breathsAtleast:", "unknown key `breathsAtleast`"),
            ("    value: both", "    value: bothOrRefluxInOther", "`postures` cannot be bothOrRefluxInOther here"),
            ("value: [internalJugular, vertebral]", "value: [azygos]", "`veins` cannot be azygos here"),
            ("value: [j1, j2, j3]", "value: [j1, j1]", "`levels` names something twice"),
            ("value: [j1, j2, j3]", "value: []", "`levels` must name at least one"),
            ("id: zamboni-2009", "name: zamboni-2009", "key `id` is missing"),
            ("schema: 1", "schema: 2", "`schema` must be a whole number"),
        ])
    func refusedDefinition(_ change: (String, String, String)) {
        let text = Self.definitionText.replacing(change.0, with: change.1, maxReplacements: 1)
        #expect(text != Self.definitionText)
        let message = Self.message { () throws(AnalysisError) in
            _ = try CriteriaDefinition.parse(text, file: "site.yaml")
        }
        #expect(message.contains(change.2))
        #expect(message.hasPrefix("site.yaml:"))
    }

    @Test("a site's table with weights counts its own cells")
    func siteTable() throws {
        let text = """
            schema: 1
            id: site-weights
            version: "3"
            title: Weighted
            provenance: a site's own
            verified: false
            parts:
              - { name: c1, counts: veins, cells: neckVeinReflux, pointsEach: 1, atMost: 4 }
              - { name: c2, counts: sides, cells: intracranialSide, pointsEach: 2, atMost: 3 }
              - { name: c4, counts: veins, cells: neckVeinAbsence, pointsEach: 1, atMost: 4 }
            """
        let table = try VHISSTable.parse(text, file: "site.yaml")
        let row = ExamVector(
            changes: ["vv.left.* reflux 1 x2", "bvr.* reflux 1 x1", "vv.right.* blocked"])
        let score = try CriteriaScorer(
            definition: Fixture.definition(), examProtocol: Fixture.plan(), table: table
        ).assess(row.measurements()).vhiss
        #expect(score.parts.map(\.found) == [1, 2, 0])
        #expect(score.parts.map(\.unknown) == [1, 0, 1])
        #expect(score.low == 1 + 3 + 0)
        #expect(score.high == 2 + 3 + 1)
        #expect(score.value == nil)
    }

    @Test("a table that counts what is not in the closed list is refused")
    func refusedTable() {
        let text = Self.tableText.replacing("cells: jugularStenosis", with: "cells: stars")
        let message = Self.message { () throws(AnalysisError) in _ = try VHISSTable.parse(text, file: "t.yaml") }
        #expect(message.contains("`cells` must be one of"))
        #expect(message.contains("intracranialSidePosture"))
    }

    @Test("the table that ships is marked as not verified and ends at 16")
    func shippedTable() throws {
        let table = try VHISSTable.segmentsV1()
        #expect(!table.isVerified)
        #expect(table.parts.reduce(0) { $0 + $1.atMost } == 16)
    }

    @Test("the protocol goes by posture and side, supine first, and plans every site of the criteria once")
    func order() throws {
        let plan = try ExamProtocol.standard()
        #expect(plan.steps.count == 29)
        #expect(plan.plannedSites.count == 29)
        #expect(plan.restAfterPostureChangeSeconds >= 120)
        #expect(plan.steps.first?.site.posture == .supine)
        let postures = plan.steps.map(\.site.posture)
        #expect(zip(postures, postures.dropFirst()).count(where: !=) == 1)
        for posture in Posture.allCases {
            for side in Side.allCases {
                let veins = plan.plannedSites.filter { $0.posture == posture && $0.side == side && $0.vein != .azygos }
                #expect(veins.count == 7)
            }
        }
        #expect(plan.areas.count == 8)
    }

    @Test("every step has settings that fit its vein")
    func settings() throws {
        let plan = try ExamProtocol.standard()
        for step in plan.steps {
            let preset = try #require(plan.preset(for: step))
            try preset.spectralSettings.validate()
            try preset.scale.validate()
            // Reflux is timed in columns: the hop has to stay within the bar of 20 ms.
            #expect(Double(preset.hopPulses) / preset.prfHz <= 0.02)
            #expect(preset.centreFrequencyHz == (step.site.vein.isNeckVein ? 7_500_000 : 2_000_000))
            #expect(step.normalDirection == .away)
            #expect(plan.normalDirection(at: step.site) == step.normalDirection)
        }
    }

    @Test("the low-flow check is for neck veins and fulfils the three conditions of an absence")
    func lowFlowCheck() throws {
        let plan = try ExamProtocol.standard()
        for step in plan.steps {
            let preset = plan.lowFlowPreset(for: step)
            #expect((preset != nil) == step.site.vein.isNeckVein)
            guard let preset else { continue }
            try preset.spectralSettings.validate()
            func conditions(_ preset: SettingsPreset, _ manoeuvre: Manoeuvre) -> AbsenceConditions {
                plan.lowFlowCheck.conditions(
                    wallFilterCmPerS: preset.scale.velocityCmPerS(ofShiftHz: preset.wallFilterHz),
                    nyquistVelocityCmPerS: preset.scale.nyquistVelocityCmPerS(prfHz: preset.prfHz), manoeuvre: manoeuvre
                )
            }
            #expect(conditions(preset, plan.lowFlowCheck.manoeuvre).allHold)
            let usual = try #require(plan.preset(for: step))
            #expect(
                conditions(usual, .quietBreathing)
                    == AbsenceConditions(lowWallFilter: false, lowVelocityScale: false, deepInspirations: false))
        }
    }

    @Test(
        "a protocol that does not hold together is refused",
        arguments: [
            ("preset: jugular,", "preset: carotid,", "no preset is named `carotid`"),
            ("level: j1, window: neck", "window: neck", "only the internal jugular vein has a level"),
            ("vein: vertebral\n    window: neck", "vein: straightSinus\n    window: neck", "`directions` does not say"),
            ("gateDepthMm: 65", "gateDepthMm: 190\n    gateDepth: 2", "unknown key `gateDepth`"),
            ("prfHz: 6000", "prfHz: 50000", "too high for the depth"),
            ("wallFilterHz: 100", "wallFilterHz: 3000", "below half of `prfHz`"),
            ("fftLength: 256", "fftLength: 200", "power of two"),
            (
                "level: j1, window: neck, posture: supine", "level: j1, window: neck, posture: sitting",
                "earlier posture"
            ),
            ("level: j2, posture: supine }", "level: j1, posture: supine }", "stands twice: area.right.j1.supine"),
        ])
    func refusedProtocol(_ change: (String, String, String)) {
        let text = Self.protocolText.replacing(change.0, with: change.1, maxReplacements: 1)
        #expect(text != Self.protocolText)
        let message = Self.message { () throws(AnalysisError) in _ = try ExamProtocol.parse(text, file: "p.yaml") }
        #expect(message.contains(change.2))
    }

    @Test("the statement says what the exam is not, each sentence with its source")
    func statement() {
        let text = ExamStatement.sentences.joined(separator: " ")
        for words in [
            "not an accepted cause", "did not confirm", "not recommended", "IPG640", "reproducibility is limited",
            "diagnosis",
        ] {
            #expect(text.contains(words))
        }
        #expect(ExamStatement.statements.allSatisfy { !$0.source.isEmpty })
    }

    private static func message(_ read: () throws(AnalysisError) -> Void) -> String {
        do throws(AnalysisError) {
            try read()
            return "(accepted)"
        } catch {
            return error.description
        }
    }
}

extension CriteriaDefinition {
    /// The values of the parameters, without sources and marks.
    fileprivate var values: [String] {
        [
            "\(notMetNeeds.value)", "\(c1.veins.value)", "\(c1.levels.value)", "\(c1.durationAboveSeconds.value)",
            "\(c1.breathsAtLeast.value)", "\(c1.manoeuvres.value)", "\(c1.postures.value)", "\(c2.veins.value)",
            "\(c2.durationAboveSeconds.value)", "\(c2.manoeuvres.value)", "\(c3.levels.value)", "\(c3.posture.value)",
            "\(c3.areaLimitMm2.value)", "\(c3.areaComparison.value)", "\(c3.scoredDefects.value)",
            "\(c3.scoresAreaReduction.value)", "\(c3.areaReductionAtLeastPercent.value)", "\(c4.veins.value)",
            "\(c4.levels.value)", "\(c4.postures.value)", "\(c5.level.value)", "\(c5.deltaBelowMm2.value)",
            "\(readsBorderlineTwice.value)",
        ]
    }
}
