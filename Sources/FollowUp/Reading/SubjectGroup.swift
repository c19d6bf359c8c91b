internal import CohortStatistics

/// The group of a subject, which readers never see.
public enum SubjectGroup: String, Sendable, Hashable, Codable, CaseIterable {
    case `case`, control

    /// Reads groups from comma-separated text: columns subject and group.
    ///
    /// - Throws: `tableNotReadable` with everything that was found.
    public static func groups(_ text: String, file: String) throws(FollowUpError) -> [String: SubjectGroup] {
        try read(text, file: file, columns: ["subject", "group"]) { table, cells, problems in
            guard let group = SubjectGroup(rawValue: cells[1].text) else {
                problems.append(table.problem(at: cells[1], "`group` is `\(cells[1].text)`", "use case or control"))
                return nil
            }
            return group
        }
    }

    /// Reads subject codes from comma-separated text with the one column subject.
    ///
    /// - Throws: `tableNotReadable` with everything that was found; a file with more columns is refused, because a
    ///   reading study must not hold anything else of a subject.
    public static func codes(_ text: String, file: String) throws(FollowUpError) -> [String] {
        try read(text, file: file, columns: ["subject"]) { _, _, _ in true }.keys.sorted()
    }

    private static func read<Value>(
        _ text: String, file: String, columns names: [String],
        _ value: (TextTable, [TextTable.Cell], inout [TextTableProblem]) -> Value?
    ) throws(FollowUpError) -> [String: Value] {
        do throws(CohortError) {
            let table = try TextTable(text, file: file)
            let columns = try table.columns(required: names)
            var problems: [TextTableProblem] = []
            var found: [String: Value] = [:]
            for row in table.rows {
                let cells = names.compactMap { columns[$0] }.map { row[$0] }
                guard let subject = cells.first, let value = value(table, cells, &problems) else { continue }
                if found.updateValue(value, forKey: subject.text) != nil {
                    problems.append(table.problem(at: subject, "`\(subject.text)` stands twice", "keep one row"))
                }
            }
            try TextTable.fail(problems)
            return found
        } catch {
            guard case .tableNotReadable(let problems) = error else {
                throw .reading(what: error.description, remedy: "correct the file")
            }
            throw .tableNotReadable(problems)
        }
    }
}
