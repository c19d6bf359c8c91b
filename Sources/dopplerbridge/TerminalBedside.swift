import CCSVIAnalysis
import ExamSession
import Foundation
import ProbeLink

/// A technician at a terminal, who holds a probe and types what a person has to enter.
struct TerminalBedside: Bedside {
    /// Whether a rest is waited for.
    enum RestClock: Sendable {
        /// By the clock of the wall.
        case wall
        /// A simulated patient who does not keep real time rests at once.
        case simulated
    }

    let console: Console
    let input: OperatorInput
    /// What the protocol asks for, beside recordings and areas.
    let findings: [AskedFinding]
    private let probe: any HandHeldProbe
    private let restClock: RestClock
    private let stop: StopSignal

    init(
        _ probe: any HandHeldProbe, console: Console, findings: [AskedFinding], restClock: RestClock, stop: StopSignal
    ) {
        self.probe = probe
        self.console = console
        self.findings = findings
        self.restClock = restClock
        self.stop = stop
        input = OperatorInput(stop: stop)
    }

    var origin: SourceOrigin { probe.origin }

    // MARK: A step

    func hold(at planned: PlannedRecording) throws(ExamSessionError) -> Placement {
        announce(planned)
        while true {
            guard case .line(let answer) = input.line() else { return left() }
            let (word, rest) = Self.split(answer)
            switch word {
            case "": return .held(try probe.held(at: planned))
            case "s" where !rest.isEmpty: return .skipped(reason: rest)
            case "n" where !rest.isEmpty: return .notAssessable(reason: rest)
            case "v":
                if let (code, note) = Self.reason(rest) { return .notVisualised(code, note: note) }
                sayReasons()
            case "q": return left()
            default: console.say("Enter, s and the reason, v and the code, n and the reason, or q:")
            }
        }
    }

    private func announce(_ planned: PlannedRecording) {
        let angle = Int(planned.preset.insonationAngleDegrees)
        let take = planned.take > 1 && !planned.isLowFlowCheck ? " (take \(planned.take); earlier ones are kept)" : ""
        console.say("")
        console.say("Hold the probe at: \(planned.site.name)\(take); beam and flow at \(angle) degrees.")
        if planned.isLowFlowCheck { console.say("No flow was found: low-flow check.") }
        if let guidance = planned.step.guidance { console.say(guidance) }
        console.say("\(Self.words(planned.manoeuvre)), \(Int(planned.seconds)) s.")
        console.say(
            "Enter = record, s REASON = skip, v CODE = not visualised (v: the codes), n REASON = not assessable, "
                + "q = stop, to go on another day")
    }

    /// Nobody goes on: the exam ends here and can be continued.
    private func left() -> Placement {
        stop.request()
        return .notExamined
    }

    private func sayReasons() {
        console.say("v CODE, with words of your own behind it where they help (other needs them):")
        for code in NotVisualisedReason.allCases { console.say("  \(code.rawValue): \(code.words)") }
    }

    /// A code with the operator's own words; `nil` where the code is none, or words are missing.
    private static func reason(_ text: String) -> (NotVisualisedReason, String?)? {
        let (word, note) = split(text)
        guard let code = NotVisualisedReason(rawValue: word), code != .other || !note.isEmpty else { return nil }
        return (code, note.isEmpty ? nil : note)
    }

    /// The first word of an answer, and what follows it.
    static func split(_ answer: String) -> (word: String, rest: String) {
        let parts = answer.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true).map(String.init)
        return (parts.first ?? "", (parts.count > 1 ? parts[1] : "").trimmingCharacters(in: .whitespaces))
    }

    func holdAgain(
        at planned: PlannedRecording, after failure: SourceError?, stop: StopSignal
    ) throws(ExamSessionError) -> HeldProbe? { try probe.heldAgain(after: failure, stop: stop) }

    // MARK: After a take

    func review(_ review: TakeReview) -> TakeDecision {
        for take in review.takes { console.say(Self.words(take, leastSignalDb: review.next.step.leastSignalDb)) }
        let whole = review.takes.filter(\.isComplete).map(\.take)
        let choice = whole.count > 1 ? ", j TAKE = go on, and judge that take" : ""
        console.say("Enter = go on, r = record this step again (what is there is kept)\(choice)")
        while true {
            guard case .line(let answer) = input.line() else { return .goOn(judging: nil) }
            let (word, rest) = Self.split(answer)
            switch word {
            case "": return .goOn(judging: nil)
            case "r": return .again
            case "j":
                if let take = Int(rest), whole.contains(take) { return .goOn(judging: take) }
                console.say("j and one of \(whole.map(String.init).joined(separator: ", ")):")
            default: console.say("Enter, r, or j and a take:")
            }
        }
    }

    private static func words(_ take: TakeRecord, leastSignalDb: Double) -> String {
        let found = take.observation.map(ExamText.words) ?? "nothing can be read"
        let signal = take.signalDb.map { ", signal \(ExamText.rounded($0, 1)) dB" } ?? ""
        let weak =
            take.reachesLeastSignal == false ? ", BELOW the \(ExamText.rounded(leastSignalDb, 1)) dB asked for" : ""
        return "  Take \(take.take): \(found)\(signal)\(weak)"
    }

    // MARK: Rest

    func rest(_ rest: PlannedRest, stop: StopSignal) -> RestOutcome {
        let seconds = Int(rest.seconds)
        let change = rest.posture == .supine ? "Let the patient lie down (supine)" : "Let the patient sit up"
        console.say("")
        console.say("\(change) and rest for \(seconds) s.")
        console.say("Enter = the rest begins, p WORDS = the patient cannot take this posture")
        while true {
            guard case .line(let answer) = input.line() else { return .notAsked }
            let (word, note) = Self.split(answer)
            if word == "p" { return .postureNotPossible(note: note.isEmpty ? nil : note) }
            if word.isEmpty { break }
            console.say("Enter, or p:")
        }
        guard restClock == .wall else { return .rested(seconds: rest.seconds) }
        console.say("Resting; Enter = go on before its end")
        let began = ContinuousClock.now
        guard input.line(within: .seconds(rest.seconds)) != .late else { return .rested(seconds: rest.seconds) }
        return .rested(seconds: min(rest.seconds, (ContinuousClock.now - began) / .seconds(1)))
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
