import CCSVIAnalysis
import ExamSession
import Foundation
import ProbeLink
import Synchronization
import Testing

@Suite("takes, skips and veins that are not seen")
struct TakesTests {
    private func course(_ outcome: ExamOutcome) throws -> ExamCourse { try #require(outcome.exam.course) }

    @Test("a repeated step keeps both takes and judges the later one")
    func repeated() async throws {
        let folder = try TemporaryFolder()
        let bedside = try ScriptedBedside(decisions: [.again])
        let outcome = try await ThreeSteps(seconds: 5).run(at: bedside, into: folder.path + "/exam")
        let step = try course(outcome).steps[0]
        #expect(step.takes.map(\.take) == [1, 2])
        #expect(step.takes.map(\.recordingIDs) == [["01-ijv.right.j1.supine"], ["01-ijv.right.j1.supine-take2"]])
        #expect(step.judgedTake == 2 && !step.isChosen)
        #expect(outcome.exam.recordings.count == 4)
        #expect(outcome.exam.measurements.observations.count == 3)
        #expect(outcome.exam.measurements.observations[0].recordingID == "01-ijv.right.j1.supine-take2")
    }

    @Test("the operator may have the earlier take judged, and the exam says that it was chosen")
    func chosen() async throws {
        let folder = try TemporaryFolder()
        let bedside = try ScriptedBedside(decisions: [.again, .goOn(judging: 1)])
        let outcome = try await ThreeSteps(seconds: 5).run(at: bedside, into: folder.path + "/exam")
        let step = try course(outcome).steps[0]
        #expect(step.judgedTake == 1 && step.isChosen)
        #expect(step.takes.count == 2)
        #expect(outcome.exam.measurements.observations[0].recordingID == "01-ijv.right.j1.supine")
    }

    @Test("a protocol with several takes records them without a question between them")
    func planned() async throws {
        let folder = try TemporaryFolder()
        var steps = try ThreeSteps(seconds: 5)
        steps.plan.examProtocol.steps[1].takes = 3
        let bedside = try ScriptedBedside()
        let outcome = try await steps.run(at: bedside, into: folder.path + "/exam")
        #expect(try course(outcome).steps.map(\.takes.count) == [1, 3, 1])
        #expect(try course(outcome).steps[1].judgedTake == 3)
        #expect(bedside.asked.withLock { $0.reviews.count } == 3)
        // The judged take's observation stands among the measurements, once.
        let others = try course(outcome).steps[1].takes.compactMap(\.observation?.meanVelocityCmPerS)
        #expect(others.count == 2)
        #expect(Set(others + [outcome.exam.measurements.observations[1].meanVelocityCmPerS ?? 0]).count == 3)
    }

    @Test("a skipped step is not examined with its reason, one that is not seen is not assessable with its code")
    func leftOut() async throws {
        let folder = try TemporaryFolder()
        let bedside = try ScriptedBedside(moves: [
            .skip("no time"), .notVisualised(.scarOrDressing, nil), .notVisualised(.postureNotPossible, "back pain"),
        ])
        let outcome = try await ThreeSteps(seconds: 5).run(at: bedside, into: folder.path + "/exam")
        let observations = outcome.exam.measurements.observations
        #expect(observations.map(\.status) == [.notExamined, .notAssessable, .notExamined])
        #expect(
            observations.map(\.reason) == [
                "skipped: no time", "not visualised: scar, wound or dressing",
                "not visualised: the patient cannot take the posture: back pain",
            ])
        #expect(observations.allSatisfy { $0.flow == nil })
        #expect(try course(outcome).steps.map(\.state) == [.skipped, .notVisualised, .notVisualised])
        #expect(try course(outcome).steps[1].notVisualised == .scarOrDressing)
        #expect(outcome.exam.recordings.isEmpty)
    }

