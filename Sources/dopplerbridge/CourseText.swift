import CCSVIAnalysis

/// The course of an exam as a person reads it: what is out of the ordinary in its sessions and steps.
struct CourseText {
    let course: ExamCourse
    let measurements: ExamMeasurements

    init(_ course: ExamCourse, _ measurements: ExamMeasurements) {
        self.course = course
        self.measurements = measurements
    }

    /// The sessions of an exam that has several or did not come to its end, and the steps that were repeated, left out
    /// or not seen; nothing where all went as planned.
    var lines: [String] {
        let steps = course.steps.compactMap(line)
        return sessionLines + (steps.isEmpty ? [] : ["", "Steps:"] + steps.map { "  \($0)" })
    }

    private var sessionLines: [String] {
        guard course.sessions.count > 1 || course.sessions.last.map({ $0.end != .completed }) == true else { return [] }
        let lines = course.sessions.flatMap { session in
            let reason = session.endReason.map { ": \($0)" } ?? ""
            let head =
                "  \(session.number): \(session.startedAt) to \(session.endedAt ?? "an end that is not known"), "
                + "\(Self.words(session.end))\(reason); \(session.probe)"
            return [head] + session.settingsChanged.map { "     changed: \($0)" }
        }
        return ["", "Sessions:"] + lines
    }

    private static func words(_ end: SessionEnd) -> String {
        switch end {
        case .completed: "to the end of the protocol"
        case .stopped: "stopped by the operator"
        case .failed: "failed"
        case .brokeOff: "broke off"
        }
    }

    private func line(_ step: StepRecord) -> String? {
        let note = [step.notVisualised?.words, step.note].compactMap(\.self).joined(separator: ": ")
        switch step.state {
        case .skipped: return "\(step.site.name): skipped: \(note)"
        case .notVisualised: return "\(step.site.name): not visualised: \(note)"
        case .notAssessable, .notDone: return nil
        case .recorded: break
        }
        guard step.takes.count > 1 || step.takes.contains(where: { !$0.isComplete }) else { return nil }
        let takes = step.takes.map { take in
            let mark = take.take == step.judgedTake ? (step.isChosen ? " JUDGED, as chosen" : " JUDGED") : ""
            return "take \(take.take)\(mark) (\(words(take, of: step)))"
        }
        return "\(step.site.name): \(takes.joined(separator: "; "))"
    }

    /// What a take showed; that of the judged one stands among the measurements.
    private func words(_ take: TakeRecord, of step: StepRecord) -> String {
        let judged = take.take == step.judgedTake ? measurements.observations.first { $0.site == step.site } : nil
        return (take.observation ?? judged).map(ExamText.words) ?? "nothing can be read"
    }
}
