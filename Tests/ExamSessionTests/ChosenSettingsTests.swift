import Acquisition
import CCSVIAnalysis
import DopplerDSP
import ExamSession
import Foundation
import ProbeLink
import Testing

@Suite("settings that an operator chose instead of the protocol's")
struct ChosenSettingsTests {
    /// A technician who changes the settings of every step.
    private struct ChangingBedside: Bedside {
        let inner: ScriptedBedside
        let change: @Sendable (inout SettingsPreset) -> Void

        var origin: SourceOrigin { inner.origin }

        func hold(at planned: PlannedRecording) throws(ExamSessionError) -> Placement {
            guard case .held(var probe) = try inner.hold(at: planned) else { return .notExamined }
            var preset = planned.preset
            change(&preset)
            probe.preset = preset
            return .held(probe)
        }

        func lumenArea(_ area: PlannedArea) -> LumenArea? { nil }

        func finish() {}
    }

    private func exam(
        in folder: String, _ change: @escaping @Sendable (inout SettingsPreset) -> Void
    ) async throws -> (plan: ExamPlan, exam: Exam) {
        let steps = try ThreeSteps(seconds: 3)
        let bedside = ChangingBedside(inner: try ScriptedBedside(), change: change)
        return (steps.plan, try await steps.run(at: bedside, into: folder).exam)
    }

    @Test("they are recorded with the samples, and the recordings analyse to the same exam, byte for byte")
    func same() async throws {
        let folder = try TemporaryFolder()
        let (plan, exam) = try await exam(in: folder.path + "/e") { preset in
            preset.prfHz = 12_000
            preset.wallFilterHz = 180
            preset.insonationAngleDegrees = 45
        }
        #expect(exam.recordings.allSatisfy { $0.spectral.wallFilterCutoffHz == 180 && $0.spectral.prfHz == 12_000 })
        #expect(exam.recordings.allSatisfy { $0.scale.insonationAngleDegrees == 45 })
        let stored = try ExamFolder(existing: folder.path + "/e")
        let context = try Recording(path: stored.recording("01-ijv.right.j1.supine")).description.context
        #expect(context.wallFilterHz == 180 && context.fftLength == 256 && context.hopPulses == 64)
        let scorer = CriteriaScorer(definition: plan.definition, examProtocol: plan.examProtocol, table: plan.table)
        guard
            case .same = try ExamReanalysis(stored, scorer: scorer, software: "again").run(onRecording: { _, _ in })
        else {
            Issue.record("the reanalysis gives another exam")
            return
        }
    }

    @Test("an angle beyond the protocol's is told as a limitation, one within it as a change, the protocol's own not")
    func angles() async throws {
        let folder = try TemporaryFolder()
        func limits(_ degrees: Double) async throws -> String {
            try await exam(in: folder.path + "/\(degrees)") { $0.insonationAngleDegrees = degrees }.exam.limitations
                .joined(separator: "\n")
        }
        #expect(try await limits(70).contains("beyond the 60 degrees that the protocol accepts"))
        let within = try await limits(50)
        #expect(within.contains("angle: 60 degrees planned, 50 degrees entered") && !within.contains("beyond"))
        #expect(try await !limits(60).contains("angle:"))
    }

    @Test("without chosen settings a recording says nothing of them")
    func none() async throws {
        let folder = try TemporaryFolder()
        _ = try await ThreeSteps(seconds: 3).run(at: try ScriptedBedside(), into: folder.path + "/e")
        let path = try ExamFolder(existing: folder.path + "/e").recording("01-ijv.right.j1.supine")
        let context = try Recording(path: path).description.context
        #expect(context.wallFilterHz == nil && context.fftLength == nil && context.hopPulses == nil)
    }
}
