import CCSVIAnalysis
import DopplerDSP
import Foundation
import Testing

@Suite("JSON Schemas")
struct SchemaTests {
    @Test("measurements of every kind follow the published schema", arguments: 0..<20)
    func measurements(_ seed: Int) throws {
        var random = RandomExam(seed: seed)
        let json = try JSONEncoder().encode(random.measurements())
        #expect(try SchemaValidator(MeasurementsReader.jsonSchema).problems(of: json) == [])
    }

    @Test("the schema of measurements refuses unknown keys and wrong words")
    func refuses() throws {
        let validator = try SchemaValidator(MeasurementsReader.jsonSchema)
        #expect(try !validator.problems(of: Data(#"{"observations": [], "extra": 1}"#.utf8)).isEmpty)
        #expect(try !validator.problems(of: Data(#"{"observations": [{"status": "seen"}]}"#.utf8)).isEmpty)
        #expect(try !validator.problems(of: Data("{}".utf8)).isEmpty)
    }

    @Test("a whole exam follows the published schema", arguments: [true, false])
    func exam(_ isFull: Bool) throws {
        let exam = try Self.exam(isFull: isFull)
        let json = try JSONEncoder().encode(exam)
        #expect(try SchemaValidator(MeasurementsReader.examJSONSchema).problems(of: json) == [])
        #expect(try JSONDecoder().decode(Exam.self, from: json) == exam)
    }

    @Test("every property of the exam's schema is written by a full exam")
    func noIdleProperties() throws {
        let json = try JSONEncoder().encode(Self.exam(isFull: true))
        let written = try Self.keys(JSONSerialization.jsonObject(with: json))
        let validator = try SchemaValidator(MeasurementsReader.examJSONSchema)
        for name in [
            nil, "measurements", "recording", "reflux", "observation", "assessment", "vhiss", "vhissPart", "finding",
            "evidence",
            "lumenArea", "areaPicture", "definitions", "definitionResult", "lumenInspection", "volumeFlow",
            "otherFinding", "settling", "warning", "flowView", "modality", "beside", "course", "session", "rest",
            "stepRecord", "take",
        ] {
            #expect(validator.properties(of: name).subtracting(written) == [])
        }
    }

    @Test("a score that is an interval has a value of null, and its raw counts")
    func vhissValue() throws {
        let open = try Fixture.scorer().assess(ExamMeasurements())
        let object = try JSONSerialization.jsonObject(with: JSONEncoder().encode(open)) as? [String: Any]
        let vhiss = try #require(object?["vhiss"] as? [String: Any])
        #expect(vhiss["value"] is NSNull)
        #expect(vhiss["low"] as? Int == 0)
        #expect(vhiss["high"] as? Int == 16)
        #expect((vhiss["parts"] as? [[String: Any]])?.compactMap { $0["unknown"] as? Int } == [8, 4, 2, 2])
        let known = try Fixture.scorer().assess(Fixture.normalExam())
        let knownObject = try JSONSerialization.jsonObject(with: JSONEncoder().encode(known)) as? [String: Any]
        #expect((knownObject?["vhiss"] as? [String: Any])?["value"] as? Int == 0)
    }

    private static func keys(_ value: Any) -> Set<String> {
        if let object = value as? [String: Any] {
            return object.values.reduce(into: Set(object.keys)) { $0.formUnion(keys($1)) }
        }
        return (value as? [Any] ?? []).reduce(into: []) { $0.formUnion(keys($1)) }
    }

    /// Everything that is shown beside the criteria.
    private static func addFindingsBeside(to measurements: inout ExamMeasurements) {
        measurements.volumeFlows = [Posture.supine, .sitting].flatMap { posture in
            Side.allCases.flatMap { side in
                [
                    VolumeFlow(
                        site: ExamSite(.internalJugular, side, level: .j2, posture), mlPerMin: 900, recordingID: "01"),
                    VolumeFlow(site: ExamSite(.vertebral, side, posture), mlPerMin: 60),
                ]
            }
        }
        measurements.arterialInflowSupineMlPerMin = 2000
        measurements.otherFindings = [
            OtherFinding(
                modality: .mrVenography, vein: .internalJugular, side: .left, level: .j1, kind: .narrowing,
                narrowingPercent: 55, note: "short", source: "Ferrara", date: "2012-05-01", reportNumber: "17"),
            OtherFinding(
                modality: .intravascularUltrasound, vein: .azygos, side: .right, kind: .normal, source: "Ferrara",
                date: "2012-02-29", reportNumber: "18"),
        ]
    }

