import CCSVIAnalysis

/// The title, the exam's identity and the verdict.
struct HeadSection {
    /// The exam.
    let exam: Exam

    private static let padding = 7.0
    /// Other countings that are printed; a definition's source has two at most.
    private static let mostReadings = 3

    /// Places the section.
    func place(in flow: PageFlow) {
        let titleHeight = flow.canvas.height(of: ReportPages.title, width: PageFlow.width, .title)
        flow.place(height: titleHeight, gap: 5) { y in
            flow.canvas.tag(.title) {
                flow.canvas.text(ReportPages.title, x: PageFlow.margin, y: y, width: PageFlow.width, .title)
            }
        }
        placeFields(in: flow)
        placeVerdict(in: flow)
    }

    // MARK: Identity

    private var fields: [[(label: String, value: String)]] {
        [
            [("Exam", exam.examID), ("Subject code", exam.subjectCode), ("Started", exam.startedAt)],
            [("Source", exam.sourceDescription), ("Protocol", exam.protocolName), ("Software", exam.software)],
        ]
    }

    private func placeFields(in flow: PageFlow) {
        let canvas = flow.canvas
        let widths = [PageFlow.width * 0.5, PageFlow.width * 0.22, PageFlow.width * 0.28]
        let value = TextStyle.body.bold.lines(2)
        let labelHeight = canvas.height(of: "Exam", width: 100, .label)
        for row in fields {
            let valueHeight = zip(row, widths).reduce(0) { tallest, item in
                max(tallest, canvas.height(of: Self.shown(item.0.value), width: item.1 - 8, value))
            }
            flow.place(height: labelHeight + valueHeight, gap: 3) { y in
                var x = PageFlow.margin
                for (field, width) in zip(row, widths) {
                    canvas.tag(.paragraph) {
                        canvas.text(field.label, x: x, y: y, width: width - 8, .label)
                        canvas.text(Self.shown(field.value), x: x, y: y + labelHeight, width: width - 8, value)
                    }
                    x += width
                }
            }
        }
        flow.skip(3)
    }

    private static func shown(_ value: String) -> String { value.isEmpty ? "not given" : value }

    // MARK: Verdict

    /// The line that everyone reads: `2 of 5 criteria met, 1 open: positive under zamboni-2009`.
    static func verdictLine(_ assessment: Assessment) -> String {
        var printable = assessment
        printable.definition.id = PrintableText.clean(assessment.definition.id, limit: 60)
        return printable.verdictLine
    }

    /// The verdict by the other countings of the definition's source, as sentences with a space in front.
    private var otherReadings: String {
        exam.assessment.otherReadings.prefix(Self.mostReadings).map { reading in
            " With \(reading.name): \(reading.verdict?.rawValue ?? "this exam is left out")."
        }.joined()
    }

    private func placeVerdict(in flow: PageFlow) {
        let assessment = exam.assessment
        let definition = assessment.definition
        let reason = assessment.verdict.reason(open: assessment.unknownCount)
        var texts: [(String, TextStyle)] = [
            (Self.verdictLine(assessment), .verdict),
            (reason + otherReadings + " The line counts criteria; it names no disease.", .body),
        ]
        if let settling = assessment.settling { texts.append((settling.sentence, TextStyle.body.bold.lines(4))) }
        texts.append(
            (
                "Definition: \(definition.title), version \(definition.version). \(definition.citation)",
                TextStyle.small.quiet.lines(2)
            ))
        let canvas = flow.canvas
        let inner = PageFlow.width - 2 * Self.padding - 4
        let height = texts.reduce(2 * Self.padding) { $0 + canvas.height(of: $1.0, width: inner, $1.1) + 2 } - 2
        flow.place(height: height, gap: 6) { top in
            canvas.fill(x: PageFlow.margin, y: top, width: PageFlow.width, height: height, .wash)
            canvas.fill(x: PageFlow.margin, y: top, width: 4, height: height, .accent)
            var y = top + Self.padding
            for (text, style) in texts {
                canvas.tag(.paragraph) {
                    y += canvas.text(text, x: PageFlow.margin + 4 + Self.padding, y: y, width: inner, style) + 2
                }
            }
        }
    }
}
