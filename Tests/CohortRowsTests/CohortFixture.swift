import CCSVIAnalysis
import CohortRows
import Testing

/// A small exam of a cohort.
enum CohortFixture {
    /// SHA-256 of nothing (FIPS 180-4), as a stand-in.
    static let sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    static func exam(_ id: String = "EX-1", subject: String = "S001", limitMm2: Double = 42.5) throws -> CohortExam {
        let (stored, results) = try analysed(id, subject, areaMm2: limitMm2)
        return CohortExam(
            stored, examSHA256: sha256, recordingsSHA256: sha256, algorithms: ["reflux 1", "scoring 2"],
            analysis: .same, changedValues: 0, results: results)
    }

    static func failed(_ id: String = "EX-1") throws -> CohortExam {
        CohortExam(
            try analysed(id, "S001", areaMm2: 42.5).0, examSHA256: sha256, recordingsSHA256: sha256,
            algorithms: ["reflux 1", "scoring 2"], failure: .recordingMissing)
    }

    static let place = RowPlace(file: "rows.jsonl", line: 3)

    /// The row of a line with its end.
    static func row(_ line: String) throws -> CohortRow { try CohortRow(line: Array(line.utf8.dropLast()), at: place) }

    private static func analysed(
        _ id: String, _ subject: String, areaMm2: Double
    ) throws -> (Exam, [DefinitionResult]) {
        let plan = try #require(try ExamProtocol.builtIn("standard"))
        let definition = try #require(try CriteriaDefinition.builtIn("zamboni-2009"))
        let measurements = ExamMeasurements(
            lumenAreas: [LumenArea(side: .left, level: .j2, posture: .supine, areaMm2: areaMm2)])
        let scorer = CriteriaScorer(definition: definition, examProtocol: plan, table: try VHISSTable.segmentsV1())
        let exam = Exam(
            examID: id, subjectCode: subject, startedAt: "2026-01-31T10:15:00+01:00", software: "dopplerbridge",
            algorithms: ["reflux 1", "scoring 2"], protocolReference: plan.reference, sourceDescription: "probe",
            sourceSpecifier: "usb", isSimulated: true, outputDeclaration: "not available", qualityAssurance: "not run",
            recordings: [], measurements: measurements, assessment: try scorer.assess(measurements), limitations: [],
            statement: [])
        return (exam, try scorer.overview(of: measurements).results)
    }
}
