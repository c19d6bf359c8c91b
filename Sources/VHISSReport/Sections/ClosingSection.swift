import CCSVIAnalysis

/// Limitations, output and software, the statement, and the fields to sign.
struct ClosingSection {
    /// The exam.
    let exam: Exam

    /// Limitations and sentences of the statement that are printed; the rest is counted (project choice).
    private static let mostLimitations = 14, mostSentences = 14, mostAlgorithms = 10
    private static let gutter = 14.0
    private static let leftWidth = (PageFlow.width - gutter) * 0.56
    private static let rightWidth = (PageFlow.width - gutter) * 0.44
    private static let item = TextStyle.small.lines(5)

    /// Places the section.
    func place(in flow: PageFlow) {
        placeColumns(in: flow)
        placeStatement(in: flow)
        placeSignature(in: flow)
    }

    // MARK: Limitations and origin

    private func placeColumns(in flow: PageFlow) {
        let left = capped(MissingWords.limitations(exam.limitations), Self.mostLimitations, none: "None noted.")
        let right = origin
        let canvas = flow.canvas
        let headingHeight = canvas.height(of: "X", width: 100, .heading) + 3
        let height =
            headingHeight
            + max(
                listHeight(left, width: Self.leftWidth, canvas), listHeight(right, width: Self.rightWidth, canvas))
        flow.place(height: height, gap: 6) { top in
            drawList("Limitations of this exam", left, x: PageFlow.margin, y: top, width: Self.leftWidth, canvas)
            let x = PageFlow.margin + Self.leftWidth + Self.gutter
            drawList("Output and algorithms", right, x: x, y: top, width: Self.rightWidth, canvas)
        }
    }

    private var origin: [String] {
        var lines = ["MI and TI: \(exam.outputDeclaration) (as declared for the probe; never computed)."]
        lines.append("Doppler chain: \(exam.qualityAssurance).")
        lines += capped(exam.algorithms, Self.mostAlgorithms, none: "No algorithm noted.")
        if let blinding = exam.blinding {
            lines.append("Made blinded under the code \(blinding.code), since \(blinding.since).")
        }
        lines.append("Source of the samples: \(exam.sourceSpecifier). Format: \(exam.schema).")
        return lines
    }

    private func capped(_ lines: [String], _ most: Int, none: String) -> [String] {
        guard !lines.isEmpty else { return [none] }
        let rest = lines.count - most
        return Array(lines.prefix(most)) + (rest > 0 ? ["and \(rest) more in exam.json"] : [])
    }

    private func listHeight(_ lines: [String], width: Double, _ canvas: PDFCanvas) -> Double {
        lines.reduce(0) { $0 + canvas.height(of: $1, width: width - 8, Self.item) + 1 }
    }

    private func drawList(
        _ heading: String, _ lines: [String], x: Double, y: Double, width: Double, _ canvas: PDFCanvas
    ) {
        var y = y
        canvas.tag(.section) { y += canvas.text(heading, x: x, y: y, width: width, .heading) + 3 }
        canvas.tag(.list) {
            for line in lines {
                canvas.tag(.listItem) {
                    canvas.text("\u{2022}", x: x, y: y, width: 8, Self.item)
                    y += canvas.text(line, x: x + 8, y: y, width: width - 8, Self.item) + 1
                }
            }
        }
    }

    // MARK: Statement

    private func placeStatement(in flow: PageFlow) {
        let canvas = flow.canvas
        let sentences = capped(exam.statement, Self.mostSentences, none: "The exam carries no statement.")
        let style = TextStyle.small.lines(6)
        let inner = PageFlow.width - 18
        let headingHeight = canvas.height(of: "X", width: 100, .heading)
        let heights = sentences.map { canvas.height(of: $0, width: inner, style) + 1 }
        let height = heights.reduce(headingHeight + 12, +)
        flow.place(height: height, gap: 4) { top in
            canvas.fill(x: PageFlow.margin, y: top, width: PageFlow.width, height: height, .wash)
            canvas.fill(x: PageFlow.margin, y: top, width: 4, height: height, .accent)
            let x = PageFlow.margin + 11
            canvas.tag(.section) {
                canvas.text("What this exam is, and what it is not", x: x, y: top + 5, width: inner, .heading)
            }
            var y = top + headingHeight + 8
            for (sentence, height) in zip(sentences, heights) {
                canvas.tag(.paragraph) { canvas.text(sentence, x: x, y: y, width: inner, style) }
                y += height
            }
        }
    }

    // MARK: Signature

    private func placeSignature(in flow: PageFlow) {
        let fields: [(label: String, width: Double)] = [
            ("Interpreted by (name, title)", 210), ("Signature", 175), ("Date", PageFlow.width - 385),
        ]
        let canvas = flow.canvas
        flow.place(height: 30) { top in
            var x = PageFlow.margin
            for field in fields {
                let end = x + field.width - 10
                canvas.stroke([(x, top + 20), (end, top + 20)], .text, width: 0.6)
                canvas.tag(.paragraph) { canvas.text(field.label, x: x, y: top + 21.5, width: field.width, .label) }
                x += field.width
            }
        }
    }
}
