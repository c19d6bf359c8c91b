import CCSVIAnalysis
import DopplerDSP
import ExamSession
import Foundation
import Synchronization
import Testing
import WebConsole

@Suite("settings that the operator changes", .timeLimit(.minutes(2)))
struct ExamSettingsTests {
    private let site = ["ijv.right.j1.supine"]

    private func changed(_ body: (inout SettingsChange) -> Void) -> SettingsChange {
        var change = SettingsChange()
        body(&change)
        return change
    }

    @Test("they hold for the live scan and the recording, and the recording analyses to the same exam again")
    func recorded() async throws {
        let folder = try TrialFolder()
        let trial = RoomTrial()
        let plan = try TrialPlan.plan(site)
        try trial.begin(plan, in: try ExamFolder(new: folder.path + "/e"), probe: try TrialProbe())
        try await trial.phase(.ready)
        let change = changed {
            $0.prfHz = 8000
            $0.insonationAngleDegrees = 65
            $0.wallFilterHz = 150
            $0.gateDepthMm = 16
            $0.receiveGainDb = 6
            $0.transmitLevelPerMille = 300
        }
        let shown = try trial.room.settings(change)
        #expect(shown.prfHz == 8000 && shown.isChanged && !shown.isInForce)
        try trial.room.act(.live)
        let live = try await trial.next { $0.phase == .live && $0.settings?.isInForce == true }
        #expect(live.settings?.prfHz == 8000 && live.settings?.gateDepthMm == 16)
        #expect(live.scale?.isAngleBeyondProtocol == true)
        // Another gate of the grid: half a millimetre deeper, without a new scan.
        let deeper = try trial.room.settings(changed { $0.gate = (live.settings?.gate ?? 0) + 1 })
        #expect(deeper.gateDepthMm == 16.5 && trial.room.state?.run == live.run)
        try trial.room.act(.record(manoeuvreStarted: false))
        try await trial.phase(.reviewing)
        try trial.room.act(.accept(take: nil))
        try await trial.phase(.ended)
        let exam = try trial.outcome().exam
        let recording = try #require(exam.recordings.first)
        #expect(recording.spectral.prfHz == 8000 && recording.spectral.wallFilterCutoffHz == 150)
        #expect(recording.scale.insonationAngleDegrees == 65 && recording.gateDepthMm == 16.5)
        #expect(recording.receiveGainDb == 6 && recording.transmitLevelPerMille == 300)
        let limits = exam.limitations.joined(separator: "\n")
        #expect(limits.contains("PRF: 6000 Hz asked, 8000 Hz in force"))
        #expect(limits.contains("65 degrees entered, beyond the 60 degrees that the protocol accepts"))
        #expect(limits.contains("wall filter: 100 Hz planned, 150 Hz chosen"))
        let scorer = CriteriaScorer(definition: plan.definition, examProtocol: plan.examProtocol, table: plan.table)
        let again = try ExamReanalysis(
            try ExamFolder(existing: folder.path + "/e"), scorer: scorer, software: "again")
        guard case .same = try again.run(onRecording: { _, _ in }) else {
            Issue.record("the reanalysis gives another exam")
            return
        }
    }

    @Test("a continued exam reads such a recording with the settings that it was made with")
    func continued() async throws {
        let folder = try TrialFolder()
        let trial = RoomTrial()
        let plan = try TrialPlan.plan(["ijv.right.j1.supine", "ijv.right.j2.supine"])
        try trial.begin(plan, in: try ExamFolder(new: folder.path + "/e"), probe: try TrialProbe())
        try await trial.phase(.ready)
        // Twice the protocol's rate would lengthen the window if the recording did not say its own.
        _ = try trial.room.settings(
            changed {
                $0.prfHz = 12_000
                $0.wallFilterHz = 200
            })
        try trial.room.act(.record(manoeuvreStarted: false))
        try await trial.phase(.reviewing)
        try trial.room.act(.accept(take: nil))
        let next = try await trial.next { $0.phase == .ready && $0.step == 2 }
        // The next step has the protocol's settings again.
        #expect(next.settings?.prfHz == 6000 && next.settings?.isChanged == false)
        try trial.room.act(.leave)
        try await trial.phase(.ended)
        let first = try trial.outcome().exam
        try trial.begin(plan, in: try ExamFolder(continuing: folder.path + "/e"), probe: try TrialProbe())
        try await trial.phase(.ready)
        try trial.room.act(.skip(reason: "enough"))
        try await trial.phase(.ended)
        let second = try trial.outcome().exam
        #expect(second.recordings == first.recordings)
        #expect(second.measurements.observations.first == first.measurements.observations.first)
        #expect(second.recordings.first?.spectral.fftLength == 256)
    }

    @Test("what cannot be set is refused with its limits, and changes nothing")
    func refused() async throws {
        let folder = try TrialFolder()
        let trial = RoomTrial()
        try trial.begin(
            try TrialPlan.plan(site), in: try ExamFolder(new: folder.path + "/e"), probe: try TrialProbe())
        let before = try await trial.phase(.ready)
        let wrong: [SettingsChange] = [
            changed { $0.prfHz = 1e9 }, changed { $0.prfHz = .nan }, changed { $0.insonationAngleDegrees = 90 },
            changed { $0.gateDepthMm = -1 }, changed { $0.transmitLevelPerMille = 1001 },
            changed {
                $0.wallFilterHz = 1600; $0.prfHz = 3000
            },
            // 128 mm are as deep as an echo comes from at 6 kHz.
            changed { $0.gateDepthMm = 150 }, changed { $0.gate = 0 },
        ]
        for change in wrong {
            do throws(RoomRefusal) {
                _ = try trial.room.settings(change)
                Issue.record("taken: \(change)")
            } catch {
                #expect(error.status == 400 && !error.next.isEmpty)
            }
        }
        #expect(trial.room.state == before)
        await trial.room.shutDown()
    }
}
