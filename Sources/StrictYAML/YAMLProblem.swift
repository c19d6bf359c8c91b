/// Something wrong in a YAML file, at its place.
public struct YAMLProblem: Sendable, Hashable {
    /// The file's name as it was given.
    public var file: String
    /// Line, from 1.
    public var line: Int
    /// Column, from 1.
    public var column: Int
    /// What is wrong, and what is allowed.
    public var what: String

    /// A problem from its fields.
    public init(file: String, line: Int, column: Int, what: String) {
        self.file = file
        self.line = line
        self.column = column
        self.what = what
    }
}

extension YAMLProblem: CustomStringConvertible {
    /// `file:line:column: what`.
    public var description: String { "\(file):\(line):\(column): \(what)" }
}

/// Everything that is wrong in a YAML file, found in one reading.
public struct YAMLProblems: Error, Sendable, Hashable, CustomStringConvertible {
    /// The problems in the order in which they were found; at least one.
    public var problems: [YAMLProblem]

    /// Problems from a list.
    public init(_ problems: [YAMLProblem]) { self.problems = problems }

    /// One line for each problem.
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// Collects what is wrong while a file is read, so that one reading reports everything.
public final class YAMLLog {
    /// What was found so far.
    public private(set) var problems: [YAMLProblem] = []

    /// An empty log.
    public init() {}

    /// Notes a problem at the place of a value.
    public func note(_ what: String, at value: YAMLValue) {
        problems.append(YAMLProblem(file: value.file, line: value.line, column: value.column, what: what))
    }

    /// Throws everything that was noted, if anything was.
    public func throwIfAny() throws(YAMLProblems) {
        guard problems.isEmpty else { throw YAMLProblems(problems) }
    }
}
