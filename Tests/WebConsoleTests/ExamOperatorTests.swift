import Acquisition
import CCSVIAnalysis
import ExamSession
import Foundation
import LiveView
import ProbeLink
import ProbeSimulator
import Synchronization
import Testing
import VesselImaging
import WebConsole

@Suite("an operator who goes away, rests, and measures in pictures", .timeLimit(.minutes(2)))
struct ExamOperatorTests {
    private let site = ["ijv.right.j2.supine"]

    private func begun(_ trial: RoomTrial, _ probe: TrialProbe, _ folder: TrialFolder, areas: Int = 0) throws {
        try trial.begin(
            try TrialPlan.plan(site, areas: areas), in: try ExamFolder(new: folder.path + "/e"), probe: probe)
    }

    /// Lets the 5 s of a lost operator go by, once somebody waits for them.
    private func waitOut(_ trial: RoomTrial) async throws {
        try await trial.sleeping(1, atLeast: 4.9)
        trial.clock.advance(by: ExamRoom.secondsWithoutOperator)
    }

    @Test("a live scan without its operator is disarmed after 5 s")
    func lostWhileLive() async throws {
        let folder = try TrialFolder()
        let trial = RoomTrial()
        let probe = try TrialProbe()
        try begun(trial, probe, folder)
        try await trial.phase(.ready)
        try trial.room.act(.live)
        try await trial.phase(.live)
        trial.room.operatorLost()
        try await waitOut(trial)
        let frozen = try await trial.next { $0.phase == .frozen && $0.trouble != nil }
        #expect(!frozen.isTransmitting && !probe.isTransmitting)
        await trial.room.shutDown()
        #expect(trial.room.state?.phase == .ended)
    }

    @Test("an operator who is back in time finds the live scan running")
    func backInTime() async throws {
        let folder = try TrialFolder()
        let trial = RoomTrial()
        try begun(trial, try TrialProbe(), folder)
        try await trial.phase(.ready)
        try trial.room.act(.live)
        try await trial.phase(.live)
        trial.room.operatorLost()
        try await trial.sleeping(1, atLeast: 4.9)
        trial.room.operatorBack()
        trial.clock.advance(by: 60)
        try trial.room.act(.freeze)
        let frozen = try await trial.phase(.frozen)
        #expect(frozen.trouble == nil)
        await trial.room.shutDown()
    }

    @Test("a recording without its operator comes to its end and waits for a decision")
    func lostWhileRecording() async throws {
        let folder = try TrialFolder()
        let trial = RoomTrial()
        try begun(trial, try TrialProbe(), folder)
        try await trial.phase(.ready)
        try trial.room.act(.record(manoeuvreStarted: false))
        try await trial.phase(.recording)
        trial.room.operatorLost()
        try await waitOut(trial)
        let review = try await trial.phase(.reviewing)
        #expect(review.takes.map(\.isComplete) == [true] && !review.isTransmitting)
        await trial.room.shutDown()
    }

    @Test("a rest is over when its time is, or when the operator says so, and the exam tells how long it was")
    func rests() async throws {
        let folder = try TrialFolder()
        let trial = RoomTrial()
        let plan = try TrialPlan.plan(["ijv.right.j2.supine", "ijv.right.j2.sitting"])
        try trial.begin(plan, in: try ExamFolder(new: folder.path + "/e"), probe: try TrialProbe(), rests: true)
        let resting = try await trial.phase(.resting)
        #expect(resting.rest?.secondsLeft == 120 && resting.rest?.posture == .supine)
        // The rest's own clock, and the one that tells how much of it is left.
        try await trial.sleeping(2, atLeast: 0.2)
        trial.clock.advance(by: 30)
        try await trial.next { ($0.rest?.secondsLeft ?? 120) <= 90 }
        try await trial.sleeping(1, atLeast: 80)
        trial.clock.advance(by: 90)
        try await trial.phase(.ready)
        try trial.room.act(.skip(reason: "a"))
        try await trial.next { $0.rest?.posture == .sitting }
        trial.clock.advance(by: 10)
        try trial.room.act(.rested)
        try await trial.next { $0.phase == .ready && $0.step == 2 }
        try trial.room.act(.skip(reason: "b"))
        try await trial.phase(.ended)
        let taken = try trial.outcome().exam.course?.sessions.first?.rests.map(\.takenSeconds)
        #expect(taken == [120, 10])
    }

    @Test("an area is measured in the picture of a live scan, and the picture is kept with it")
    func area() async throws {
        let folder = try TrialFolder()
        let trial = RoomTrial()
        try begun(trial, try TrialProbe(), folder, areas: 1)
        try await trial.phase(.ready)
        try trial.room.act(.skip(reason: "the area alone"))
        try await trial.phase(.measuring)
        let points = [(-3.0, 15.0), (3, 15), (0, 13), (0, 17)].map { PicturePoint(acrossMm: $0.0, depthMm: $0.1) }
        let ellipse = ConsoleAct.area(
            AreaEntered(.ellipse(first: [points[0], points[1]], second: [points[2], points[3]])))
        try trial.room.act(ellipse)
        let refused = try await trial.next { $0.area?.refusal != nil }
        #expect(refused.phase == .measuring)
        try trial.room.act(.live)
        try await trial.next { $0.isTransmitting }
        try await trial.seen([.picture])
        try trial.room.act(.freeze)
        try await trial.next { $0.phase == .measuring && !$0.isTransmitting }
        try trial.room.act(ellipse)
        try await trial.next { $0.phase == .inspecting || $0.phase == .ended }
        await trial.room.shutDown()
        let area = try #require(try trial.outcome().exam.measurements.lumenAreas.first)
        #expect(abs((area.areaMm2 ?? 0) - .pi * 6) < 1e-9 && area.method == .ellipse)
        let picture = try #require(area.picture)
        #expect(picture.isSimulated == true && picture.uncertaintyMm2 > 0)
        let path = folder.path + "/e/pictures/" + picture.recordingFile
        #expect(try RecordingFingerprint.sha256(ofFile: path) == picture.sha256)
        let recording = try Recording(path: path)
        #expect(recording.description.settings.bModeLines == 192 && recording.isWhole)
        #expect(recording.description.origin.isSimulated)
    }

    @Test("a probe that is unplugged during a live scan may come back")
    func unplugged() async throws {
        let folder = try TrialFolder()
        let trial = RoomTrial()
        let probe = try TrialProbe()
        try begun(trial, probe, folder)
        try await trial.phase(.ready)
        try trial.room.act(.live)
        try await trial.phase(.live)
        probe.transport.unplug()
        let told = try await trial.next { $0.trouble != nil }
        #expect(!told.isTransmitting)
        try await trial.phase(.frozen)
        try trial.room.act(.record(manoeuvreStarted: false))
        let review = try await trial.phase(.reviewing)
        #expect(review.takes.map(\.isComplete) == [true])
        await trial.room.shutDown()
    }
}
