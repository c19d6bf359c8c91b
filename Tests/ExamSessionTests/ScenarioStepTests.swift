import CCSVIAnalysis
import ExamSession
import ProbeLink
import Testing

/// The right basal vein, from samples to finding, in scenarios of different kinds.
///
/// `dopplerbridge simulate check` examines every site of every scenario; these few run with every test.
@Suite("a step of the exam in bundled scenarios")
struct ScenarioStepTests {
    private func observation(_ scenario: String) async throws -> VeinObservation {
        var examProtocol = try ExamProtocol.standard()
        examProtocol.steps = examProtocol.steps.filter { $0.site.id == "bvr.right.transtemporal.supine" }
        for index in examProtocol.steps.indices { examProtocol.steps[index].seconds = 9 }
        examProtocol.areas = []
        let plan = ExamPlan(
            examProtocol: examProtocol, definition: try .zamboni2009(), table: try .segmentsV1(), examID: "EX-1",
            subjectCode: "S-1", startedAt: "2026-01-01T10:00:00Z", software: "test",
            quality: QualityStatement(line: "passed", isWarning: false))
        let folder = try TemporaryFolder()
        let session = ExamSession(
            plan: plan, bedside: try ScenarioBedside(scenario), folder: try ExamFolder(new: folder.path + "/exam"))
        let outcome = try await session.run(stop: StopSignal()) { _ in }
        return try #require(outcome.exam.measurements.observations.first)
    }

    @Test("reflux in the vein is found at its length", arguments: ["only-c2", "pair-c2-c3", "ccsvi-fault-clock-drift"])
    func reflux(scenario: String) async throws {
        let found = try await observation(scenario)
        #expect(found.refluxes.count == 2)
        for episode in found.refluxes { #expect(abs(episode.durationSeconds - 0.9) < 0.02) }
    }

    @Test(
        "neither slow flow nor a fault of the front end looks like reflux",
        arguments: ["healthy", "healthy-elderly", "fault-tap", "fault-hum", "fault-dropout", "fault-clipping"])
    func noReflux(scenario: String) async throws {
        let found = try await observation(scenario)
        #expect(found.status == .examined, "\(found.reason ?? "")")
        #expect(found.flow == .present)
        #expect(found.refluxes.isEmpty)
    }

    @Test("behind closed bone nothing is claimed", arguments: ["no-bone-window", "one-bone-window"])
    func closedBone(scenario: String) async throws {
        let found = try await observation(scenario)
        #expect(found.status == .notAssessable)
        #expect(found.refluxes.isEmpty)
    }
}
