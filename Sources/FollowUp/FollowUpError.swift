public import CohortStatistics

/// What can be wrong with exams that are compared, with their history and with a reading study.
public enum FollowUpError: Error, Sendable, Hashable {
    /// Fewer than two exams; carries how many.
    case tooFewExams(Int)
    /// The exams are of different subjects; carries their codes.
    case differentSubjects([String])
    /// One exam stands there twice; carries its id.
    case sameExam(String)
    /// An exam's start is no ISO 8601 time with offset; carries the exam's id and what stands there.
    case timeUnreadable(examID: String, text: String)
    /// Two exams start at the same moment, so there is no earlier one; carries their ids.
    case sameTime(String, String)
    /// A history of interventions or a list of subjects cannot be read; carries everything that was found.
    case tableNotReadable([TextTableProblem])
    /// A reading study contradicts itself or was asked for something it does not allow; carries what, and what to do.
    case reading(what: String, remedy: String)
}

extension FollowUpError: CustomStringConvertible {
    /// What is wrong, where, and what to do next.
    public var description: String {
        switch self {
        case .tooFewExams(let count): "\(count) exam to compare: give two or more"
        case .differentSubjects(let codes):
            "the exams are of different subjects (\(codes.joined(separator: ", "))): give exams of one subject"
        case .sameExam(let id): "exam \(id) was given twice: give different exams"
        case .timeUnreadable(let id, let text):
            "exam \(id): its start `\(text.prefix(40))` is no time: write it as 2026-01-31T10:15:00+01:00"
        case .sameTime(let first, let second):
            "exams \(first) and \(second) start at the same moment: correct `startedAt` of one"
        case .tableNotReadable(let problems): problems.map(\.description).joined(separator: "\n")
        case .reading(let what, let remedy): "\(what): \(remedy)"
        }
    }
}
