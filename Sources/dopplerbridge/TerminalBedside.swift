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
        console.say("\(area.name), largest section at the end of expiration, mm2 (Enter = not measured):")
        while true {
            guard let answer = readLine()?.trimmingCharacters(in: .whitespaces), !answer.isEmpty else { return nil }
            if let areaMm2 = Double(answer), areaMm2.isFinite, areaMm2 >= 0 {
                return LumenArea(
                    side: area.side, level: area.level, posture: area.posture, areaMm2: areaMm2, method: .entered)
            }
            console.say("A number of mm2, 0 or more, or Enter:")
        }
    }

    func lumenFinding(_ place: LumenPlace) throws(ExamSessionError) -> LumenFinding? {
        let kinds = LumenDefectKind.allCases
        console.say("\(place.name), defects (Enter = not looked at, - = none, n REASON = not assessable), or of:")
        for kind in kinds { console.say("  \(kind.rawValue): \(kind.meaning)") }
        while true {
            guard let answer = readLine()?.trimmingCharacters(in: .whitespaces), !answer.isEmpty else { return nil }
            var inspection = LumenInspection(side: place.side, level: place.level)
            if answer == "-" { return LumenFinding(inspection: inspection) }
            if answer.hasPrefix("n ") {
                inspection.status = .notAssessable
                inspection.reason = String(answer.dropFirst(2))
                return LumenFinding(inspection: inspection)
            }
            let words = answer.split(separator: " ").map(String.init)
            let seen = kinds.filter { words.contains($0.rawValue) }
            if seen.count == words.count {
                let defects = seen.map { LumenDefect(side: place.side, level: place.level, kind: $0) }
                return LumenFinding(inspection: inspection, defects: defects)
            }
            console.say("Enter, -, n and the reason, or the words of the list with blanks between:")
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
