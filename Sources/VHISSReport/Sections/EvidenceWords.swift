import CCSVIAnalysis

/// Puts the evidence of a criterion into few lines: one for each site and posture.
struct EvidenceWords {
    private let order: EvidenceOrder
    private let observations: [String: VeinObservation]

    /// Pieces of evidence that are printed for each criterion; the rest is counted (project choice).
    private static let mostLines = 3
    /// Areas that are printed where none is a stenosis: the smallest (project choice).
    private static let mostWideAreas = 1

    /// The words for an exam.
    init(_ exam: Exam) {
        order = EvidenceOrder(exam)
        observations = Dictionary(
            exam.measurements.observations.map { ($0.site.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The lines of a finding, the most telling first, and the number of pieces that none of them speaks of.
    func lines(of finding: CriterionFinding) -> (lines: [String], more: Int) {
        let all = order.strongestFirst(finding.evidence)
        let strong = finding.outcome == .met ? all.filter(order.isStrong) : all
        let most = finding.criterion == .c3 && finding.outcome != .met ? Self.mostWideAreas : Self.mostLines
        let shown = (strong.isEmpty ? all : strong).prefix(most)
        let spokenOf = shown.reduce(0) { $0 + weight(of: $1, in: finding) }
        let lines = shown.map { words($0, countsBreaths: finding.criterion == .c1) }
        return (lines, max(finding.evidence.count - spokenOf, 0))
    }

    /// How many pieces of evidence the line of one of them speaks of.
    private func weight(of item: Evidence, in finding: CriterionFinding) -> Int {
        guard item.durationSeconds != nil, let site = item.siteID else { return 1 }
        return finding.evidence.count { $0.durationSeconds != nil && $0.siteID == site }
    }

    private func words(_ item: Evidence, countsBreaths: Bool) -> String {
        guard let site = item.siteID, let observation = observations[site],
            let longest = observation.refluxes.first(where: { $0.durationSeconds == item.durationSeconds })
        else { return item.text + source(item) }
        let alike = observation.refluxes.filter { $0.manoeuvre == longest.manoeuvre }
        var text = "\(VeinMap.Place(observation.site).name), \(observation.site.posture.rawValue): "
        text += alike.count == 1 ? "1 reflux of " : "\(alike.count) refluxes, longest "
        text += Figures.duration(longest)
        if let peak = longest.peakVelocityCmPerS { text += ", to \(Figures.fixed(peak, 1)) cm/s" }
        if longest.manoeuvre != .quietBreathing { text += ", \(longest.manoeuvre.words)" }
        if countsBreaths { text += breathWords(alike) }
        return text + source(item)
    }

    /// The reflux over the threshold that was reached in the most breaths: by it the rule about breaths is decided.
    private func breathWords(_ refluxes: [RefluxEpisode]) -> String {
        let long = refluxes.filter { $0.durationSeconds > EvidenceOrder.neckThresholdSeconds }
        guard !long.isEmpty else { return "" }
        guard
            let decisive = long.max(by: {
                ($0.breathsSeen ?? -1, $0.durationSeconds) < ($1.breathsSeen ?? -1, $1.durationSeconds)
            }),
            let breaths = decisive.breathsSeen
        else { return "; breathing was not recorded" }
        return "; at least \(Figures.roundedDown(decisive.durationSeconds, 2)) s in \(Figures.count(breaths, "breath"))"
    }

    /// The recording by its number, as its name repeats the site, and the onset: ` [08, at 2.00 s]`.
    private func source(_ item: Evidence) -> String {
        guard let id = item.recordingID else { return "" }
        var name = id
        if let site = item.siteID, let range = id.firstRange(of: "-" + site) { name.removeSubrange(range) }
        return " [\(name.isEmpty ? id : name)" + (item.onsetSeconds.map { ", at \(Figures.fixed($0, 2)) s]" } ?? "]")
    }
}