    @Test("a repeat that is refused leaves the take that is there")
    func refusedRepeat() async throws {
        let folder = try TemporaryFolder()
        let bedside = try ScriptedBedside(moves: [.hold, .notVisualised(.patientMoves, nil)], decisions: [.again])
        let outcome = try await ThreeSteps(seconds: 5).run(at: bedside, into: folder.path + "/exam")
        let step = try course(outcome).steps[0]
        #expect(step.state == .recorded && step.notVisualised == nil && step.judgedTake == 1)
        #expect(outcome.exam.measurements.observations[0].status == .examined)
    }

    @Test("a signal below what the step asks for is said of the take, and nothing else changes")
    func weakSignal() async throws {
        let folder = try TemporaryFolder()
        var steps = try ThreeSteps(seconds: 5)
        steps.plan.examProtocol.steps[0].leastSignalDb = 60
        let outcome = try await steps.run(at: ScriptedBedside(), into: folder.path + "/exam")
        #expect(try course(outcome).steps.map { $0.takes[0].reachesLeastSignal } == [false, true, true])
        #expect(outcome.exam.limitations.contains { $0.contains("below the 60.0 dB that the protocol asks for") })
        #expect(outcome.exam.measurements.observations[0].status == .examined)
    }

    @Test("a low-flow check belongs to its take, and a repeat counts on after it")
    func lowFlowCheck() async throws {
        let folder = try TemporaryFolder()
        var steps = try ThreeSteps(seconds: 5)
        steps.plan.examProtocol.steps = try ExamProtocol.standard().steps.filter { $0.site.id == "vv.right.supine" }
        steps.lengthen(toSeconds: 5)
        steps.plan.examProtocol.lowFlowCheck.seconds = 5
        let bedside = try ScriptedBedside("only-c4", decisions: [.again])
        let outcome = try await steps.run(at: bedside, into: folder.path + "/exam")
        let step = try course(outcome).steps[0]
        #expect(step.takes.map(\.take) == [1, 3])
        #expect(
            step.takes.map(\.recordingIDs) == [
                ["01-vv.right.supine", "01-vv.right.supine-take2"],
                ["01-vv.right.supine-take3", "01-vv.right.supine-take4"],
            ])
        #expect(outcome.exam.measurements.observations[0].flow == .absent)
        #expect(outcome.exam.measurements.observations[0].absence?.allHold == true)
        // Played again it is the same exam, from the same bytes.
        let again = try await steps.run(
            at: RecordedBedside(ExamFolder(existing: folder.path + "/exam")), into: folder.path + "/again")
        #expect(again.exam == outcome.exam)
    }

    @Test("the patient rests once before each posture; a rest that is cut short is a limitation")
    func rests() async throws {
        let folder = try TemporaryFolder()
        var steps = try ThreeSteps(seconds: 5)
        steps.plan.examProtocol.steps[2].site.posture = .sitting
        let bedside = try ScriptedBedside(rest: .rested(seconds: 100))
        let outcome = try await steps.run(at: bedside, into: folder.path + "/exam")
        let rests = try course(outcome).sessions[0].rests
        #expect(rests.map(\.posture) == [.supine, .sitting])
        #expect(rests.allSatisfy { $0.plannedSeconds == 120 && $0.takenSeconds == 100 && !$0.isWhole })
        #expect(outcome.exam.limitations.contains("Session 1: the rest before the sitting steps was 100 of 120 s."))
    }

    @Test("a posture that the patient cannot take leaves all its steps not examined, and nobody is asked to hold")
    func impossiblePosture() async throws {
        let folder = try TemporaryFolder()
        let bedside = try ScriptedBedside(rest: .postureNotPossible(note: "breathless"))
        let outcome = try await ThreeSteps(seconds: 5).run(at: bedside, into: folder.path + "/exam")
        #expect(outcome.exam.measurements.observations.map(\.status) == [.notExamined, .notExamined, .notExamined])
        #expect(bedside.asked.withLock { $0.holds.isEmpty && $0.rests.count == 1 })
    }
}
