import CCSVIAnalysis

/// The severity score: value or interval, and the raw counts that stand whatever the weights are.
struct SeveritySection {
    /// The score.
    let score: VHISSScore

    private static let leftWidth = 152.0
    /// More parts than this are not laid out; a table has four or five.
    private static let mostParts = 8

    /// Places the section.
    func place(in flow: PageFlow) {
        let table = Table(
            widths: [50, 193.276, 28, 34, 28, 30], head: [head], rows: score.parts.prefix(Self.mostParts).map(row),
            paddingY: 1.2)
        let texts = leftTexts
        let canvas = flow.canvas
        let leftHeight = texts.reduce(0) { $0 + canvas.height(of: $1.text, width: Self.leftWidth - 10, $1.style) + 1 }
        flow.heading(
            "Severity score (VHISS)", note: "venous haemodynamic insufficiency severity score, 0 to 16",
            keepingWith: max(leftHeight, table.height(canvas)))
        flow.place(height: max(leftHeight, table.height(canvas)), gap: 2) { top in
            var y = top
            for text in texts {
                canvas.tag(.paragraph) {
                    y += canvas.text(text.text, x: PageFlow.margin, y: y, width: Self.leftWidth - 10, text.style) + 1
                }
            }
            table.draw(on: canvas, x: PageFlow.margin + Self.leftWidth, y: top)
        }
        flow.paragraph(provenance, TextStyle.small.quiet.lines(4), gap: 5)
    }

    private var provenance: String {
        "Table \(score.table.id), version \(score.table.version): \(score.table.title). \(score.table.citation)"
    }

    private var leftTexts: [(text: String, style: TextStyle)] {
        let value = score.value.map { "\($0)" } ?? "\(score.low) to \(score.high)"
        let kind = score.value == nil ? "of 16: an interval, because cells are unknown" : "of 16"
        var texts: [(text: String, style: TextStyle)] = [
            ("VHISS \(value)", TextStyle(size: 13, isBold: true)),
            (kind, .small),
        ]
        if !score.tableIsVerified {
            texts.append(
                (
                    "Unverified scoring table, not comparable with published values.",
                    TextStyle.body.bold.inked(.open).lines(2)
                ))
        }
        return texts
    }

    private var head: TableRow {
        let style = TextStyle.label.bold
        let number = style.aligned(.right)
        return TableRow(cells: [
            TableCell("part", style), TableCell("what it counts", style), TableCell("found", number),
            TableCell("unknown", number), TableCell("points", number), TableCell("at most", number),
        ])
    }

    private func row(_ part: VHISSPart) -> TableRow {
        let number = TextStyle.body.aligned(.right).lines(1)
        var cells = [
            TableCell(part.name, TextStyle.body.bold.lines(1), isRowHeader: true),
            TableCell(part.counts, .small.lines(2)),
        ]
        cells.append(TableCell("\(part.found)", number.bold))
        cells.append(TableCell("\(part.unknown)", part.unknown > 0 ? number.bold.inked(.open) : number))
        cells.append(TableCell("\u{D7} \(part.pointsEach)", number))
        cells.append(TableCell("\(part.atMost)", number))
        return TableRow(cells: cells)
    }
}
