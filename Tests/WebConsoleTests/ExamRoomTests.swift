import CCSVIAnalysis
import ExamSession
import Foundation
import LiveView
import ProbeLink
import Synchronization
import Testing
import WebConsole

@Suite("an exam at the console, by acts alone", .timeLimit(.minutes(2)))
struct ExamRoomTests {
    private let two = ["ijv.right.j1.supine", "ijv.right.j2.supine"]

    @Test("a whole exam of neck-short measures what the same exam measures without a console")
    func whole() async throws {
        let folder = try TrialFolder()
        let plan = try TrialPlan.plan(seconds: 4, areas: 2)
        let trial = RoomTrial()
        let probe = try TrialProbe()
        try trial.begin(plan, in: try ExamFolder(new: folder.path + "/console"), probe: probe)
        for number in 1...plan.examProtocol.steps.count {
            let ready = try await trial.next("step \(number)") { $0.phase == .ready && $0.step == number }
            #expect(ready.steps[number - 1].state == .now && ready.guidance == "hold still")
            #expect(ready.settings?.isInForce == false)
            if number == 2 {
                try trial.room.act(.live)
                let live = try await trial.next("scan") { $0.phase == .live && $0.settings?.isInForce == true }
                #expect(live.isTransmitting && live.settings?.gates == 4 && live.settings?.bModeFramesPerSecond == 25)
                try await trial.seen([.picture, .profile])
                try trial.room.act(.freeze)
                try await trial.phase(.frozen)
                #expect(!probe.isTransmitting)
            }
            try trial.room.act(.record(manoeuvreStarted: false))
            // The low-flow check of a step without flow is a recording of its own.
            var state = try await trial.next("after \(number)") {
                $0.phase == .reviewing || ($0.phase == .ready && $0.isLowFlowCheck)
            }
            if state.phase == .ready {
                try trial.room.act(.record(manoeuvreStarted: false))
                state = try await trial.phase(.reviewing)
            }
            #expect(state.takes.count == 1 && state.takes[0].isComplete && !state.measurements.isEmpty)
            try trial.room.act(.accept(take: nil))
        }
        for _ in plan.examProtocol.areas {
            try await trial.phase(.measuring)
            try trial.room.act(.area(AreaEntered(.entered(areaMm2: 50))))
        }
        for _ in plan.examProtocol.lumenPlaces {
            try await trial.phase(.inspecting)
            try trial.room.act(.lumen(LumenEntered(status: .examined)))
        }
        let end = try await trial.phase(.ended)
        let plain = try await ExamSession(
            plan: plan, bedside: PlainBedside(probe: try TrialProbe()),
            folder: try ExamFolder(new: folder.path + "/plain")
        ).run(stop: StopSignal()) { _ in }
        let exam = try trial.outcome().exam
        #expect(exam.measurements == plain.exam.measurements)
        #expect(exam.recordings == plain.exam.recordings)
        #expect(exam.assessment == plain.exam.assessment)
        #expect(exam.limitations == plain.exam.limitations)
        #expect(end.outcome?.verdict == exam.assessment.verdict && end.outcome?.isCompleted == true)
        #expect(end.steps.allSatisfy { $0.state == .done })
        #expect(trial.kept.all.withLock { Set($0.keys) } == [.columns, .profile, .picture, .sound, .physiology])
        try trial.room.close()
        #expect(trial.room.state == nil)
    }

