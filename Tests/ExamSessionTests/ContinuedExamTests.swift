import Acquisition
import CCSVIAnalysis
import ExamSession
import Foundation
import ProbeLink
import Synchronization
import Testing

@Suite("an exam that is stopped and continued")
struct ContinuedExamTests {
    /// The recordings of a folder, byte for byte.
    private func recordings(_ folder: String) throws -> [String: Data] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder + "/recordings")
        return try Dictionary(
            uniqueKeysWithValues: names.map {
                ($0, try Data(contentsOf: URL(fileURLWithPath: folder + "/recordings/" + $0)))
            })
    }

    private func expectKept(_ before: [String: Data], in folder: String) throws {
        let after = try recordings(folder)
        for (name, bytes) in before { #expect(after[name] == bytes, "\(name)") }
    }

    /// An exam that the operator left before its second step.
    private func stoppedExam(in folder: String) async throws -> ExamOutcome {
        let stop = StopSignal()
        let bedside = try ScriptedBedside(moves: [.hold, .leave], stop: stop)
        return try await ThreeSteps(seconds: 5).run(at: bedside, into: folder, stop: stop)
    }

    @Test("the remaining steps are done tomorrow, and what was recorded stays byte for byte")
    func continues() async throws {
        let folder = try TemporaryFolder()
        let exam = folder.path + "/exam"
        let first = try await stoppedExam(in: exam)
        #expect(first.wasStopped)
        #expect(first.exam.course?.sessions.map(\.end) == [.stopped])
        let before = try recordings(exam)
        #expect(before.count == 1)
        var steps = try ThreeSteps(seconds: 5)
        steps.plan.software = "test 2"
        let bedside = try ScriptedBedside(serialNumber: "SIM-2")
        let outcome = try await steps.goOn(at: bedside, in: exam)
        #expect(bedside.asked.withLock { $0.holds } == ["02-ijv.right.j2.supine", "03-ijv.right.j3.supine"])
        try expectKept(before, in: exam)
        #expect(outcome.exam.recordings.count == 3)
        #expect(outcome.exam.measurements.observations[0] == first.exam.measurements.observations[0])
        #expect(outcome.exam.recordings[0] == first.exam.recordings[0])
        let course = try #require(outcome.exam.course)
        #expect(course.sessions.map(\.end) == [.stopped, .completed])
        #expect(course.steps.map { $0.takes.map(\.session) } == [[1], [2], [2]])
        #expect(course.sessions[1].settingsChanged.contains { $0.hasPrefix("the probe was ") })
        #expect(course.sessions[1].settingsChanged.contains("the program was test in session 1 and is test 2"))
        #expect(outcome.exam.sourceDescription.contains("SIM-1") && outcome.exam.sourceDescription.contains("SIM-2"))
        #expect(!outcome.exam.limitations.contains { $0.contains("stopped by the operator") })
    }

    @Test(
        "power that fails between two steps or within one loses no finished recording", arguments: [0, 1, 100, 60_000])
    func powerLoss(keptBytes: Int) async throws {
        let folder = try TemporaryFolder()
        let exam = folder.path + "/exam"
        let whole = try await ThreeSteps(seconds: 5).run(at: ScriptedBedside(), into: exam)
        // As the disk is found: no exam, no decision on the second step, whose recording was cut, and no third.
        try FileManager.default.removeItem(atPath: exam + "/exam.json")
        try FileManager.default.removeItem(atPath: exam + "/bedside.json")
        try FileManager.default.removeItem(atPath: exam + "/recordings/03-ijv.right.j3.supine.dbrec")
        let cut = exam + "/recordings/02-ijv.right.j2.supine.dbrec"
        try Data(contentsOf: URL(fileURLWithPath: cut)).prefix(keptBytes).write(to: URL(fileURLWithPath: cut))
        try breakOff(exam)
        let before = try recordings(exam)
        let outcome = try await ThreeSteps(seconds: 5).goOn(at: ScriptedBedside(), in: exam)
        try expectKept(before, in: exam)
        #expect(outcome.exam.recordings.first == whole.exam.recordings.first)
        #expect(outcome.exam.measurements.observations[0] == whole.exam.measurements.observations[0])
        let course = try #require(outcome.exam.course)
        #expect(course.sessions.map(\.end) == [.brokeOff, .completed])
        #expect(course.steps[1].takes.map(\.isComplete) == [false, true])
        #expect(course.steps[1].takes[0].recordingIDs == ["02-ijv.right.j2.supine"])
        #expect(course.steps[1].judgedTake == 2)
        #expect(outcome.exam.measurements.observations.map(\.status) == [.examined, .examined, .examined])
        #expect(outcome.exam.measurements.observations[1].recordingID == "02-ijv.right.j2.supine-take2")
        #expect(outcome.exam.limitations.contains { $0.hasPrefix("02-ijv.right.j2.supine (") })
    }

    /// Makes a folder's last session one without an end.
    private func breakOff(_ exam: String) throws {
        let file = URL(fileURLWithPath: exam + "/sessions.json")
        var progress = try JSONDecoder().decode(ExamProgress.self, from: Data(contentsOf: file))
        progress.sessions[progress.sessions.count - 1].end = .brokeOff
        progress.sessions[progress.sessions.count - 1].endedAt = nil
        try JSONEncoder().encode(progress).write(to: file)
    }

    @Test("a step that ends with an unplugged probe is kept as an incomplete take, which is never nothing found")
    func unplugged() async throws {
        let folder = try TemporaryFolder()
        let exam = folder.path + "/exam"
        let first = try await ThreeSteps(seconds: 5).run(
            at: UnpluggingBedside(pullsDuringStep: 2, comesBack: false), into: exam)
        #expect(first.failure != nil)
        let cut = first.exam.measurements.observations[1]
        #expect(cut.status == .notAssessable && cut.flow == nil)
        #expect(cut.reason?.hasPrefix("incomplete take: ") == true)
        #expect(first.exam.course?.sessions.map(\.end) == [.failed])
        let before = try recordings(exam)
        let outcome = try await ThreeSteps(seconds: 5).goOn(at: ScriptedBedside(), in: exam)
        try expectKept(before, in: exam)
        #expect(outcome.exam.measurements.observations.map(\.status) == [.examined, .examined, .examined])
        #expect(outcome.exam.recordings.count == 4)
    }

    @Test("skips and veins that were not seen stay decided tomorrow; a step that is named is recorded again")
    func decisions() async throws {
        let folder = try TemporaryFolder()
        let exam = folder.path + "/exam"
        let stop = StopSignal()
        let first = try ScriptedBedside(moves: [.skip("no time"), .hold, .leave], stop: stop)
        _ = try await ThreeSteps(seconds: 5).run(at: first, into: exam, stop: stop)
        var steps = try ThreeSteps(seconds: 5)
        steps.plan.repeatedSiteIDs = ["ijv.right.j2.supine"]
        let second = try ScriptedBedside()
        let outcome = try await steps.goOn(at: second, in: exam)
        #expect(
            second.asked.withLock { $0.holds } == ["02-ijv.right.j2.supine-take2", "03-ijv.right.j3.supine"])
        #expect(outcome.exam.course?.steps.map(\.state) == [.skipped, .recorded, .recorded])
        #expect(outcome.exam.course?.steps[1].takes.map(\.session) == [1, 2])
        #expect(outcome.exam.course?.steps[1].judgedTake == 2)
    }

    @Test("a folder with an unfinished exam is not begun anew, a finished one is neither, and both say what to do")
    func refusals() async throws {
        let folder = try TemporaryFolder()
        let exam = folder.path + "/exam"
        _ = try await stoppedExam(in: exam)
        #expect(
            refusal { () throws(ExamSessionError) in _ = try ExamFolder(new: exam) }.contains("go on with --continue"))
        _ = try await ThreeSteps(seconds: 5).goOn(at: ScriptedBedside(), in: exam)
        #expect(
            refusal { () throws(ExamSessionError) in _ = try ExamFolder(new: exam) }.contains("holds an exam already"))
        #expect(
            refusal { () throws(ExamSessionError) in _ = try ExamFolder(continuing: folder.path) }
                .contains("holds no sessions.json"))
    }

    private func refusal(_ body: () throws(ExamSessionError) -> Void) -> String {
        do throws(ExamSessionError) { try body() } catch { return error.description }
        return ""
    }

    @Test("another protocol does not go on with an exam")
    func otherProtocol() async throws {
        let folder = try TemporaryFolder()
        let exam = folder.path + "/exam"
        _ = try await stoppedExam(in: exam)
        var steps = try ThreeSteps(seconds: 5)
        steps.plan.examProtocol.reference.id = "other"
        await #expect(throws: ExamSessionError.self) { _ = try await steps.goOn(at: ScriptedBedside(), in: exam) }
        let before = try Data(contentsOf: URL(fileURLWithPath: exam + "/sessions.json"))
        #expect(String(decoding: before, as: UTF8.self).contains("\"stopped\""))
    }

    @Test("an exam that was continued, played again, is the same exam")
    func replays() async throws {
        let folder = try TemporaryFolder()
        let exam = folder.path + "/exam"
        _ = try await stoppedExam(in: exam)
        let outcome = try await ThreeSteps(seconds: 5).goOn(at: ScriptedBedside(decisions: [.again]), in: exam)
        let again = try await ThreeSteps(seconds: 5).run(
            at: RecordedBedside(ExamFolder(existing: exam)), into: folder.path + "/again")
        #expect(again.exam == outcome.exam)
        #expect(try recordings(folder.path + "/again") == recordings(exam))
    }
}
