import CCSVIAnalysis

/// An assessment as a person reads it on a terminal.
struct AssessmentText {
    let assessment: Assessment

    init(_ assessment: Assessment) { self.assessment = assessment }

    /// The score in one line.
    var vhissLine: String {
        let score = assessment.vhiss
        let parts = score.parts.map { part in
            "\(part.name) \(part.found)" + (part.unknown > 0 ? " (+\(part.unknown) unknown)" : "")
        }
        let status = score.tableIsVerified ? "" : ", an unverified scoring table: not comparable with published values"
        return "VHISS \(score.words) of 16 (\(parts.joined(separator: ", "))) by \(score.table.id)\(status)"
    }

    /// The verdict, a line for each criterion and the score.
    var summary: String {
        let lines = assessment.criteria.map { finding in
            let name = finding.criterion.shortName
            return
                "  \(name)  \(finding.outcome.words.padding(to: Self.outcomeWidth))  \(finding.criterion.title)"
        }
        return ([assessment.verdictLine] + lines + [vhissLine] + settlingLines + [Self.disclaimer])
            .joined(separator: "\n")
    }

    /// The whole assessment, with rules, evidence and what is open.
    var text: String {
        var lines = [assessment.verdictLine]
        for finding in assessment.criteria {
            let name = finding.criterion.shortName
            lines.append("  \(name)  \(finding.outcome.words.padding(to: Self.outcomeWidth))  \(finding.rule)")
            lines += finding.evidence.map { "        \($0.text)" }
            lines += finding.missing.map { item in
                "        open: \(item.text)" + (item.reason.map { " (\($0))" } ?? "")
            }
        }
        lines += assessment.otherReadings.map { reading in
            "  \(reading.name): \(reading.verdict?.rawValue ?? "not counted")"
        }
        lines.append(vhissLine)
        lines += settlingLines + assessment.warnings.map { "Warning: \($0.words)" } + besideLines
        lines.append(Self.disclaimer)
        return lines.joined(separator: "\n")
    }

    private var settlingLines: [String] { assessment.settling.map { [$0.sentence] } ?? [] }

    /// The azygos vein, other modalities and flow, under a heading; nothing where nothing is known of them.
    private var besideLines: [String] {
        let lines = assessment.beside.lines
        return lines.isEmpty ? [] : ["\(BesideFindings.title):"] + lines.map { "  \($0)" }
    }

    static let disclaimer = "This is a measurement record, not a diagnosis."

    /// Width of the longest outcome, and a blank.
    private static let outcomeWidth = 14
}

extension String {
    /// The text with blanks behind it up to a width.
    func padding(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
