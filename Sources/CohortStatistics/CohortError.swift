/// What can be wrong with what the cohort statistics are given.
public enum CohortError: Error, Sendable, Hashable {
    /// A count is below 0 or above what can be counted with; carries its name and value.
    case countOutOfRange(name: String, value: Int)
    /// More people have the finding than there are; carries the group's name and both counts.
    case moreFindingsThanPeople(group: String, findings: Int, people: Int)
    /// Two rows of one cohort would stand in one forest; carries the cohort and the rows' names.
    case cohortTwice(cohort: String, studies: [String])
    /// The number of resamples is out of range; carries it.
    case resamplesOutOfRange(Int)
    /// A text table cannot be read; carries everything that was found, each with its file, line and column.
    case tableNotReadable([TextTableProblem])
}

extension CohortError: CustomStringConvertible {
    /// What is wrong, where, and what to do next.
    public var description: String {
        switch self {
        case .countOutOfRange(let name, let value):
            "\(name) is \(value): give a count from 0 to \(TwoByTwo.mostPeople)"
        case .moreFindingsThanPeople(let group, let findings, let people):
            "\(findings) of \(people) \(group) have the finding: the first count may not be above the second"
        case .cohortTwice(let cohort, let studies):
            "cohort `\(cohort)` stands twice in one forest (\(studies.joined(separator: "; "))): "
                + "its people would be counted twice; leave out all rows of it but one"
        case .resamplesOutOfRange(let count):
            "\(count) resamples: give a number in \(PairedReadings.resamples)"
        case .tableNotReadable(let problems):
            problems.map(\.description).joined(separator: "\n")
        }
    }
}

/// Something wrong in a text table, at its place.
public struct TextTableProblem: Sendable, Hashable, CustomStringConvertible {
    /// The file's name.
    public var file: String
    /// The line, from 1.
    public var line: Int
    /// The column, in characters from 1.
    public var column: Int
    /// What is wrong.
    public var what: String
    /// What to do about it.
    public var remedy: String

    /// `file:line:column: what; remedy`.
    public var description: String { "\(file):\(line):\(column): \(what); \(remedy)" }
}
