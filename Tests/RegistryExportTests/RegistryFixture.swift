import CCSVIAnalysis
import RegistryExport
import Testing

/// A small exam with one of each kind of row.
enum RegistryFixture {
    static func exam(hash: [UInt8] = [0, 1, 2, 3, 4, 5, 6, 15]) throws -> RegistryExam {
        try entry(try measured(), hash: hash)
    }

    /// The same with a text wherever an exam has one.
    static func exam(filledWith text: String) throws -> RegistryExam {
        var exam = try measured()
        exam.examID = text
        exam.subjectCode = "S-17"
        exam.software = text
        exam.sourceDescription = text
        exam.sourceSpecifier = text
        exam.outputDeclaration = text
        exam.qualityAssurance = text
        exam.algorithms = [text]
        exam.limitations = [text]
        exam.statement = [text]
        exam.protocolReference = Reference(id: text, version: text, title: text, citation: text)
        exam.assessment.definition = exam.protocolReference
        exam.assessment.vhiss.table = exam.protocolReference
        for index in exam.assessment.criteria.indices {
            exam.assessment.criteria[index].rule = text
            exam.assessment.criteria[index].missing = [MissingItem(text: text, itemID: text, status: .notExamined)]
            exam.assessment.criteria[index].evidence = [Evidence(text: text, siteID: text)]
        }
        for index in exam.measurements.observations.indices {
            exam.measurements.observations[index].reason = text
            exam.measurements.observations[index].directionReason = text
            exam.measurements.observations[index].recordingID = text
        }
        for index in exam.measurements.lumenAreas.indices { exam.measurements.lumenAreas[index].reason = text }
        exam.measurements.otherFindings = [
            OtherFinding(
                modality: .mrVenography, vein: .internalJugular, side: .left, kind: .other, note: text, source: text,
                date: text, reportNumber: text)
        ]
        return try entry(exam, hash: [0, 1, 2, 3, 4, 5, 6, 15])
    }

    private static func entry(_ exam: Exam, hash: [UInt8]) throws -> RegistryExam {
        RegistryExam(
            exam, version: 1, isSigned: true, pseudonym: try #require(RegistryPseudonym(hash: hash)),
            subjectPseudonym: try #require(
                RegistryPseudonym(hash: [0xff, 0xee, 0xdd, 0xcc, 0xbb, 0xaa, 0x99, 0x88, 0x77])),
            shiftDays: 40, birthDate: RegistryDate("1961-04-30"), sex: .female)
    }

    private static func measured() throws -> Exam {
        let plan = try #require(try ExamProtocol.builtIn("standard"))
        let definition = try #require(try CriteriaDefinition.builtIn("zamboni-2009"))
        let measurements = ExamMeasurements(
            observations: [
                VeinObservation(
                    site: ExamSite(.internalJugular, .left, level: .j2, .supine), status: .examined, flow: .present,
                    refluxes: [
                        RefluxEpisode(
                            onsetSeconds: 2, durationSeconds: 1.25, durationUncertaintySeconds: 0.02,
                            peakVelocityCmPerS: 14, breathsSeen: 1, breathsRecorded: 4, confidence: 0.9)
                    ], direction: .away, meanVelocityCmPerS: 17.5)
            ],
            lumenAreas: [
                LumenArea(
                    side: .left, level: .j2, posture: .supine, areaMm2: 42.5, method: .ellipse,
                    breathingPhase: .endExpiration),
                LumenArea(
                    side: .right, level: .j2, posture: .sitting, status: .notAssessable, reason: "a scar", areaMm2: nil,
                    method: nil),
            ],
            lumenDefects: [LumenDefect(side: .left, level: .j1, kind: .web)])
        let scorer = CriteriaScorer(definition: definition, examProtocol: plan, table: try VHISSTable.segmentsV1())
        return Exam(
            examID: "EX-1", subjectCode: "S001", startedAt: "2026-01-31T10:15:00+01:00", software: "dopplerbridge",
            algorithms: [], protocolReference: plan.reference, sourceDescription: "probe 4711", sourceSpecifier: "usb",
            isSimulated: true, outputDeclaration: "not available", qualityAssurance: "not run", recordings: [],
            measurements: measurements, assessment: try scorer.assess(measurements), limitations: [], statement: [])
    }
}
