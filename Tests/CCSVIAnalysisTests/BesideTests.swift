import CCSVIAnalysis
import Foundation
import Testing

@Suite("What is shown beside the criteria")
struct BesideTests {
    private func narrowing(_ percent: Double?, _ side: Side = .left) -> OtherFinding {
        OtherFinding(
            modality: .catheterVenography, vein: .internalJugular, side: side, level: .j1, kind: .narrowing,
            narrowingPercent: percent, source: "Ferrara", date: "2012-05-01", reportNumber: "17")
    }

    @Test("nothing beside the criteria changes a criterion, the verdict or the score", arguments: 0..<40)
    func neverScored(_ seed: Int) throws {
        var random = RandomExam(seed: seed)
        let exam = try random.measurements()
        var more = exam
        more.otherFindings = [narrowing(90), narrowing(nil, .right)]
        more.volumeFlows = [VolumeFlow(site: ExamSite(.vertebral, .left, .supine), mlPerMin: 3000)]
        more.arterialInflowSupineMlPerMin = 700
        for index in more.observations.indices where more.observations[index].status == .examined {
            if more.observations[index].flow == .present { more.observations[index].direction = .towards }
        }
        for scorer in try Fixture.scorers() {
            let one = try scorer.assess(exam)
            let other = try scorer.assess(more)
            #expect(one.criteria == other.criteria)
            #expect(one.vhiss == other.vhiss)
            #expect(one.settling == other.settling)
        }
    }

    @Test(
        "another modality agrees, differs or cannot be compared",
        arguments: [
            ([], 60.0, ModalityComparison.Agreement.differs), (["area.left.j1.supine 20"], 60, .agrees),
            (["area.left.j1.supine 20"], 40, .differs), ([], 40, .agrees),
            (["area.left.j1.supine missing"], 60, .notComparable), (["area.right.j1.supine 20"], 60, .differs),
        ])
    func agreement(_ row: (changes: [String], percent: Double, agreement: ModalityComparison.Agreement)) throws {
        var exam = try ExamVector(changes: row.changes).measurements()
        exam.otherFindings = [narrowing(row.percent)]
        let beside = try Fixture.scorer().assess(exam).beside
        #expect(beside.modalities.map(\.agreement) == [row.agreement])
        #expect(beside.modalities.first?.ultrasound.hasPrefix("stenosis ") == true)
    }

    @Test("the azygos vein's brief reversal is told apart from a longer one, and neither is scored")
    func azygos() throws {
        var exam = try ExamVector(changes: [
            "azv.right.intercostal.sitting reflux 0.15 x2", "azv.right.intercostal.sitting also 1.5 x2",
        ]).measurements()
        exam.otherFindings = [narrowing(70)]
        exam.otherFindings[0].vein = .azygos
        exam.otherFindings[0].level = nil
        let assessment = try Fixture.scorer().assess(exam)
        let texts = assessment.beside.azygos.map(\.text)
        #expect(texts.count == 4)
        #expect(texts[1].contains("brief, as is normal in diastole"))
        #expect(texts[2].contains("longer than the brief normal one"))
        #expect(texts[3].contains("narrowing of 70 %, catheter venography, 2012-05-01, report 17 (Ferrara)"))
        #expect(assessment.metCount == 0)
        #expect(assessment.beside.modalities.isEmpty)
    }

    private func flows(_ supine: [Double], _ sitting: [Double]) throws -> ExamMeasurements {
        var exam = try Fixture.normalExam()
        for (posture, values) in [(Posture.supine, supine), (.sitting, sitting)] {
            let sites = [
                ExamSite(.internalJugular, .left, level: .j2, posture),
                ExamSite(.internalJugular, .right, level: .j2, posture), ExamSite(.vertebral, .left, posture),
                ExamSite(.vertebral, .right, posture),
            ]
            exam.volumeFlows += zip(sites, values).map { VolumeFlow(site: $0, mlPerMin: $1) }
        }
        return exam
    }

