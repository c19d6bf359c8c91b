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
