public import StrictYAML

/// What can be wrong with what the analysis is given.
public enum AnalysisError: Error, Sendable, Hashable {
    /// A definition, a score table or a protocol cannot be read; each problem has its file, line and column.
    case notReadable(YAMLProblems)
    /// Measurements are not valid JSON of the published schema; everything that was found.
    case measurementsNotReadable([MeasurementProblem])
    /// Measurements contradict themselves or hold impossible values; everything that was found.
    case measurementsContradictory([MeasurementProblem])
}

extension AnalysisError: CustomStringConvertible {
    /// What is wrong, where, and what to do next; one line for each problem.
    public var description: String {
        switch self {
        case .notReadable(let problems): problems.description
        case .measurementsNotReadable(let problems), .measurementsContradictory(let problems):
            problems.map(\.description).joined(separator: "\n")
        }
    }
}

/// Something wrong in measurements, at its place.
public struct MeasurementProblem: Sendable, Hashable, CustomStringConvertible {
    /// The place, from the top: `observations[3].refluxes[0].durationSeconds`.
    public var path: String
    /// What is wrong.
    public var what: String
    /// What to do about it.
    public var remedy: String

    /// A problem from its fields.
    public init(path: String, what: String, remedy: String) {
        self.path = path
        self.what = what
        self.remedy = remedy
    }

    /// `path: what; remedy`.
    public var description: String { "\(path): \(what); \(remedy)" }
}
