import CCSVIAnalysis
import Foundation
import Testing

@Suite("Measured areas")
struct MeasuredAreaTests {
    private static let time = "2026-03-04T11:00:00+01:00"

    private static func area(_ mm2: Double, _ method: AreaMethod = .ellipse) -> LumenArea {
        LumenArea(
            side: .left, level: .j2, posture: .supine, areaMm2: mm2, method: method,
            picture: AreaPicture(
                recordingFile: "neck.dbrec", sha256: String(repeating: "a", count: 64), frame: 3, seconds: 0.12,
                uncertaintyMm2: 2, outlineMm: [1, 2, 3, 4]))
    }

    @Test("a measured area takes the place of the one before, which stays listed with all earlier ones")
    func superseding() throws {
        var measurements = ExamMeasurements(lumenAreas: [
            LumenArea(side: .left, level: .j2, posture: .supine, areaMm2: 60),
            LumenArea(side: .right, level: .j2, posture: .supine, areaMm2: 70),
        ])
        measurements.supersede(with: Self.area(80), at: Self.time)
        measurements.supersede(with: Self.area(82, .trace), at: Self.time)
        #expect(measurements.lumenAreas.map(\.areaMm2) == [82, 70])
        #expect(measurements.lumenAreas[0].superseded?.map(\.areaMm2) == [80, 60])
        #expect(measurements.lumenAreas[0].superseded?.map(\.method) == [.ellipse, .entered])
        #expect(measurements.lumenAreas[0].superseded?.first?.picture?.frame == 3)
        #expect(measurements.problems().isEmpty)
    }

    @Test("an area of a place without one is added and supersedes nothing")
    func first() {
        let areas = [LumenArea]().superseding(with: Self.area(80), at: Self.time)
        #expect(areas.count == 1)
        #expect(areas[0].superseded == nil)
    }

    @Test("scoring uses the area that counts, not the superseded one")
    func scoring() throws {
        var measurements = try Fixture.normalExam()
        #expect(try Fixture.scorer().assess(measurements).criteria[2].outcome == .notMet)
        measurements.supersede(with: Self.area(20), at: Self.time)
        let finding = try Fixture.scorer().assess(measurements).criteria[2]
        #expect(finding.outcome == .met)
        #expect(finding.evidence.contains { $0.text.contains("20 mm² (ellipse") })
    }

    @Test("picture and superseded values survive the strict reader, byte for byte of meaning")
    func roundTrip() throws {
        var measurements = ExamMeasurements(lumenAreas: [Self.area(60, .entered)])
        measurements.supersede(with: Self.area(80), at: Self.time)
        let read = try MeasurementsReader.read(try JSONEncoder().encode(measurements))
        #expect(read == measurements)
    }

    @Test("unknown keys and wrong kinds within a picture are refused with their place")
    func hostile() {
        let json = """
            {"observations": [], "lumenAreas": [{"side": "left", "level": "j1", "posture": "supine", "status": "examined",
            "areaMm2": 3, "method": "trace", "picture": {"recordingFile": 1, "sha256": "a", "frame": -1, "seconds": 0,
            "uncertaintyMm2": 1, "outlineMm": ["x"], "extra": 1}}]}
            """
        do throws(AnalysisError) {
            _ = try MeasurementsReader.read(Data(json.utf8))
            Issue.record("it was read")
        } catch {
            for part in ["picture.recordingFile", "picture.outlineMm[0]", "picture.extra"] {
                #expect(error.description.contains("lumenAreas[0].\(part)"), "\(error.description)")
            }
        }
    }

    @Test("a picture before the first is refused")
    func frame() {
        var area = Self.area(80)
        area.picture?.frame = -1
        #expect(ExamMeasurements(lumenAreas: [area]).problems().map(\.path) == ["lumenAreas[0].picture.frame"])
    }

    @Test("the provenance is in words: picture, uncertainty and what it superseded")
    func words() throws {
        var measurements = ExamMeasurements(lumenAreas: [
            LumenArea(side: .left, level: .j2, posture: .supine, areaMm2: 60),
            LumenArea(side: .right, level: .j2, posture: .supine, areaMm2: 70),
        ])
        measurements.supersede(with: Self.area(80), at: Self.time)
        #expect(
            measurements.areaLines == [
                "left J2 supine: 80 mm² (ellipse), frame 3 at 0.12 s of neck.dbrec (SHA-256 aaaaaaaaaaaa), ±2.0 mm²; "
                    + "superseded \(Self.time): 60 mm² (entered)"
            ])
    }

    @Test("the lumen's list names what was seen, what was not looked at, and what could not be assessed")
    func lumen() {
        let measurements = ExamMeasurements(
            lumenDefects: [LumenDefect(side: .left, level: .j1, kind: .septum)],
            lumenInspections: [
                LumenInspection(side: .right, level: .j1, leafletMotion: .immobile),
                LumenInspection(side: .right, level: .j2), LumenInspection(side: .right, level: .j3),
                LumenInspection(side: .left, level: .j2, status: .notAssessable, reason: "dressing"),
            ])
        #expect(
            measurements.lumenLines == [
                "right J1: no defect, leaflets immobile (M-mode)",
                "left J1: septum (intraluminal: a thin line held at both ends)",
                "left J2: not assessable: dressing", "no defect: right J2, right J3",
                "not looked at for defects: left J3",
            ])
    }
}
