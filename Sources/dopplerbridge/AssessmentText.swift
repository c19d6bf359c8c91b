import CCSVIAnalysis

/// An assessment as a person reads it on a terminal.
struct AssessmentText {
    let assessment: Assessment

    init(_ assessment: Assessment) { self.assessment = assessment }

    /// The verdict in one line: `2 of 5 criteria met, none open: positive under zamboni-2009`.
    var verdictLine: String {
        let open = assessment.unknownCount == 0 ? "none open" : "\(assessment.unknownCount) open"
        return "\(assessment.metCount) of 5 criteria met, \(open): \(assessment.verdict.rawValue) "
            + "under \(assessment.definition.id)"
    }

    /// The score in one line.
    var vhissLine: String {
        let score = assessment.vhiss
        let parts = score.parts.map { part in
            "\(part.name) \(part.found)" + (part.unknown > 0 ? " (+\(part.unknown) unknown)" : "")
        }
        let status = score.tableIsVerified ? "" : ", an unverified scoring table: not comparable with published values"
        return "VHISS \(Self.words(score)) of 16 (\(parts.joined(separator: ", "))) by \(score.table.id)\(status)"
    }

    /// The verdict, a line for each criterion and the score.
    var summary: String {
        let lines = assessment.criteria.map { finding in
            let name = finding.criterion.rawValue.uppercased()
            return
                "  \(name)  \(Self.words(finding.outcome).padding(to: Self.outcomeWidth))  \(Self.title(finding.criterion))"
        }
        return ([verdictLine] + lines + [vhissLine, Self.disclaimer]).joined(separator: "\n")
    }

    /// The whole assessment, with rules, evidence and what is open.
    var text: String {
        var lines = [verdictLine]
        for finding in assessment.criteria {
            let name = finding.criterion.rawValue.uppercased()
            lines.append("  \(name)  \(Self.words(finding.outcome).padding(to: Self.outcomeWidth))  \(finding.rule)")
            lines += finding.evidence.map { "        \($0.text)" }
            lines += finding.missing.map { item in
                "        open: \(item.text)" + (item.reason.map { " (\($0))" } ?? "")
            }
        }
        lines += assessment.otherReadings.map { reading in
            "  \(reading.name): \(reading.verdict?.rawValue ?? "not counted")"
        }
        lines.append(vhissLine)
        lines.append(Self.disclaimer)
        return lines.joined(separator: "\n")
    }

    static let disclaimer = "This is a measurement record, not a diagnosis."

    private static func title(_ criterion: Criterion) -> String {
        switch criterion {
        case .c1: "reflux in the internal jugular or vertebral veins"
        case .c2: "reflux in the deep cerebral veins"
        case .c3: "stenosis of an internal jugular vein"
        case .c4: "flow not detectable in the internal jugular or vertebral veins"
        case .c5: "jugular area larger sitting than supine"
        }
    }

    /// Width of the longest outcome, and a blank.
    private static let outcomeWidth = 14

    /// An outcome in words: `not met`.
    static func words(_ outcome: CriterionOutcome) -> String {
        switch outcome {
        case .met: "met"
        case .notMet: "not met"
        case .notExamined: "not examined"
        case .notAssessable: "not assessable"
        }
    }

    /// A score's number, or its interval: `2 to 6`.
    static func words(_ score: VHISSScore) -> String {
        score.value.map { "\($0)" } ?? "\(score.low) to \(score.high)"
    }
}

extension String {
    /// The text with blanks behind it up to a width.
    func padding(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