    @Test("what does not fit the moment is refused with words, and changes nothing")
    func refused() async throws {
        let folder = try TrialFolder()
        let trial = RoomTrial()
        #expect(throws: RoomRefusal.self) { try trial.room.act(.live) }
        let acts: [ConsoleAct] = [
            .live, .freeze, .record(manoeuvreStarted: false), .stop, .accept(take: nil), .repeatStep,
            .skip(reason: "a"), .notVisualised(.notFound, note: nil), .notAssessable(reason: "a"), .rested,
            .postureNotPossible(note: nil), .valsalva, .mark(seconds: 1, label: "a"),
            .area(AreaEntered(.entered(areaMm2: 1))), .noArea, .lumen(LumenEntered(status: .examined)),
        ]
        func refuse(but allowed: Set<String>) throws {
            let before = try #require(trial.room.state)
            for act in acts where !allowed.contains(act.name) {
                do throws(RoomRefusal) {
                    try trial.room.act(act)
                    Issue.record("\(act.name) in \(before.phase)")
                } catch {
                    #expect(error.status == 409 && error.what.contains(act.name) && !error.next.isEmpty)
                }
            }
            #expect(trial.room.state == before)
        }
        let atStep: Set<String> = ["live", "record", "skip", "notVisualised", "notAssessable"]
        try trial.begin(
            try TrialPlan.plan([two[0]], areas: 1), in: try ExamFolder(new: folder.path + "/e"),
            probe: try TrialProbe("healthy"), rests: true)
        try await trial.phase(.resting)
        try refuse(but: ["rested", "postureNotPossible"])
        #expect(throws: RoomRefusal.self) {
            try trial.begin(
                try TrialPlan.plan([two[0]]), in: try ExamFolder(new: folder.path + "/f"),
                probe: try TrialProbe("healthy"))
        }
        #expect(throws: RoomRefusal.self) { try trial.room.close() }
        try trial.room.act(.rested)
        try await trial.phase(.ready)
        try refuse(but: atStep)
        try trial.room.act(.live)
        try await trial.phase(.live)
        #expect(throws: RoomRefusal.self) { try trial.room.act(.live) }
        #expect(throws: RoomRefusal.self) { try trial.room.act(.accept(take: nil)) }
        try trial.room.act(.freeze)
        try await trial.phase(.frozen)
        try refuse(but: atStep)
        try trial.room.act(.record(manoeuvreStarted: false))
        try await trial.phase(.reviewing)
        try refuse(but: ["accept", "repeat", "mark"])
        #expect(throws: RoomRefusal.self) { try trial.room.act(.accept(take: 9)) }
        try trial.room.act(.accept(take: 1))
        try await trial.phase(.measuring)
        try refuse(but: ["live", "area", "noArea", "notAssessable"])
        try trial.room.act(.noArea)
        try await trial.phase(.inspecting)
        try refuse(but: ["live", "lumen", "notAssessable"])
        try trial.room.act(.lumen(LumenEntered(status: .notExamined)))
        try await trial.phase(.ended)
        try refuse(but: [])
        #expect(throws: RoomRefusal.self) { try trial.room.settings(SettingsChange()) }
    }

    @Test("skipped, not seen and not assessable steps say so, and a repeated step keeps both takes")
    func others() async throws {
        let folder = try TrialFolder()
        let trial = RoomTrial()
        let sites = two + ["ijv.right.j3.supine", "vv.right.supine"]
        try trial.begin(
            try TrialPlan.plan(sites), in: try ExamFolder(new: folder.path + "/e"), probe: try TrialProbe("healthy"))
        try await trial.phase(.ready)
        try trial.room.act(.skip(reason: "no time"))
        try await trial.next { $0.phase == .ready && $0.step == 2 }
        try trial.room.act(.notVisualised(.scarOrDressing, note: "fresh"))
        try await trial.next { $0.phase == .ready && $0.step == 3 }
        try trial.room.act(.notAssessable(reason: "moves"))
        let last = try await trial.next { $0.phase == .ready && $0.step == 4 }
        #expect(last.steps.map(\.state) == [.skipped, .notVisualised, .notAssessable, .now])
        for take in 1...2 {
            try trial.room.act(.record(manoeuvreStarted: false))
            let review = try await trial.phase(.reviewing)
            #expect(review.takes.count == take)
            if take == 1 {
                try trial.room.act(.repeatStep)
                try await trial.phase(.ready)
            }
        }
        try trial.room.act(.accept(take: 1))
        try await trial.phase(.ended)
        let exam = try trial.outcome().exam
        let steps = try #require(exam.course?.steps)
        #expect(steps.map(\.state) == [.skipped, .notVisualised, .notAssessable, .recorded])
        #expect(steps[1].notVisualised == .scarOrDressing && steps[1].note == "fresh")
        #expect(steps[3].takes.count == 2 && steps[3].judgedTake == 1 && steps[3].isChosen)
    }

    @Test("an exam that was left goes on, with what was recorded as it stands")
    func leftAndContinued() async throws {
        let folder = try TrialFolder()
        let plan = try TrialPlan.plan(two)
        let trial = RoomTrial()
        try trial.begin(plan, in: try ExamFolder(new: folder.path + "/e"), probe: try TrialProbe("healthy"))
        try await trial.phase(.ready)
        try trial.room.act(.record(manoeuvreStarted: false))
        try await trial.phase(.reviewing)
        try trial.room.act(.accept(take: nil))
        try await trial.next { $0.phase == .ready && $0.step == 2 }
        try trial.room.act(.live)
        try await trial.phase(.live)
        try trial.room.act(.leave)
        let left = try await trial.phase(.ended)
        #expect(left.outcome?.isCompleted == false && !left.isTransmitting)
        let first = try trial.outcome()
        #expect(first.wasStopped && first.exam.recordings.count == 1)
        try trial.begin(plan, in: try ExamFolder(continuing: folder.path + "/e"), probe: try TrialProbe("healthy"))
        let ready = try await trial.next { $0.phase == .ready && $0.step == 2 }
        #expect(ready.steps[0].state == .done && ready.steps[0].finding != nil)
        try trial.room.act(.record(manoeuvreStarted: false))
        try await trial.phase(.reviewing)
        try trial.room.act(.accept(take: nil))
        try await trial.phase(.ended)
        let exam = try trial.outcome().exam
        #expect(exam.recordings.count == 2 && exam.recordings[0] == first.exam.recordings[0])
        #expect(exam.course?.sessions.map(\.end) == [.stopped, .completed])
    }

    @Test("a recording that is stopped early is kept as an incomplete take")
    func stoppedEarly() async throws {
        let folder = try TrialFolder()
        let trial = RoomTrial()
        // Long enough for the act to come in time on any machine.
        let plan = try TrialPlan.plan([two[0]], seconds: 600)
        try trial.begin(plan, in: try ExamFolder(new: folder.path + "/e"), probe: try TrialProbe("healthy"))
        try await trial.phase(.ready)
        try trial.room.act(.record(manoeuvreStarted: true))
        let recording = try await trial.phase(.recording)
        #expect(recording.isTransmitting && recording.recordingID == "01-ijv.right.j1.supine")
        #expect(recording.marks.map(\.label) == ["valsalva"])
        #expect(throws: RoomRefusal.self) { try trial.room.settings(SettingsChange()) }
        try trial.room.act(.valsalva)
        try trial.room.act(.mark(seconds: 1.5, label: "cough"))
        try trial.room.act(.stop)
        let review = try await trial.phase(.reviewing)
        #expect(review.takes.count == 1 && !review.takes[0].isComplete)
        #expect(review.takes[0].words.hasPrefix("incomplete"))
        #expect(throws: RoomRefusal.self) { try trial.room.act(.accept(take: 1)) }
        try trial.room.act(.leave)
        try await trial.phase(.ended)
        let marks = try OperatorMarks(in: try ExamFolder(existing: folder.path + "/e"))
        let moments = try #require(marks.recordings["01-ijv.right.j1.supine"]?.moments)
        #expect(moments.map(\.label).suffix(2) == ["valsalva", "cough"] && moments.last?.seconds == 1.5)
        #expect(try trial.outcome().exam.recordings.count == 1)
    }
}
