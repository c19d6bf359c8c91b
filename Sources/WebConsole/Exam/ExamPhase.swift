/// What an exam at the console is doing, which decides what the operator may do.
public enum ExamPhase: String, Sendable, Hashable, Codable, CaseIterable {
    /// A step is on; nothing is transmitted.
    case ready
    /// A live scan of the step runs; nothing is recorded.
    case live
    /// The live scan has ended and its picture stands still; nothing is transmitted.
    case frozen
    /// The step is recorded.
    case recording
    /// The step was recorded; the operator decides what becomes of it.
    case reviewing
    /// The patient rests after a change of posture.
    case resting
    /// An area of a lumen is asked for.
    case measuring
    /// The defects of a lumen are asked for.
    case inspecting
    /// The program works; the operator waits a moment.
    case working
    /// The exam has ended, wholly or for today.
    case ended

    /// The phase in words, for a refusal.
    var words: String {
        switch self {
        case .ready: "the step has not begun"
        case .live: "a live scan runs"
        case .frozen: "the picture stands still"
        case .recording: "the step is recorded"
        case .reviewing: "the take is reviewed"
        case .resting: "the patient rests"
        case .measuring: "an area is measured"
        case .inspecting: "a lumen is looked at"
        case .working: "the program works on the last act"
        case .ended: "the exam has ended"
        }
    }
}
