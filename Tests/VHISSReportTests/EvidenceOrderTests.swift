import CCSVIAnalysis
import Testing

// What is shown first and how items are grouped is easier to read here than in a whole report's text.
@testable import VHISSReport

@Suite("What is shown first")
struct EvidenceOrderTests {
    private static func evidence(_ recording: String, _ site: String, _ seconds: Double?) -> Evidence {
        Evidence(text: "\(recording) \(site)", siteID: site, recordingID: recording, durationSeconds: seconds)
    }

    @Test("the longest spontaneous reflux of each site comes first, provoked reflux after it, the rest last")
    func order() {
        let order = EvidenceOrder(ExamFixture.rich)
        let sorted = order.strongestFirst([
            Self.evidence("none", "a", nil), Self.evidence("02-ijv.right.j2.supine", "b", 4),
            Self.evidence("03-ijv.right.j1.supine", "c", 1), Self.evidence("03-ijv.right.j1.supine", "c", 1.4),
            Self.evidence("04-vv.right.supine", "d", 1.2),
        ])
        #expect(sorted.map(\.siteID) == ["c", "d", "b", "a"])
        #expect(sorted.first?.durationSeconds == 1.4)
    }

    @Test("a reflux at the threshold, or under Valsalva, does not count as strong")
    func strong() {
        let order = EvidenceOrder(ExamFixture.rich)
        #expect(order.isStrong(Self.evidence("03-ijv.right.j1.supine", "c", 0.881)))
        #expect(!order.isStrong(Self.evidence("03-ijv.right.j1.supine", "c", 0.88)))
        #expect(!order.isStrong(Self.evidence("02-ijv.right.j2.supine", "c", 2)))
        #expect(order.isStrong(Self.evidence("17-icv.right.transtemporal.supine", "c", 0.6)))
        #expect(order.isStrong(Self.evidence("16-vv.left.sitting", "c", nil)))
    }

    @Test("areas are shown with the smallest first, and only those at the limit or below are strong")
    func areas() throws {
        var exam = ExamFixture.rich
        exam.measurements.lumenAreas = [(JugularLevel.j1, 31.0), (.j2, 30), (.j3, 12)].map { level, mm2 in
            LumenArea(side: .left, level: level, posture: .supine, areaMm2: mm2)
        }
        let order = EvidenceOrder(exam)
        let sorted = order.strongestFirst(
            ["j1", "j2", "j3"].map { Evidence(text: $0, siteID: "area.left.\($0).supine") })
        #expect(sorted.map(\.text) == ["j3", "j2", "j1"])
        #expect(sorted.filter(order.isStrong).map(\.text) == ["j3", "j2"])
    }

    @Test("limitations that say the same of several sites are one")
    func limitations() {
        let lines = MissingWords.limitations([
            "left vein, J1, supine: no flow.", "01-a: 3 lost.", "left vein, J1, sitting: no flow.", "odd",
            "02-b: 3 lost.",
        ])
        #expect(lines == ["left vein, J1, supine and sitting: no flow.", "01-a: 3 lost.", "02-b: 3 lost.", "odd"])
    }

    @Test("an azygos vein that the exam leaves out in one posture is not called not examined")
    func unplanned() {
        var exam = ExamFixture.rich
        let azygos = VeinMap.Place(vein: .azygos, side: .right, level: nil, window: .intercostal)
        let neck = VeinMap.Place(vein: .vertebral, side: .right, level: nil, window: .neck)
        exam.measurements.observations = [
            VeinObservation(site: azygos.site(.sitting), status: .examined, flow: .present)
        ]
        let map = VeinMap(exam)
        guard case .notPlanned = map.cell(azygos, .supine), case .notExamined = map.cell(neck, .supine) else {
            Issue.record("an unplanned and an unexamined site are mixed up")
            return
        }
    }

    @Test("missing items that differ in one part alone are named together")
    func missing() {
        func item(_ text: String, _ reason: String? = nil) -> MissingItem {
            MissingItem(text: text, itemID: text, status: .notExamined, reason: reason)
        }
        let groups = MissingWords.groups([
            item("left vein, J1, supine"), item("left vein, J1, sitting"), item("left vein, J2, supine"),
            item("left vein, J2, sitting"), item("right vein, J3, sitting"), item("right vein, sitting", "dressing"),
            item("odd"), item(""),
        ])
        #expect(
            groups == [
                "left vein, J1 and J2, supine and sitting", "right vein, J3, sitting", "odd", "",
                "right vein, sitting (dressing)",
            ])
    }
}
