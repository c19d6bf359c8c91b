import CCSVIAnalysis
import Foundation
import Testing

@Suite("MeasurementsReader")
struct MeasurementsReaderTests {
    private static let complete = """
        {"schema": "dopplerbridge-exam-measurements-1", "observations": [
          {"site": {"vein": "internalJugular", "side": "left", "level": "j2", "posture": "supine"}, "status": "examined",
           "flow": "present", "meanVelocityCmPerS": 12.5, "recordingID": "07",
           "refluxes": [{"onsetSeconds": 1.5, "durationSeconds": 0.9, "manoeuvre": "quietBreathing", "breathsSeen": 2}]},
          {"site": {"vein": "vertebral", "side": "right", "window": "neck", "posture": "sitting"}, "status": "examined",
           "flow": "absent", "absence": {"lowWallFilter": true, "lowVelocityScale": true, "deepInspirations": false}},
          {"site": {"vein": "basalRosenthal", "side": "left", "posture": "sitting"}, "status": "notAssessable",
           "reason": "no window"}],
         "lumenAreas": [{"side": "left", "level": "j1", "posture": "supine", "status": "examined", "areaMm2": 24.5}],
         "lumenInspections": [{"side": "left", "level": "j1", "status": "examined", "leafletMotion": "immobile"}],
         "volumeFlows": [{"site": {"vein": "vertebral", "side": "left", "posture": "supine"}, "mlPerMin": 55.5}],
         "arterialInflowSupineMlPerMin": 740,
         "otherFindings": [{"modality": "catheterVenography", "vein": "azygos", "side": "right", "kind": "narrowing",
           "narrowingPercent": 60, "note": "at the arch", "source": "Ferrara", "date": "2012-02-29", "reportNumber": "17"}],
         "lumenDefects": [{"side": "left", "level": "j1", "kind": "septum"}]}
        """

    private func problems(_ json: String) -> [MeasurementProblem] {
        do throws(AnalysisError) {
            _ = try MeasurementsReader.read(Data(json.utf8))
            return []
        } catch .measurementsNotReadable(let problems) {
            return problems
        } catch .measurementsContradictory(let problems) {
            return problems
        } catch {
            return []
        }
    }

