import CCSVIAnalysis

/// The findings by vein and posture as one table, with what the areas say below it.
struct VeinMapSection {
    private let exam: Exam
    private let map: VeinMap

    private static let placeWidth = 109.276
    private static let postureWidths = [34.0, 79.0, 42.0, 48.0]
    private static let cellStyle = TextStyle.small.lines(1)
    private static let notApplicable = "\u{2014}"
    /// Defects and reasons that are named; the rest is counted (project choice).
    private static let mostNamed = 6

    /// The section of an exam.
    init(exam: Exam) {
        self.exam = exam
        map = VeinMap(exam)
    }

    /// Places the section.
    func place(in flow: PageFlow) {
        flow.heading(
            "Findings by vein and posture",
            note: "flow: normal or reversed outside reflux · "
                + "\u{25B2} over \(EvidenceOrder.neckThresholdSeconds) s (neck), "
                + "\(EvidenceOrder.skullThresholdSeconds) s (skull), quiet breathing · \u{00D7}n: longest of n · "
                + "tinted: left · \u{2014} n/a",
            keepingWith: 60)
        let widths = [Self.placeWidth] + Self.postureWidths + Self.postureWidths
        Table(widths: widths, head: head, rows: rows, paddingY: 0.85).place(in: flow, gap: 3)
        for line in noteLines { flow.paragraph(line, TextStyle.small.lines(2), gap: 1.5) }
        flow.skip(4)
    }

    private var head: [TableRow] {
        let style = TextStyle.label.bold
        let figures = ["flow", "reflux, s", "mean, cm/s", "area, mm²"].map { TableCell($0, style) }
        return [
            TableRow(cells: [
                TableCell("", style), TableCell("supine (0°)", style.inked(.accent), span: 4),
                TableCell("sitting (90°)", style.inked(.accent), span: 4),
            ]),
            TableRow(cells: [TableCell("vein, level", style)] + figures + figures),
        ]
    }

    private var rows: [TableRow] {
        var rows = map.places.map { place in
            TableRow(
                cells: [TableCell(place.name.capitalisedFirst, Self.cellStyle, isRowHeader: true)]
                    + cells(place, .supine) + cells(place, .sitting),
                isTinted: place.side == .left)
        }
        if !map.hasIntracranial {
            let label = TableCell("Veins in the skull", Self.cellStyle, isRowHeader: true)
            let none = TableCell("not examined", Self.cellStyle.quiet, span: 4)
            rows.append(TableRow(cells: [label, none, none]))
        }
        return rows
    }

    // MARK: Cells of one posture

    private func cells(_ place: VeinMap.Place, _ posture: Posture) -> [TableCell] {
        let style = Self.cellStyle
        // Where no area belongs to the vein, the reason may take that column too.
        if place.vein != .internalJugular, case .notAssessable(let reason) = map.cell(place, posture) {
            return [TableCell("not assessable: \(reason)", style.inked(.open), span: 4)]
        }
        let flow: [TableCell]
        switch map.cell(place, posture) {
        case .notExamined:
            flow = [TableCell("not examined", style.quiet, span: 3)]
        case .notPlanned:
            flow = [TableCell(Self.notApplicable, style.quiet, span: 3)]
        case .notAssessable(let reason):
            flow = [TableCell("not assessable: \(reason)", style.inked(.open), span: 3)]
        case .absent:
            flow = [TableCell("absent", style.bold.inked(.met), span: 3)]
        case .absenceUnproven:
            flow = [TableCell("not assessable: no flow, conditions unmet", style.inked(.open), span: 3)]
        case .present(let observation):
            flow = [
                directionCell(observation), refluxCell(observation),
                TableCell(meanText(observation), style),
            ]
        }
        return flow + [areaCell(place, posture)]
    }

    /// The direction outside reflux against what is normal for the vein and window, or that there is flow.
    private func directionCell(_ observation: VeinObservation) -> TableCell {
        let style = Self.cellStyle
        guard let direction = observation.direction else { return TableCell("present", style) }
        let recording = exam.recordings.first { $0.recordingID == observation.recordingID }
        guard let normal = recording?.normalDirection else { return TableCell(direction.rawValue, style) }
        return direction == normal ? TableCell("normal", style) : TableCell("reversed", style.bold.inked(.met))
    }

    private func refluxCell(_ observation: VeinObservation) -> TableCell {
        let style = Self.cellStyle
        let quiet = observation.refluxes.filter { $0.manoeuvre == .quietBreathing }
        guard let longest = quiet.max(by: { $0.durationSeconds < $1.durationSeconds }) else {
            let others = observation.refluxes.max { $0.durationSeconds < $1.durationSeconds }
            guard let others else { return TableCell("none", style) }
            return TableCell("\(others.manoeuvre.words) \(Figures.fixed(others.durationSeconds, 2))", style)
        }
        let text = Figures.durationFigure(longest) + " \u{00D7}\(quiet.count)"
        guard longest.durationSeconds > EvidenceOrder.thresholdSeconds(observation.site.vein) else {
            return TableCell(text, style)
        }
        return TableCell(text + " \u{25B2}", style.bold.inked(.met))
    }

    private func meanText(_ observation: VeinObservation) -> String {
        observation.meanVelocityCmPerS.map { Figures.fixed($0, 1) } ?? "not meas."
    }

    private func areaCell(_ place: VeinMap.Place, _ posture: Posture) -> TableCell {
        let style = Self.cellStyle
        guard place.vein == .internalJugular else { return TableCell(Self.notApplicable, style.quiet) }
        guard let area = map.area(place, posture), area.status != .notExamined else {
            let isAsked = map.areaMayBePlanned(place, posture) || map.area(place, posture) != nil
            return TableCell(isAsked ? "not examined" : Self.notApplicable, style.quiet)
        }
        guard area.status == .examined, let figure = area.areaMm2 else {
            return TableCell("not assessable", style.inked(.open))
        }
        return TableCell(Figures.short(figure, 1), style)
    }

    // MARK: Notes

    private var noteLines: [String] {
        var lines = [differences + windows]
        let unknown = exam.measurements.observations.filter { $0.directionReason != nil }
        if !unknown.isEmpty {
            let named = unknown.prefix(Self.mostNamed).map {
                "\(VeinMap.Place($0.site).name) \($0.site.posture.rawValue) (\($0.directionReason ?? ""))"
            }
            lines.append("Direction not assessable: " + list(named, of: unknown.count) + ".")
        }
        let areas = map.areasNotAssessable
        if !areas.isEmpty {
            let named = areas.prefix(Self.mostNamed).map { area in
                "\(area.side.rawValue) \(area.level.rawValue.uppercased()) \(area.posture.rawValue) "
                    + "(\(area.reason ?? "no reason recorded"))"
            }
            lines.append("Areas not assessable: " + list(named, of: areas.count) + ".")
        }
        return lines
    }

    private var windows: String {
        map.hasIntracranial ? " Skull: temporal window unless another is named." : ""
    }

    private var differences: String {
        let sides = [Side.right, .left].map { side in
            let figure = map.areaDifferenceMm2(side).map {
                ($0 > 0 ? "+" : "") + Figures.short($0, 1) + " mm²"
            }
            return "\(side.rawValue) \(figure ?? "not known")"
        }
        return "Area supine minus sitting at J2: \(sides.joined(separator: ", "))."
    }

    private func list(_ named: [String], of count: Int) -> String {
        let rest = count - named.count
        return named.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
    }
}
