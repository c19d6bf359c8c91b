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
        return ([verdictLine] + lines + [vhissLine] + settlingLines + [Self.disclaimer]).joined(separator: "\n")
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
        lines += settlingLines + assessment.warnings.map { "Warning: \($0.text) [\($0.source)]" } + besideLines
        lines.append(Self.disclaimer)
        return lines.joined(separator: "\n")
    }

    private var settlingLines: [String] { assessment.settling.map { [$0.sentence] } ?? [] }

    /// The azygos vein, other modalities and flow, under a heading; nothing where nothing is known of them.
    private var besideLines: [String] {
        let beside = assessment.beside
        let lines =
            beside.azygos.map(\.text) + beside.modalities.map(\.line) + beside.flow.figures.map(\.line)
            + (beside.flow.figures.isEmpty ? [] : beside.flow.totals.map(\.line)) + beside.flow.measures.map(\.line)
        return lines.isEmpty ? [] : ["Beside the criteria, never scored:"] + lines.map { "  \($0)" }
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

extension ModalityComparison {
    /// The finding, what ultrasound says and whether they agree, in one line.
    fileprivate var line: String {
        let agreement =
            switch agreement {
            case .agrees: "agree"
            case .differs: "differ"
            case .notComparable: "not comparable"
            }
        return "\(finding.place): \(finding.words); ultrasound: \(ultrasound): \(agreement)"
    }
}

extension FlowView.Figure {
    fileprivate var line: String { "\(name): \(wholeText(mlPerMin)) mL/min (\(method.words))" }
}

extension FlowView.Total {
    fileprivate var line: String {
        let value =
            mlPerMin.map { "\(wholeText($0)) mL/min" } ?? "not known, missing: \(missing.joined(separator: "; "))"
        return "outflow of jugular and vertebral veins, \(posture.rawValue): \(value)"
    }
}

extension FlowView.Measure {
    fileprivate var line: String {
        let hundredths = 100.0
        let blank = unit.isEmpty ? "" : " "
        let number = value.map { " \(($0 * hundredths).rounded() / hundredths)\(blank)\(unit)," } ?? ""
        return "\(name):\(number) \(reading) (\(cutOff); \(citation))"
    }
}

/// A number without decimals; one that is far too large keeps its own words.
private func wholeText(_ value: Double) -> String { Int(exactly: value.rounded()).map { "\($0)" } ?? "\(value)" }