    @Test("a complete file is read field by field")
    func complete() throws {
        let exam = try MeasurementsReader.read(Data(Self.complete.utf8))
        #expect(
            exam.observations.map(\.site.id) == [
                "ijv.left.j2.supine", "vv.right.sitting", "bvr.left.transtemporal.sitting",
            ])
        #expect(
            exam.observations[0].refluxes == [RefluxEpisode(onsetSeconds: 1.5, durationSeconds: 0.9, breathsSeen: 2)])
        #expect(exam.observations[0].meanVelocityCmPerS == 12.5)
        #expect(exam.observations[1].absence?.deepInspirations == false)
        #expect(exam.observations[2].reason == "no window")
        #expect(exam.lumenAreas.first?.areaMm2 == 24.5)
        #expect(exam.lumenAreas.first?.method == .entered)
        #expect(exam.lumenDefects == [LumenDefect(side: .left, level: .j1, kind: .septum)])
        #expect(exam.lumenInspections == [LumenInspection(side: .left, level: .j1, leafletMotion: .immobile)])
        #expect(exam.volumeFlows == [VolumeFlow(site: ExamSite(.vertebral, .left, .supine), mlPerMin: 55.5)])
        #expect(exam.arterialInflowSupineMlPerMin == 740)
        #expect(exam.otherFindings.first?.note == "at the arch")
        #expect(exam.otherFindings.first?.narrowingPercent == 60)
    }

    @Test("what the model writes is read back", arguments: 0..<20)
    func roundTrip(_ seed: Int) throws {
        var random = RandomExam(seed: seed)
        let exam = try random.measurements()
        #expect(try MeasurementsReader.read(JSONEncoder().encode(exam)) == exam)
    }

    @Test(
        "what is wrong is refused at its place",
        arguments: [
            (#""flow": "present""#, #""flow": "maybe""#, "observations[0].flow"),
            (#""side": "left", "level": "j2""#, #""side": "middle", "level": "j2""#, "observations[0].site.side"),
            (#""durationSeconds": 0.9"#, #""durationSeconds": "long""#, "observations[0].refluxes[0].durationSeconds"),
            (#""durationSeconds": 0.9"#, #""durationSeconds": true"#, "observations[0].refluxes[0].durationSeconds"),
            (#""breathsSeen": 2"#, #""breathsSeen": 2.5"#, "observations[0].refluxes[0].breathsSeen"),
            (#""breathsSeen": 2"#, #""breathSeen": 2"#, "observations[0].refluxes[0].breathSeen"),
            (#""deepInspirations": false"#, #""deepInspirations": 1"#, "observations[1].absence.deepInspirations"),
            (#""areaMm2": 24.5"#, #""areaCm2": 0.245"#, "lumenAreas[0].areaCm2"),
            (#""kind": "septum""#, #""kind": 7"#, "lumenDefects[0].kind"),
            (#""lumenDefects": ["#, #""lumenDefect": ["#, "lumenDefect"),
            (#"measurements-1"#, #"measurements-9"#, "schema"),
            (#""durationSeconds": 0.9"#, #""durationSeconds": 0"#, "observations[0].refluxes[0].durationSeconds"),
            (#""areaMm2": 24.5"#, #""areaMm2": -1"#, "lumenAreas[0].areaMm2"),
            (#""level": "j2", "#, "", "observations[0].site.level"),
            (#""reason": "no window""#, #""reason": "  ""#, "observations[2].reason"),
            (
                #""breathsSeen": 2"#, #""breathsSeen": 2, "breathsRecorded": 1"#,
                "observations[0].refluxes[0].breathsRecorded"
            ),
            (#""meanVelocityCmPerS": 12.5"#, #""direction": "down""#, "observations[0].direction"),
            (#""flow": "absent""#, #""flow": "absent", "direction": "away""#, "observations[1].direction"),
            (#""areaMm2": 24.5"#, #""areaMm2": 24.5, "confidence": 0.5"#, "lumenAreas[0].method"),
            (#""areaMm2": 24.5"#, #""areaMm2": 24.5, "isCorrected": "no""#, "lumenAreas[0].isCorrected"),
            (#""leafletMotion": "immobile""#, #""leafletMotion": "none""#, "lumenInspections[0].leafletMotion"),
            (
                #""status": "examined", "leafletMotion""#, #""status": "notExamined", "leafletMotion""#,
                "lumenInspections[0]"
            ),
            (#""mlPerMin": 55.5"#, #""mlPerMin": "much""#, "volumeFlows[0].mlPerMin"),
            (#": 740"#, ": 0", "arterialInflowSupineMlPerMin"),
            (#""date": "2012-02-29""#, #""date": "2011-02-29""#, "otherFindings[0].date"),
            (#""date": "2012-02-29""#, #""date": "29.2.2012""#, "otherFindings[0].date"),
            (#""reportNumber": "17""#, #""reportNumber": " ""#, "otherFindings[0].reportNumber"),
            (#", "reportNumber": "17""#, "", "otherFindings[0].reportNumber"),
            (#""source": "Ferrara", "#, "", "otherFindings[0].source"),
            (#""narrowingPercent": 60"#, #""narrowingPercent": 160"#, "otherFindings[0].narrowingPercent"),
        ])
    func refused(_ change: (String, String, String)) {
        let json = Self.complete.replacing(change.0, with: change.1, maxReplacements: 1)
        #expect(json != Self.complete)
        #expect(problems(json).contains { $0.path == change.2 })
    }

    @Test("a file is refused when it is no JSON, no object or cut off")
    func notJSON() {
        for json in ["", "[]", "{", "7", "null", #"{"observations": [}"#, String(repeating: "[", count: 5000)] {
            #expect(!problems(json).isEmpty)
        }
        #expect(!problems(String(Self.complete.dropLast(40))).isEmpty)
    }

    @Test("where flow is present an empty list has to say that no reflux was found")
    func refluxListIsNeeded() {
        let json = """
            {"observations": [{"site": {"vein": "vertebral", "side": "left", "posture": "supine"}, "status": "examined",
              "flow": "present"}]}
            """
        #expect(problems(json).map(\.path) == ["observations[0].refluxes"])
    }

    @Test("everything that contradicts itself is listed in one go")
    func contradictions() {
        var exam = ExamMeasurements()
        let site = ExamSite(.vertebral, .left, .supine)
        exam.observations = [
            VeinObservation(site: site, status: .examined),
            VeinObservation(site: site, status: .notExamined, flow: .present),
            VeinObservation(site: ExamSite(.vertebral, .right, level: .j1, .supine), status: .notAssessable),
            VeinObservation(
                site: ExamSite(.internalJugular, .right, .supine), status: .examined, flow: .absent,
                refluxes: [RefluxEpisode(durationSeconds: .nan, peakVelocityCmPerS: -1, breathsSeen: -1, confidence: 2)]
            ),
            VeinObservation(
                site: ExamSite(.basalRosenthal, .right, window: .neck, .supine), status: .examined, flow: .present,
                refluxes: [
                    RefluxEpisode(
                        onsetSeconds: -1, durationSeconds: .infinity, durationUncertaintySeconds: -1, breathsSeen: 1)
                ],
                meanVelocityCmPerS: .nan),
        ]
        exam.lumenAreas = [
            LumenArea(side: .left, level: .j1, posture: .supine, areaMm2: nil),
            LumenArea(side: .left, level: .j1, posture: .supine, areaMm2: .nan, method: nil),
            LumenArea(side: .left, level: .j2, posture: .supine, status: .notAssessable, areaMm2: 4),
        ]
        #expect(
            exam.problems().map(\.path) == [
                "observations[0].flow", "observations[1]", "observations[1].flow", "observations[2].site.level",
                "observations[2].reason", "observations[3].site.level", "observations[3].refluxes",
                "observations[3].refluxes[0].durationSeconds", "observations[3].refluxes[0].peakVelocityCmPerS",
                "observations[3].refluxes[0].confidence", "observations[3].refluxes[0].breathsSeen",
                "observations[4].site.window", "observations[4].meanVelocityCmPerS",
                "observations[4].refluxes[0].durationSeconds", "observations[4].refluxes[0].onsetSeconds",
                "observations[4].refluxes[0].durationUncertaintySeconds", "lumenAreas[0].areaMm2", "lumenAreas[1]",
                "lumenAreas[1].areaMm2", "lumenAreas[1].method", "lumenAreas[2].areaMm2", "lumenAreas[2].reason",
            ])
        #expect(throws: AnalysisError.measurementsContradictory(exam.problems())) { try Fixture.scorer().assess(exam) }
    }

    @Test("an exam of an earlier version, without the newer lists, is still read")
    func earlierVersion() throws {
        let json = #"{"observations": [], "lumenAreas": [], "lumenDefects": []}"#
        let exam = try JSONDecoder().decode(ExamMeasurements.self, from: Data(json.utf8))
        #expect(exam == ExamMeasurements())
        let assessment = try Fixture.scorer().assess(exam)
        var object = try #require(
            try JSONSerialization.jsonObject(with: JSONEncoder().encode(assessment)) as? [String: Any])
        for key in ["settling", "warnings", "beside"] { object[key] = nil }
        let old = try JSONDecoder().decode(Assessment.self, from: JSONSerialization.data(withJSONObject: object))
        #expect(old.criteria == assessment.criteria && old.vhiss == assessment.vhiss)
        #expect(old.settling == nil && old.warnings.isEmpty && old.beside == BesideFindings())
    }

    @Test("an absence with a Valsalva reflux is no contradiction")
    func absenceAndValsalva() {
        let observation = VeinObservation(
            site: ExamSite(.vertebral, .left, .supine), status: .examined, flow: .absent,
            refluxes: [RefluxEpisode(durationSeconds: 1, manoeuvre: .valsalva, breathsSeen: nil)])
        #expect(ExamMeasurements(observations: [observation]).problems().isEmpty)
    }

    @Test("cut and garbled files never trap", arguments: 0..<60)
    func garbled(_ seed: Int) {
        var random = RandomExam(seed: seed)
        var bytes = Array(Self.complete.utf8)
        for _ in 0..<3 { bytes[random.index(below: bytes.count)] = UInt8(random.index(below: 256)) }
        do throws(AnalysisError) {
            let exam = try MeasurementsReader.read(Data(bytes))
            #expect(exam.problems().isEmpty)
        } catch {
            #expect(!error.description.isEmpty)
        }
    }
}
