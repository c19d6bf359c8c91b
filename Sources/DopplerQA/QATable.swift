/// The results as a table for people.
public enum QATable {
    /// Clause, figure, limit and pass, one line for each figure.
    public static func text(_ results: [ClauseResult]) -> String {
        var rows = [["clause", "figure", "measured", "limit", ""]]
        for result in results {
            if let reason = result.reason {
                rows.append([result.clause, reason, "-", "", result.state.rawValue])
            }
            for (index, figure) in result.figures.enumerated() {
                let name = figure.note.map { "\(figure.name) (\($0))" } ?? figure.name
                rows.append([
                    index == 0 ? result.clause : "", name, measured(figure), limit(figure),
                    figure.bound == .shown ? "" : figure.isWithin ? "pass" : "FAIL",
                ])
            }
        }
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = zip(row, widths).map { $0 + String(repeating: " ", count: max(0, $1 - $0.count)) }
            return String(cells.joined(separator: "  ").trimmingSuffix(while: { $0 == " " }))
        }.joined(separator: "\n")
    }

    /// The same as Markdown, a clause a row, with the published figures beside it.
    public static func markdown(_ results: [ClauseResult]) -> String {
        var rows = ["| clause | measured | limit | | published |", "| --- | --- | --- | --- | --- |"]
        for result in results {
            let figures = result.figures.map { figure in
                let mark = figure.isWithin ? "" : " (beyond the limit of \(limit(figure)))"
                return "\(figure.name): \(measured(figure))\(mark)"
            }
            let cells = [
                "`\(result.clause)`", result.reason ?? figures.joined(separator: "; "), result.limit,
                result.state == .passed ? "pass" : result.state.rawValue,
                PublishedFigures.sentence(for: result.clause) ?? "none found",
            ]
            rows.append("| \(cells.joined(separator: " | ")) |")
        }
        return rows.joined(separator: "\n")
    }

    /// A number with three digits that count.
    public static func number(_ value: Double) -> String {
        guard value.isFinite else { return "-" }
        let size = abs(value)
        if value == value.rounded(), size < 1e6 { return String(Int(value)) }
        let factor = size >= 100 ? 1.0 : size >= 10 ? 10 : size >= 0.1 ? 100 : 1000
        let scaled = (value * factor).rounded() / factor
        return scaled == scaled.rounded() && size < 1e15 ? String(Int(scaled)) : String(scaled)
    }

    private static func measured(_ figure: ClauseFigure) -> String {
        guard let value = figure.value else { return "not measured" }
        return figure.unit.isEmpty ? number(value) : "\(number(value)) \(figure.unit)"
    }

    private static func limit(_ figure: ClauseFigure) -> String {
        guard let limit = figure.limit else { return "" }
        let text = figure.unit.isEmpty ? number(limit) : "\(number(limit)) \(figure.unit)"
        return figure.bound == .atLeast ? "at least \(text)" : "at most \(text)"
    }
}

extension StringProtocol {
    /// Without the characters at the end that hold to a condition.
    fileprivate func trimmingSuffix(while holds: (Character) -> Bool) -> SubSequence {
        var end = endIndex
        while end > startIndex, holds(self[index(before: end)]) { end = index(before: end) }
        return self[startIndex..<end]
    }
}
