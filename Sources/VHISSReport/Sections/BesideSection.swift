import CCSVIAnalysis

/// What stands beside the criteria and is never scored: the azygos vein, other modalities and flow.
struct BesideSection {
    private let beside: BesideFindings

    private static let modalityWidths = [104.0, 86, 128, 132, 65.276]
    private static let flowWidths = [126.0, 46, 46, 44]
    private static let gutter = 12.0
    /// Findings of each kind that are printed; the rest is counted (project choice).
    private static let mostAzygos = 8, mostModalities = 16, mostPlaces = 10

    /// The section of an exam.
    init(exam: Exam) { beside = exam.assessment.beside }

    /// Whether there is anything to place.
    var isEmpty: Bool { beside.lines.isEmpty }

    /// Places the section.
    func place(in flow: PageFlow) {
        guard !isEmpty else { return }
        flow.heading(BesideFindings.title, keepingWith: 40)
        placeAzygos(in: flow)
        placeModalities(in: flow)
        placeFlow(in: flow)
        flow.skip(4)
    }

    // MARK: Azygos vein

    private func placeAzygos(in flow: PageFlow) {
        for item in beside.azygos.prefix(Self.mostAzygos) {
            let source = item.recordingID.map { id in
                " [\(id)" + (item.onsetSeconds.map { ", at \(Figures.fixed($0, 2)) s" } ?? "") + "]"
            }
            flow.paragraph("\u{2022} \(item.text)\(source ?? "")", TextStyle.small.lines(2), gap: 1)
        }
        rest(beside.azygos.count - Self.mostAzygos, in: flow)
        if !beside.azygos.isEmpty { flow.skip(3) }
    }

    private func rest(_ count: Int, in flow: PageFlow) {
        guard count > 0 else { return }
        flow.paragraph("and \(count) more in exam.json", TextStyle.small.quiet, gap: 1)
    }

    // MARK: Other modalities

    private func placeModalities(in flow: PageFlow) {
        guard !beside.modalities.isEmpty else { return }
        let head = TextStyle.label.bold
        let names = [
            "vein, level", "other modality", "its finding; date, report (source)", "ultrasound of this exam",
            "the two",
        ]
        Table(
            widths: Self.modalityWidths, head: [TableRow(cells: names.map { TableCell($0, head) })],
            rows: beside.modalities.prefix(Self.mostModalities).map(row), paddingY: 1.2
        ).place(in: flow, gap: 3)
        rest(beside.modalities.count - Self.mostModalities, in: flow)
        flow.skip(2)
    }

    private func row(_ comparison: ModalityComparison) -> TableRow {
        let style = TextStyle.small.lines(3)
        let finding = comparison.finding
        return TableRow(cells: [
            TableCell(finding.place.capitalisedFirst, style, isRowHeader: true),
            TableCell(finding.modality.words, style),
            TableCell([
                (finding.result, style), (finding.origin, TextStyle.small.quiet.lines(2)),
            ]),
            TableCell(comparison.ultrasound, style),
            TableCell(
                comparison.agreement.words, comparison.agreement == .differs ? style.bold.inked(.met) : style.bold),
        ])
    }

    // MARK: Flow

    /// The flows of one vein and level in both postures.
    private struct FlowRow {
        var name: String
        var byPosture: [Posture: FlowView.Figure] = [:]
    }

    private func placeFlow(in flow: PageFlow) {
        guard !beside.flow.figures.isEmpty || !beside.flow.measures.isEmpty else { return }
        let canvas = flow.canvas
        let table = flowTable
        let tableWidth = Self.flowWidths.reduce(0, +)
        let x = PageFlow.margin + tableWidth + Self.gutter
        let width = PageFlow.width - tableWidth - Self.gutter
        let texts = measureTexts
        let textHeight = texts.reduce(0) { $0 + canvas.height(of: $1.text, width: width, $1.style) + $1.gap }
        flow.place(height: max(table.height(canvas), textHeight), gap: 3) { top in
            table.draw(on: canvas, x: PageFlow.margin, y: top)
            var y = top
            for text in texts {
                canvas.tag(.paragraph) {
                    y += canvas.text(text.text, x: x, y: y, width: width, text.style) + text.gap
                }
            }
        }
    }

