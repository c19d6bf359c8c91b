import CCSVIAnalysis
import ExamSession
import Foundation
import ProbeLink

/// A technician at a terminal, who holds a real probe and types what a person has to enter.
struct TerminalBedside: Bedside {
    private let probe: USBBedsideProbe
    private let console: Console

    init(_ probe: USBBedsideProbe, console: Console) {
        self.probe = probe
        self.console = console
    }

    var origin: SourceOrigin { probe.origin }

    func hold(at planned: PlannedRecording) throws(ExamSessionError) -> Placement {
        let seconds = Int(planned.seconds)
        let angle = Int(planned.preset.insonationAngleDegrees)
        console.say("")
        console.say("Hold the probe at: \(planned.site.name); beam and flow at \(angle) degrees.")
        console.say("\(Self.words(planned.manoeuvre)), \(seconds) s.")
        console.say("Enter = record, s = not examined, n REASON = not assessable")
        while true {
            guard let answer = readLine()?.trimmingCharacters(in: .whitespaces) else { return .notExamined }
            if answer.isEmpty { return .held(try probe.held()) }
            if answer == "s" { return .notExamined }
            if answer.hasPrefix("n ") { return .notAssessable(reason: String(answer.dropFirst(2))) }
            console.say("Enter, s, or n and the reason:")
        }
    }

    func holdAgain(
        at planned: PlannedRecording, after failure: SourceError?, stop: StopSignal
    ) throws(ExamSessionError) -> HeldProbe? { try probe.heldAgain(after: failure, stop: stop) }

    func lumenArea(_ area: PlannedArea) throws(ExamSessionError) -> LumenArea? {
        console.say("\(area.name), mm2 (Enter = not measured):")
        while true {
            guard let answer = readLine()?.trimmingCharacters(in: .whitespaces), !answer.isEmpty else { return nil }
            if let areaMm2 = Double(answer), areaMm2.isFinite, areaMm2 >= 0 {
                return LumenArea(
                    side: area.side, level: area.level, posture: area.posture, areaMm2: areaMm2, method: .entered)
            }
            console.say("A number of mm2, 0 or more, or Enter:")
        }
    }

    func finish() {}

    private static func words(_ manoeuvre: Manoeuvre) -> String {
        switch manoeuvre {
        case .quietBreathing: "Quiet breathing"
        case .deepInspirations: "Deep inspirations"
        case .valsalva: "Valsalva"
        case .apnoea: "Hold the breath"
        }
    }
}
