import Acquisition
import CCSVIAnalysis
import ExamSession
import ProbeLink
import Testing

@Suite("an exam whose probe is unplugged")
struct UnpluggedProbeTests {
    @Test("plugged in again, the step is recorded anew as a segment and the exam comes to its end")
    func continues() async throws {
        let folder = try TemporaryFolder()
        let bedside = try UnpluggingBedside(pullsDuringStep: 2, comesBack: true)
        let outcome = try await ThreeSteps().run(at: bedside, into: folder.path + "/exam")
        #expect(outcome.failure == nil)
        #expect(
            outcome.exam.recordings.map(\.recordingID) == [
                "01-ijv.right.j1.supine", "02-ijv.right.j2.supine", "02-ijv.right.j2.supine-segment2",
                "03-ijv.right.j3.supine",
            ])
        let cut = outcome.exam.recordings[1]
        let whole = outcome.exam.recordings[2]
        #expect(cut.durationSeconds < whole.durationSeconds)
        #expect(cut.pulses > 0)
        #expect(outcome.exam.limitations.contains { $0.hasPrefix(cut.recordingID) && $0.contains("unplugged") })
        let observations = outcome.exam.measurements.observations
        #expect(observations.count == 3, "one observation a step")
        #expect(observations[1].recordingID == whole.recordingID)
        for recording in outcome.exam.recordings {
            #expect(try Recording(path: folder.path + "/exam/" + recording.fileName).isWhole)
        }
    }

    @Test("an exam with segments, played again, gives the same exam")
    func replays() async throws {
        let folder = try TemporaryFolder()
        let bedside = try UnpluggingBedside(pullsDuringStep: 2, comesBack: true)
        let first = try await ThreeSteps().run(at: bedside, into: folder.path + "/exam")
        let again = try await ThreeSteps().run(
            at: RecordedBedside(ExamFolder(existing: folder.path + "/exam")), into: folder.path + "/again")
        #expect(again.failure == nil)
        #expect(again.exam.recordings.map(\.recordingID) == first.exam.recordings.map(\.recordingID))
        #expect(again.exam.recordings.map(\.pulses) == first.exam.recordings.map(\.pulses))
        #expect(again.exam.measurements == first.exam.measurements)
        #expect(again.exam.limitations == first.exam.limitations)
    }

    @Test("a probe that does not come back ends the exam with what was recorded")
    func ends() async throws {
        let folder = try TemporaryFolder()
        let bedside = try UnpluggingBedside(pullsDuringStep: 2, comesBack: false)
        let outcome = try await ThreeSteps().run(at: bedside, into: folder.path + "/exam")
        guard case .source(.link(.disconnected)) = outcome.failure else {
            Issue.record("ended with \(String(describing: outcome.failure))")
            return
        }
        #expect(outcome.exam.recordings.count == 2)
        #expect(outcome.exam.recordings[1].pulses > 0)
        #expect(outcome.exam.limitations.contains { $0.hasPrefix("The exam ended early") })
    }

    @Test("a probe that is unplugged between two steps is waited for before the next one begins")
    func betweenSteps() async throws {
        let folder = try TemporaryFolder()
        let bedside = try UnpluggingBedside(pullsBeforeStep: 2)
        let outcome = try await ThreeSteps().run(at: bedside, into: folder.path + "/exam")
        #expect(outcome.failure == nil)
        #expect(outcome.exam.recordings.count == 3, "nothing was begun, so there is no second segment")
    }
}
