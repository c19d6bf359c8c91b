import CCSVIAnalysis

/// The criteria as a table: outcome, rule with source, and what the outcome rests on.
struct CriteriaSection {
    private let assessment: Assessment
    private let words: EvidenceWords

    private static let widths = [76.0, 215.0, 224.276]
    /// Groups of missing items that are printed for each criterion (project choice).
    private static let mostMissing = 6
    /// Project choices that are named, and the most scalars of them that are printed in full (project choice).
    private static let mostChoices = 10, longestChoices = 130
    /// More findings than this are not laid out; a definition has five.
    private static let mostFindings = 10

    /// The section of an exam.
    init(exam: Exam) {
        assessment = exam.assessment
        words = EvidenceWords(exam)
    }

    /// Places the section.
    func place(in flow: PageFlow) {
        flow.heading(
            "Criteria", note: "\u{25C6} project choice: the source is silent; the reading is in exam.json",
            keepingWith: 80)
        let head = TextStyle.label.bold
        Table(
            widths: Self.widths,
            head: [
                TableRow(cells: [
                    TableCell("outcome", head), TableCell("criterion, rule and source", head),
                    TableCell("evidence [recording, onset], what is missing, known objection", head),
                ])
            ],
            rows: assessment.criteria.prefix(Self.mostFindings).map(row), paddingY: 1.8
        ).place(in: flow, gap: 5)
    }

    private func row(_ finding: CriterionFinding) -> TableRow {
        let outcome = finding.outcome
        var outcomeCell = TableCell(
            [
                (finding.criterion.shortName, TextStyle.small.bold),
                (outcome.words, TextStyle.body.bold.inked(outcome.ink).lines(2)),
            ], sign: CriterionOutcomeSign(outcome: outcome))
        outcomeCell.isRowHeader = true
        return TableRow(
            cells: [outcomeCell, TableCell(ruleTexts(finding)), TableCell(evidenceTexts(finding))],
            isTinted: outcome == .met)
    }

    // MARK: Rule

    private func ruleTexts(_ finding: CriterionFinding) -> [(text: String, style: TextStyle)] {
        var texts: [(text: String, style: TextStyle)] = [
            (finding.criterion.title, TextStyle.body.bold.lines(2)),
            (finding.rule, TextStyle.small.lines(4)),
            ("Source: \(finding.source)", TextStyle.small.quiet.lines(3)),
        ]
        if let choices = choices(finding) {
            texts.append(("\u{25C6} \(choices)", TextStyle.small.lines(3)))
        }
        return texts
    }

    /// The project's own choices: in full when short, else by the names before their colons.
    private func choices(_ finding: CriterionFinding) -> String? {
        let choices = finding.projectChoices
        guard !choices.isEmpty else { return nil }
        let full = choices.prefix(Self.mostChoices).joined(separator: "; ")
        if choices.count <= Self.mostChoices, full.unicodeScalars.count <= Self.longestChoices { return full }
        let names = choices.prefix(Self.mostChoices).map { $0.split(separator: ":").first.map(String.init) ?? $0 }
        let rest = choices.count - names.count
        return names.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
    }

    // MARK: Evidence

    private func evidenceTexts(_ finding: CriterionFinding) -> [(text: String, style: TextStyle)] {
        let (lines, more) = words.lines(of: finding)
        var texts: [(text: String, style: TextStyle)] = lines.map { ("\u{2022} " + $0, TextStyle.small.lines(3)) }
        if more > 0 { texts.append(("and \(more) more in exam.json", TextStyle.small.quiet)) }
        if texts.isEmpty && finding.missing.isEmpty {
            texts.append(("Every planned step was examined; nothing was found.", TextStyle.small.quiet))
        }
        let open = TextStyle.small.inked(.open).lines(5)
        for status in [ExaminationStatus.notExamined, .notAssessable] {
            let items = finding.missing.filter { $0.status == status }
            guard !items.isEmpty else { continue }
            let label = status == .notExamined ? "Not examined" : "Not assessable"
            let groups = MissingWords.groups(items)
            let list = groups.prefix(Self.mostMissing).joined(separator: "; ")
            let tail = groups.count > Self.mostMissing ? "; and more in exam.json" : ""
            texts.append(("\(label) (\(items.count)): \(list)\(tail)", open))
        }
        texts.append(("Known objection: \(finding.criterion.objection)", TextStyle.small.quiet.lines(2)))
        return texts
    }
}