    @Test("outflow supine minus sitting stands against the cut-off of Monti 2014")
    func outflow() throws {
        // 700 - 196.76 = 503.24: the cut-off itself counts as at or below.
        for (sitting, reading) in [
            (196.76, "at or below the cut-off"), (196.0, "above the cut-off"), (400, "at or below the cut-off"),
        ] {
            let exam = try flows([300, 300, 50, 50], [sitting - 30, 10, 10, 10])
            let flow = try Fixture.scorer().assess(exam).beside.flow
            #expect(flow.totals.first?.mlPerMin == 700)
            let measure = try #require(flow.measures.first)
            #expect(measure.citation.contains("Monti"))
            #expect(abs((measure.value ?? 0) - (700 - sitting)) < 1e-9)
            #expect(measure.reading == reading)
        }
    }

    @Test("a missing vein leaves the outflow unknown and is named")
    func missingFlow() throws {
        let flow = try Fixture.scorer().assess(flows([300, 300, 50], [20, 10, 10, 10])).beside.flow
        #expect(flow.totals.first?.mlPerMin == nil)
        #expect(flow.totals.first?.missing == ["right vertebral vein, supine"])
        #expect(flow.measures.allSatisfy { $0.value == nil && $0.reading == "not known" })
    }

    @Test(
        "the drainage type follows from the jugular share of the arterial inflow",
        arguments: [(900.0, "type 2"), (899, "type 1"), (1800, "type 2"), (1801, "type 3")])
    func drainage(_ row: (inflow: Double, reading: String)) throws {
        var exam = try flows([300, 300, 50, 50], [20, 10, 10, 10])
        exam.arterialInflowSupineMlPerMin = row.inflow
        let measures = try Fixture.scorer().assess(exam).beside.flow.measures
        #expect(measures.last?.reading == row.reading)
    }

    @Test("area times mean velocity is a jugular flow: 94.5 mm2 and 12.6 cm/s are 714 mL/min")
    func derivedFlow() throws {
        var exam = try ExamVector(changes: ["area.left.j2.supine 94.5"]).measurements()
        let index = try #require(exam.observations.firstIndex { $0.site.id == "ijv.left.j2.supine" })
        exam.observations[index].meanVelocityCmPerS = 12.6
        let figures = try Fixture.scorer().assess(exam).beside.flow.figures
        #expect(figures.map(\.siteID) == ["ijv.left.j2.supine"])
        #expect(figures.first?.method == .areaTimesVelocity)
        #expect(abs((figures.first?.mlPerMin ?? 0) - 714.42) < 0.001)
    }

    @Test("the score's fall is said in percent only between numbers of one table and one definition")
    func reduction() throws {
        func assessment(_ changes: [String], _ id: String = "zamboni-2009") throws -> Assessment {
            try Fixture.scorer(Fixture.definition(id)).assess(ExamVector(changes: changes).measurements())
        }
        let four = try assessment(["bvr.* reflux 1 x1"])
        let one = try assessment(["bvr.left.*.supine reflux 1 x1"])
        #expect(one.vhissReduction(from: four) == VHISSReduction(percent: 75, reason: nil))
        #expect(four.vhissReduction(from: one).percent == -300)
        #expect(one.vhissReduction(from: try assessment([])).reason == "the baseline's score is 0")
        let other = try assessment(["bvr.* reflux 1 x1"], "mayer-2011")
        #expect(one.vhissReduction(from: other).reason?.contains("different definitions") == true)
        let open = try assessment(["bvr.* blocked"])
        #expect(open.vhissReduction(from: four).reason == "the score is an interval, 0 to 4")
        #expect(four.vhissReduction(from: open).reason == "the baseline's score is an interval, 0 to 4")
        // A definition that was changed without a change of id and version is told by its rules.
        var changed = try Fixture.definition()
        changed.c2.durationAboveSeconds.value = 0.6
        let unmarked = try Fixture.scorer(changed).assess(ExamVector(changes: ["bvr.* reflux 1 x1"]).measurements())
        #expect(one.vhissReduction(from: unmarked).percent == nil)
        var table = four
        table.vhiss.parts[0].pointsEach = 2
        #expect(one.vhissReduction(from: table).reason?.contains("different tables") == true)
    }
}