    private var flowTable: Table {
        let head = TextStyle.label.bold
        let number = head.aligned(.right)
        let style = TextStyle.small.lines(2)
        let rows = flowRows.prefix(Self.mostPlaces).map { row in
            TableRow(
                cells: [TableCell(row.name.capitalisedFirst, style, isRowHeader: true)]
                    + Posture.allCases.map { posture in
                        guard let figure = row.byPosture[posture] else {
                            return TableCell("not known", style.quiet.aligned(.right))
                        }
                        return TableCell(FlowView.words(figure.mlPerMin), style.aligned(.right))
                    }
                    + [TableCell(methods(row), TextStyle.label.lines(3))])
        }
        return Table(
            widths: Self.flowWidths,
            head: [
                TableRow(cells: [
                    TableCell("flow, mL/min", head), TableCell("supine", number), TableCell("sitting", number),
                    TableCell("method", head),
                ])
            ], rows: Array(rows), paddingY: 1.05)
    }

    private var flowRows: [FlowRow] {
        var order: [String] = []
        var rows: [String: FlowRow] = [:]
        for figure in beside.flow.figures {
            guard let posture = Posture.allCases.first(where: { figure.siteID.hasSuffix(".\($0.rawValue)") }) else {
                continue
            }
            let place = String(figure.siteID.dropLast(posture.rawValue.count + 1))
            let ending = ", \(posture.rawValue)"
            let name = figure.name.hasSuffix(ending) ? String(figure.name.dropLast(ending.count)) : figure.name
            if rows[place] == nil { order.append(place) }
            rows[place, default: FlowRow(name: name)].byPosture[posture] = figure
        }
        return order.sorted { Self.rank($0) < Self.rank($1) }.compactMap { rows[$0] }
    }

    /// Orders places as the map of findings does: jugular before vertebral veins, right before left, J3 before J1.
    private static func rank(_ place: String) -> String {
        let parts = place.split(separator: ".")
        let vein = parts.first == Substring(Vein.internalJugular.code) ? "0" : "1" + (parts.first ?? "")
        let side = parts.dropFirst().first == Substring(Side.right.rawValue) ? "0" : "1"
        let level = JugularLevel.allCases.firstIndex { Substring($0.rawValue) == parts.dropFirst(2).first }
        return vein + side + "\(JugularLevel.allCases.count - (level ?? 0))"
    }

    private func methods(_ row: FlowRow) -> String {
        var words: [String] = []
        for posture in Posture.allCases {
            guard let method = row.byPosture[posture]?.method else { continue }
            let short = method == .areaTimesVelocity ? "area \u{00D7} mean" : method.words
            if !words.contains(short) { words.append(short) }
        }
        return words.joined(separator: ", ")
    }

    private var measureTexts: [(text: String, style: TextStyle, gap: Double)] {
        let small = TextStyle.small.lines(4)
        var texts: [(text: String, style: TextStyle, gap: Double)] = beside.flow.totals.map { total in
            let value =
                total.mlPerMin == nil
                ? "not known, missing: "
                    + MissingWords.joinedNames(total.missing).joined(separator: "; ") : total.valueWords
            return ("\(total.name.capitalisedFirst): \(value).", small, 3)
        }
        for measure in beside.flow.measures {
            texts.append(("\(measure.name.capitalisedFirst): \(measure.valueWords)", small.bold, 0))
            texts.append(("Published: \(measure.cutOff). \(measure.citation).", TextStyle.small.quiet.lines(4), 3))
        }
        texts.append(("Area \u{00D7} mean: area times mean velocity of the gate.", TextStyle.label.lines(2), 0))
        return texts
    }
}
