/// What can be wrong with parts and rows of a cohort.
public enum CohortRowError: Error, Sendable, Hashable {
    /// A part of the cohort that there is not.
    case badShard(text: String)
    /// A line is not a row as this program writes it.
    case notARow(place: RowPlace, problem: String)
    /// The same exam has two different results.
    case conflict(examID: String, first: RowPlace, second: RowPlace, differences: [RowDifference])
    /// A value of an exam may not stand in its column.
    case badValue(examID: String, column: String)
}

/// A line of a file of rows.
public struct RowPlace: Sendable, Hashable, CustomStringConvertible {
    /// The file's path.
    public var file: String
    /// The line, counted from 1.
    public var line: Int

    /// A place from its file and line.
    public init(file: String, line: Int) {
        self.file = file
        self.line = line
    }

    /// `rows-1-of-7.jsonl:12`.
    public var description: String { "\(file):\(line)" }
}

/// One column in which two rows of an exam differ.
public struct RowDifference: Sendable, Hashable, CustomStringConvertible {
    /// The column.
    public var column: String
    /// What stands in the first row, as JSON.
    public var first: String
    /// What stands in the second row, as JSON.
    public var second: String

    /// `verdict "positive" and "negative"`.
    public var description: String { "\(column) \(first) and \(second)" }
}

extension CohortRowError: CustomStringConvertible {
    /// Most differences that an error lists (project choice: what fits a few lines).
    private static let listed = 4

    /// What happened, where, and what to do next.
    public var description: String {
        switch self {
        case .badShard(let text):
            return "\(text): not a part of a cohort: give I/N with I from 1 to N and N up to \(ExamShard.mostParts), "
                + "such as 3/7"
        case .notARow(let place, let problem):
            return "\(place): \(problem): remove this file and run its part again with `exam reanalyse --rows`"
        case .conflict(let examID, let first, let second, let differences):
            let some = differences.prefix(Self.listed).map(\.description).joined(separator: "; ")
            let more = differences.count > Self.listed ? "; and \(differences.count - Self.listed) more" : ""
            return "exam \(examID) has two results, at \(first) and at \(second): \(some)\(more): leave out the rows "
                + "that are wrong, or run both parts again with one version of the program"
        case .badValue(let examID, let column):
            return "exam \(examID): what it holds for `\(column)` may not stand in a row: look at its exam.json"
        }
    }
}
