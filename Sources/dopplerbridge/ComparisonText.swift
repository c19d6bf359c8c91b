import CCSVIAnalysis

/// One exam under several definitions, as a person reads it on a terminal.
struct ComparisonText {
    let comparison: DefinitionComparison

    init(_ comparison: DefinitionComparison) { self.comparison = comparison }

    /// A column for each definition, then what changes against the first and why.
    var text: String {
        ([table] + [changes] + notes + [AssessmentText.disclaimer]).joined(separator: "\n")
    }

    private var table: String {
        let assessments = comparison.assessments
        var rows = [["definition"] + assessments.map(\.definition.id)]
        for criterion in Criterion.allCases {
            let outcomes = assessments.map { assessment in
                assessment.criteria.first { $0.criterion == criterion }.map { AssessmentText.words($0.outcome) } ?? ""
            }
            rows.append([criterion.rawValue.uppercased()] + outcomes)
        }
        rows.append(["met, open"] + assessments.map { "\($0.metCount), \($0.unknownCount)" })
        rows.append(["verdict"] + assessments.map(\.verdict.rawValue))
        rows.append(["VHISS"] + assessments.map { AssessmentText.words($0.vhiss) })
        return Self.aligned(rows)
    }

    private var changes: String {
        let base = comparison.comparedWith
        guard !comparison.changes.isEmpty else { return "No criterion changes against \(base)." }
        let lines = comparison.changes.flatMap { change in
            [
                "  \(change.criterion.rawValue.uppercased()) under \(change.definition): "
                    + "\(AssessmentText.words(change.outcome)) instead of \(AssessmentText.words(change.comparedOutcome)), because"
            ]
                + change.because.map { cause in
                    "      \(cause.parameter): \(cause.value); \(base): \(cause.comparedValue) [\(cause.source)]"
                }
        }
        return (["What changes against \(base):"] + lines).joined(separator: "\n")
    }

    private var notes: [String] {
        comparison.assessments.flatMap { assessment in
            assessment.otherReadings.map { reading in
                let verdict = reading.verdict?.rawValue ?? "not counted"
                return "\(assessment.definition.id), \(reading.name): \(verdict)"
            }
        }
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
