import CCSVIAnalysis

/// What the jugular lumens showed, as a coded list, and where areas come from that were measured in pictures.
struct LumenSection {
    /// The exam.
    let exam: Exam

    /// Lines that are printed; the rest is counted (project choice).
    private static let mostLines = 18

    /// Places the section.
    func place(in flow: PageFlow) {
        let lines = exam.measurements.lumenLines + exam.measurements.areaLines.map { "area, \($0)" }
        flow.heading(
            "Lumen of the jugular veins", note: "coded by AJNR table 1 and BMC Med 2013;11:260, table 1",
            keepingWith: 12)
        for line in lines.prefix(Self.mostLines) {
            flow.paragraph("\u{2022} " + line.capitalisedFirst, TextStyle.small.lines(4), gap: 1)
        }
        if lines.count > Self.mostLines {
            flow.paragraph("and \(lines.count - Self.mostLines) more in exam.json", TextStyle.small.quiet, gap: 1)
        }
        flow.skip(6)
    }
}
