import CCSVIAnalysis

/// The exam under every published definition, side by side: what changes, and why.
struct DefinitionsSection {
    /// The results; `nil` = the exam holds none, and nothing is placed.
    let overview: DefinitionOverview?

    private static let widths = [96.0, 58, 58, 58, 58, 58, 42, 52, 35.276]
    /// Definitions and lines of changes that are printed; the rest is counted (project choice).
    private static let mostResults = 10, mostLines = 10

    /// Whether there is anything to place.
    var isEmpty: Bool { (overview?.results.count ?? 0) < 2 }

    /// Places the section.
    func place(in flow: PageFlow) {
        guard let overview, !isEmpty else { return }
        let cell = TextStyle.small.lines(2)
        let head = TextStyle.label.bold
        let names = ["definition"] + Criterion.allCases.map(\.shortName) + ["met, open", "verdict", "VHISS"]
        let base = PrintableText.clean(overview.comparedWith, limit: 40)
        flow.heading(
            "The same exam under every published definition",
            note: "\u{25B2} comes to something else than under \(base)", keepingWith: 60)
        Table(
            widths: Self.widths, head: [TableRow(cells: names.map { TableCell($0, head) })],
            rows: overview.results.prefix(Self.mostResults).map { row($0, in: overview, cell) }, paddingY: 1.2
        ).place(in: flow, gap: 3)
        let lines = overview.changeWords
        for line in lines.prefix(Self.mostLines) {
            flow.paragraph("\u{2022} " + line, TextStyle.small.lines(4), gap: 1)
        }
        if lines.count > Self.mostLines {
            flow.paragraph("and \(lines.count - Self.mostLines) more in exam.json", TextStyle.small.quiet, gap: 1)
        }
        flow.skip(6)
    }

    private func row(_ result: DefinitionResult, in overview: DefinitionOverview, _ style: TextStyle) -> TableRow {
        let isOwn = result.definition.id == overview.comparedWith
        var cells = [TableCell(result.definition.id, style.bold, isRowHeader: true)]
        cells += Criterion.allCases.map { criterion in
            guard let outcome = result.criteria.first(where: { $0.criterion == criterion })?.outcome else {
                return TableCell("not given", style.quiet)
            }
            let isChanged = overview.changes.contains {
                $0.criterion == criterion && $0.definition == result.definition.id
            }
            let text = outcome.words + (isChanged ? " \u{25B2}" : "")
            return TableCell(text, (isChanged || outcome == .met ? style.bold : style).inked(outcome.ink))
        }
        cells.append(TableCell("\(result.metCount), \(result.unknownCount)", style))
        cells.append(TableCell(result.verdict.rawValue, style.bold))
        cells.append(TableCell(result.vhissWords, style))
        return TableRow(cells: cells, isTinted: isOwn)
    }
}