    private static func exam(isFull: Bool) throws -> Exam {
        var measurements = isFull ? try Fixture.normalExam() : ExamMeasurements()
        if isFull {
            measurements.observations[0].refluxes = [
                RefluxEpisode(
                    onsetSeconds: 1, durationSeconds: 1, durationUncertaintySeconds: 0.02, peakVelocityCmPerS: 12,
                    breathsSeen: 2, breathsRecorded: 5, confidence: 0.9)
            ]
            measurements.observations[0].meanVelocityCmPerS = 14
            measurements.observations[0].recordingID = "01"
            measurements.observations[0].direction = .away
            measurements.observations[3].directionReason = DirectionOfFlow.Reason.bothWays.words
            measurements.observations[1].flow = .absent
            measurements.observations[1].absence = AbsenceConditions(
                lowWallFilter: true, lowVelocityScale: true, deepInspirations: false)
            measurements.observations[2] = VeinObservation(
                site: measurements.observations[2].site, status: .notAssessable, reason: "scar")
            measurements.lumenAreas[0] = LumenArea(
                side: .right, level: .j1, posture: .supine, status: .notAssessable, reason: "scar", areaMm2: nil)
            measurements.lumenAreas[1] = LumenArea(
                side: .right, level: .j2, posture: .supine, areaMm2: 84, method: .automatic,
                breathingPhase: .endExpiration, confidence: 0.8, isCorrected: false, recordingID: "02")
            let picture = AreaPicture(
                recordingFile: "neck.dbrec", sha256: String(repeating: "a", count: 64), frame: 3, seconds: 0.12,
                uncertaintyMm2: 2, outlineMm: [1, 2, 3, 2, 2, 4], isSimulated: false)
            measurements.supersede(
                with: LumenArea(
                    side: .right, level: .j2, posture: .supine, areaMm2: 80, method: .automatic,
                    breathingPhase: .endExpiration, confidence: 0.9, isCorrected: false, recordingID: "02",
                    picture: picture), at: "2012-05-01T11:00:00+02:00")
            measurements.lumenDefects = [LumenDefect(side: .left, level: .j1, kind: .web)]
            measurements.lumenInspections[0].leafletMotion = .mobile
            // Criterion 5 is met and criterion 3 open: the verdict is not settled.
            for index in measurements.lumenAreas.indices where measurements.lumenAreas[index].posture == .sitting {
                measurements.lumenAreas[index].areaMm2 = 90
            }
            addFindingsBeside(to: &measurements)
        }
        let plan = try Fixture.plan()
        let step = try #require(plan.steps.first)
        let preset = try #require(plan.preset(for: step))
        let recording = VeinRecording(
            recordingID: "01", site: step.site, manoeuvre: step.manoeuvre, take: 1, fileName: "01.odr",
            sha256: String(repeating: "0", count: 64), durationSeconds: 20, gateDepthMm: 15, gateLengthMm: 3,
            transmitLevelPerMille: 500, receiveGainDb: 0, scale: preset.scale, spectral: preset.spectralSettings,
            nyquistVelocityCmPerS: 61.6, wallFilterCmPerS: 2.1, normalDirection: .towards, pulses: 120_000,
            lostPulses: LostPulses(onLink: 3), aliasedFraction: isFull ? 0 : nil, noFlowFraction: isFull ? 0 : nil,
            signalToNoiseDb: isFull ? 15 : nil, breaths: isFull ? 5 : nil)
        return Exam(
            examID: "E1", subjectCode: "S1", startedAt: "2012-05-01T10:00:00+02:00", software: "test",
            algorithms: [RefluxDetector.algorithm], protocolReference: plan.reference, sourceDescription: "probe",
            sourceSpecifier: "usb", isSimulated: false, outputDeclaration: "not available",
            qualityAssurance: "passed", recordings: [recording],
            measurements: measurements, assessment: try Fixture.scorer().assess(measurements),
            definitions: isFull ? try Fixture.scorer().overview(of: measurements) : nil,
            blinding: isFull ? Blinding(code: "S1", since: "2012-05-01T10:00:00+02:00") : nil, limitations: [],
            statement: ExamStatement.sentences,
            protocolSHA256: isFull ? String(repeating: "a", count: 64) : nil, course: isFull ? Self.course(plan) : nil)
    }

    /// A session that failed after a rest, and a step with a part of a take and one that was not seen.
    private static func course(_ plan: ExamProtocol) -> ExamCourse {
        var session = SessionRecord(
            number: 1, startedAt: "2012-05-01T10:00:00+02:00", probe: "probe", specifier: "usb", isSimulated: false,
            software: "test", qualityAssurance: "passed")
        session.endedAt = "2012-05-01T10:30:00+02:00"
        session.end = .failed
        session.endReason = "unplugged"
        session.settingsChanged = ["01: PRF 5000 Hz"]
        session.rests = [RestRecord(posture: .supine, plannedSeconds: 120, takenSeconds: 119)]
        let site = plan.steps[0].site
        let take = TakeRecord(
            take: 1, session: 1, recordingIDs: ["01"], incompleteBecause: "unplugged", signalDb: 4,
            reachesLeastSignal: false,
            observation: VeinObservation(site: site, status: .notAssessable, reason: "incomplete take"))
        return ExamCourse(
            sessions: [session],
            steps: [
                StepRecord(number: 1, site: site, state: .recorded, judgedTake: 1, takes: [take]),
                StepRecord(
                    number: 2, site: plan.steps[1].site, state: .notVisualised, notVisualised: .scarOrDressing,
                    note: "left of it", takes: []),
            ])
    }
}
