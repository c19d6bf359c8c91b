import CCSVIAnalysis
import FollowUp
import Testing

@Suite("What stands beside the criteria, compared")
struct BesideChangeTests {
    private typealias Fixture = ExamFixture

    private func compare(
        _ change: (inout Exam, inout Exam) -> Void
    ) throws(FollowUpError) -> ExamComparison {
        var earlier = Fixture.exam("a", Fixture.january)
        var later = Fixture.exam("b", Fixture.july)
        change(&earlier, &later)
        return try ExamComparison(earlier, later)
    }

    @Test("defects appear and disappear where both exams looked")
    func defects() throws {
        let comparison = try compare { earlier, later in
            earlier.measurements.lumenDefects = [
                LumenDefect(side: .left, level: .j1, kind: .septum), LumenDefect(side: .left, level: .j1, kind: .web),
            ]
            later.measurements.lumenInspections = [
                LumenInspection(side: .left, level: .j1, leafletMotion: .immobile)
            ]
            later.measurements.lumenDefects = [LumenDefect(side: .left, level: .j1, kind: .web)]
        }
        let lumen = try #require(comparison.lumens.first)
        #expect(comparison.lumens.map(\.id) == ["lumen.left.j1"])
        #expect(lumen.disappeared == [.septum])
        #expect(lumen.appeared.isEmpty)
        #expect(lumen.notComparable == nil)
        #expect(lumen.earlier.words == "web, septum")
        #expect(lumen.later.words == "web, leaflets immobile")
    }

    @Test("a lumen that one exam did not look at is not comparable, whatever the other saw")
    func unseen() throws {
        let comparison = try compare { earlier, later in
            earlier.measurements.lumenDefects = [LumenDefect(side: .left, level: .j1, kind: .septum)]
            later.measurements.lumenInspections = [
                LumenInspection(side: .right, level: .j2, status: .notAssessable, reason: "dressing")
            ]
        }
        #expect(comparison.lumens.map(\.id) == ["lumen.right.j2", "lumen.left.j1"])
        #expect(
            comparison.lumens.map(\.notComparable) == [
                "not examined in the earlier exam", "not examined in the later exam",
            ])
        #expect(comparison.lumens[1].disappeared.isEmpty)
        #expect(comparison.lumens[0].later.words == "not assessable: dressing")
    }

    private static func flow(_ mlPerMin: Double, _ method: FlowMethod) -> FlowView {
        let site = ExamSite(.internalJugular, .left, level: .j2, .supine)
        return FlowView(
            figures: [FlowView.Figure(siteID: site.id, name: site.name, mlPerMin: mlPerMin, method: method)],
            totals: [FlowView.Total(posture: .supine, mlPerMin: nil, missing: ["left vertebral vein, supine"])],
            measures: [
                FlowView.Measure(
                    name: "share", value: mlPerMin / 1000, unit: "", cutOff: "none", reading: "type 2",
                    citation: "none")
            ])
    }

    @Test("flows are compared without an error band, and another method is said")
    func flows() throws {
        let comparison = try compare { earlier, later in
            earlier.assessment.beside.flow = Self.flow(500, .entered)
            later.assessment.beside.flow = Self.flow(620, .multigate)
        }
        #expect(
            comparison.steps.map(\.id) == ["flow.ijv.left.j2.supine", "flow.total.supine", "flow.measure.1"])
        let figure = comparison.steps[0]
        #expect(figure.quantity == .volumeFlow)
        #expect(figure.difference.state == .errorNotKnown)
        #expect(figure.difference.change == 120)
        #expect(figure.remarks == ["the flow was found by entered, then by multigate profile"])
        #expect(comparison.steps[1].difference.state == .notComparable)
        #expect(comparison.steps[2].quantity == .flowShare)
    }

    @Test("a flow that one exam does not hold is not comparable")
    func flowMissing() throws {
        let comparison = try compare { earlier, _ in earlier.assessment.beside.flow = Self.flow(500, .entered) }
        #expect(comparison.steps.map(\.later.state) == [.notExamined, .notExamined, .notExamined])
        #expect(comparison.steps.allSatisfy { $0.difference.state == .notComparable })
    }

    @Test("findings of other modalities are the same, changed, added or removed")
    func modalities() throws {
        func finding(_ modality: OtherModality, _ kind: OtherFindingKind, _ number: String) -> OtherFinding {
            OtherFinding(
                modality: modality, vein: .internalJugular, side: .left, level: .j1, kind: kind, source: "S",
                date: "2026-01-01", reportNumber: number)
        }
        let comparison = try compare { earlier, later in
            earlier.measurements.otherFindings = [
                finding(.mrVenography, .narrowing, "1"), finding(.catheterVenography, .normal, "2"),
                finding(.intravascularUltrasound, .normal, "3"),
            ]
            later.measurements.otherFindings = [
                finding(.mrVenography, .narrowing, "1"), finding(.catheterVenography, .occlusion, "4"),
                finding(.susceptibilityWeightedImaging, .normal, "5"),
            ]
        }
        #expect(comparison.modalities.map(\.state) == [.same, .changed, .removed, .added])
        #expect(comparison.modalities[1].id == "catheterVenography.ijv.left.j1")
        #expect(comparison.modalities[1].later.map(\.result) == ["occlusion"])
    }
}
