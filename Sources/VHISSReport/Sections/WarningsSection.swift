import CCSVIAnalysis

/// What is implausible in the measurements; it blocks nothing, and nothing is printed where nothing is.
struct WarningsSection {
    /// The warnings.
    let warnings: [PlausibilityWarning]

    /// Warnings that are printed; the rest is counted (project choice).
    private static let mostWarnings = 12

    /// Places the section.
    func place(in flow: PageFlow) {
        guard !warnings.isEmpty else { return }
        flow.heading(
            "Plausibility warnings", note: "figures to look at again; they block nothing and change no result",
            keepingWith: 24)
        for warning in warnings.prefix(Self.mostWarnings) {
            flow.paragraph("\u{25C7} \(warning.words)", TextStyle.small.inked(.open).lines(3), gap: 1)
        }
        if warnings.count > Self.mostWarnings {
            flow.paragraph("and \(warnings.count - Self.mostWarnings) more in exam.json", TextStyle.small.quiet, gap: 1)
        }
        flow.skip(6)
    }
}
