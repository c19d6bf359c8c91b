/// A strict table of comma-separated text (RFC 4180) whose cells know their place.
package struct TextTable {
    /// A cell's text and place.
    package struct Cell: Hashable {
        package var text: String
        package var line: Int
        package var column: Int
    }

    /// The file's name, for problems.
    package let file: String
    /// The first row: the columns' names.
    package let header: [Cell]
    /// The other rows; each has as many cells as the header.
    package let rows: [[Cell]]

    /// The most rows (project choice: ten times the readings of the largest study).
    private static let mostRows = 1_000_000
    /// The most problems that are listed (project choice: more would hide the first one).
    private static let mostProblems = 20

    /// Reads a table; lines that begin with `#` are comments, empty lines are skipped.
    package init(_ text: String, file: String) throws(CohortError) {
        self.file = file
        var reader = TextTableReader(text, file: file)
        var rows = try reader.rows(atMost: Self.mostRows)
        guard !rows.isEmpty else {
            throw .tableNotReadable([
                TextTableProblem(
                    file: file, line: 1, column: 1, what: "there is no row", remedy: "begin with the columns' names")
            ])
        }
        header = rows.removeFirst()
        self.rows = rows
        var problems: [TextTableProblem] = []
        for (index, cell) in header.enumerated()
        where header.prefix(index).contains(where: { $0.text == cell.text }) {
            problems.append(problem(at: cell, "column `\(cell.text)` stands twice", "keep one"))
        }
        for row in rows where row.count != header.count {
            guard let place = row.last else { continue }
            problems.append(
                problem(
                    at: place, "\(row.count) cells, but there are \(header.count) columns",
                    "quote cells that hold a comma"))
        }
        try Self.fail(problems)
    }

    /// A problem at a cell.
    package func problem(at cell: Cell, _ what: String, _ remedy: String) -> TextTableProblem {
        TextTableProblem(file: file, line: cell.line, column: cell.column, what: what, remedy: remedy)
    }

    /// Throws what was found, if anything.
    package static func fail(_ problems: [TextTableProblem]) throws(CohortError) {
        guard problems.isEmpty else { throw .tableNotReadable(Array(problems.prefix(mostProblems))) }
    }

    /// The places of columns: all of `required`, some of `optional`, and no other unless `others` are allowed.
    package func columns(
        required: [String], optional: [String] = [], allowsOthers: Bool = false
    ) throws(CohortError) -> [String: Int] {
        var problems: [TextTableProblem] = []
        var places: [String: Int] = [:]
        for (index, cell) in header.enumerated() {
            places[cell.text] = index
            if !allowsOthers, !required.contains(cell.text), !optional.contains(cell.text) {
                let known = (required + optional).joined(separator: ", ")
                problems.append(problem(at: cell, "column `\(cell.text)` is not known", "known are \(known)"))
            }
        }
        for name in required where places[name] == nil {
            guard let first = header.first else { continue }
            problems.append(problem(at: first, "there is no column `\(name)`", "add it"))
        }
        try Self.fail(problems)
        return places
    }
}
