import CCSVIAnalysis

/// One exam under several definitions, as a person reads it on a terminal.
struct ComparisonText {
    let overview: DefinitionOverview

    init(_ overview: DefinitionOverview) { self.overview = overview }

    /// A column for each definition, then what changes against the first and why.
    var text: String { ([table] + overview.changeWords + [AssessmentText.disclaimer]).joined(separator: "\n") }

    /// A column for each definition.
    var table: String {
        let results = overview.results
        var rows = [["definition"] + results.map(\.definition.id)]
        for criterion in Criterion.allCases {
            let outcomes = results.map { result in
                result.criteria.first { $0.criterion == criterion }?.outcome.words ?? ""
            }
            rows.append([criterion.shortName] + outcomes)
        }
        rows.append(["met, open"] + results.map { "\($0.metCount), \($0.unknownCount)" })
        rows.append(["verdict"] + results.map(\.verdict.rawValue))
        rows.append(["VHISS"] + results.map(\.vhissWords))
        return Self.aligned(rows)
    }

    /// Rows as columns of one width each, without blanks at the ends of the lines.
    private static func aligned(_ rows: [[String]]) -> String {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            let cells = zip(row, widths).map { $0.padding(to: $1) }
            return String(cells.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
        }.joined(separator: "\n")
    }
}
