public import ExamSession

/// Why something that an operator asked for is not done.
public enum RoomRefusal: Error, Sendable {
    /// No exam is open.
    case noExam
    /// An exam is open, and there is one at a time.
    case examOpen(examID: String)
    /// The act does not fit what the exam is doing.
    case notNow(act: String, phase: ExamPhase)
    /// Nobody has measured what the act needs: what is missing, and what to do.
    case notPossible(what: String, next: String)
    /// The values cannot be used: what is wrong, and what to do.
    case wrong(what: String, next: String)
    /// The exam's folder or the probe.
    case exam(ExamSessionError)

    /// HTTP's status for it: 400 for wrong values, 409 for the wrong moment.
    public var status: Int {
        switch self {
        case .wrong: 400
        case .noExam, .examOpen, .notNow, .notPossible, .exam: 409
        }
    }

    /// What is wrong.
    public var what: String {
        switch self {
        case .noExam: "no exam is open"
        case .examOpen(let examID): "the exam \(examID) is open"
        case .notNow(let act, let phase): "`\(act)` is not possible now: \(phase.words)"
        case .notPossible(let what, _), .wrong(let what, _): what
        case .exam(let error): error.description
        }
    }

    /// What to do next.
    public var next: String {
        switch self {
        case .noExam: "begin an exam, or go on with one"
        case .examOpen: "end it, or leave it for another day, before another begins"
        case .notNow: "look at what the console asks for"
        case .notPossible(_, let next), .wrong(_, let next): next
        case .exam: "see to the probe or the folder, and try again"
        }
    }
}

extension RoomRefusal: CustomStringConvertible {
    /// What happened, and what to do next.
    public var description: String { "\(what): \(next)" }
}
