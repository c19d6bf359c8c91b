import CCSVIAnalysis
import ExamSession
import Foundation
import ProbeLink

/// An exam of the standard protocol's most telling sites, as short as two breaths allow.
struct ShortExam {
    /// Length of each site's recording, seconds: a breath of the scenario is 4 s long.
    private static let secondsOfSites = [
        "ijv.left.j1.supine": 9.0, "ijv.left.j1.sitting": 9.0, "vv.right.supine": 5.0, "vv.left.supine": 5.0,
        "bvr.right.transtemporal.supine": 5.0,
    ]
    private static let lowFlowCheckSeconds = 6.0

    let plan: ExamPlan

    init() throws {
        var examProtocol = try ExamProtocol.standard()
        examProtocol.steps = examProtocol.steps.compactMap { step in
            guard let seconds = Self.secondsOfSites[step.site.id] else { return nil }
            var short = step
            short.seconds = seconds
            return short
        }
        examProtocol.lowFlowCheck.seconds = Self.lowFlowCheckSeconds
        plan = ExamPlan(
            examProtocol: examProtocol, definition: try .zamboni2009(), table: try .segmentsV1(), examID: "EX-1",
            subjectCode: "S-1", startedAt: "2026-01-01T10:00:00Z", software: "test",
            quality: QualityStatement(line: "passed", isWarning: false))
    }

    /// Runs the exam into a folder of the test.
    func run(at bedside: any Bedside, into folder: String) async throws -> ExamOutcome {
        try await ExamSession(plan: plan, bedside: bedside, folder: try ExamFolder(new: folder))
            .run(stop: StopSignal()) { _ in }
    }

    /// A place for exams that the test removes.
    static func temporaryFolder() throws -> String {
        let path = NSTemporaryDirectory() + "dopplerbridge-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }
}
