import CohortStatistics

/// A forest of studies as text.
struct CohortForestText {
    let forest: Forest
    let question: String
    let isPublished: Bool

    init(_ forest: Forest, question: String, isPublished: Bool) {
        self.forest = forest
        self.question = question
        self.isPublished = isPublished
    }

    private static let nameWidth = 34
    private static let countWidth = 16
    private static let figureWidth = 26

    /// The ratio's name.
    var measure: String { forest.measure == .oddsRatio ? "odds ratio" : "risk ratio" }

    /// The names of cases and controls: those of the studies where all have the same.
    var groups: [String] {
        let studies = forest.rows.map(\.study) + forest.leftOut.map(\.study)
        let names = (Set(studies.map(\.caseGroup)), Set(studies.map(\.controlGroup)))
        return [
            names.0.count == 1 ? names.0.first ?? "cases" : "cases",
            names.1.count == 1 ? names.1.first ?? "controls" : "controls",
        ]
    }

    /// The line above everything.
    var title: String {
        let count = forest.rows.count == 1 ? "1 study" : "\(forest.rows.count) studies"
        return "\(Self.words(for: question)): \(measure)s of \(count)"
    }

    /// The whole text.
    var text: String {
        var lines = [title, "  " + row("study", groups, "\(measure), 95 % limits", "weight: fixed, random")]
        lines += forest.rows.map { line in
            "  " + row(Self.name(line), counts(line.study), Self.figure(line.estimate), weights(line))
        }
        lines += leftOut.map { "  \($0)" }
        for pooled in [forest.fixed, forest.random] {
            lines.append(
                "  " + row(pooled.limits.method, ["", ""], CohortText.ratio(pooled.ratio, pooled.limits), ""))
        }
        lines += notes
        lines += forest.rows.flatMap { line in
            ["", line.study.name] + Self.remarks(of: line.study).map { "  \($0)" }
        }
        return lines.joined(separator: "\n")
    }

    /// The studies that are not pooled, one line each.
    var leftOut: [String] {
        forest.leftOut.map { entry in
            let counts = counts(entry.study).joined(separator: " and ")
            return "left out: \(entry.study.name) (\(counts)): \(entry.reason.words)"
        }
    }

    /// How far the studies differ, and what the figures rest on.
    var notes: [String] {
        var lines = [heterogeneity]
        if forest.rows.contains(where: \.estimate.isHalfAdded) {
            lines.append("* 0.5 added to all cells, because one is zero.")
        }
        if forest.rows.contains(where: { $0.study.unit == .observations }) {
            lines.append("+ counts observations, several of one person: no effect for a person.")
        }
        if isPublished {
            lines.append("A forest of this project's own from published counts; it is not that of Laupacis 2011.")
        }
        return lines
    }

    private var heterogeneity: String {
        let found = forest.heterogeneity
        guard let q = found.q.value else { return "How far studies differ is \(CohortText.coefficient(found.q))." }
        return
            "Between studies: Q \(ExamText.rounded(q, 1)) with \(found.degreesOfFreedom) \(found.degreesOfFreedom == 1 ? "degree" : "degrees") of freedom, "
            + "\(CohortText.probability(found.probability)); I2 \(CohortText.percent(found.iSquared)) %; "
            + "tau2 \(CohortText.coefficient(found.tauSquared))"
    }

    /// The study's name with its marks.
    static func name(_ line: Forest.Row) -> String {
        line.study.name + (line.estimate.isHalfAdded ? " *" : "") + (line.study.unit == .observations ? " +" : "")
    }

    /// The study's ratio with its limits.
    static func figure(_ estimate: RatioEstimate) -> String { CohortText.ratio(estimate.ratio, estimate.limits) }

    /// The counts of cases and of controls.
    func counts(_ study: CohortStudy) -> [String] {
        ["\(study.counts.casesWith)/\(study.counts.cases)", "\(study.counts.controlsWith)/\(study.counts.controls)"]
    }

    /// Both weights: fixed, random.
    func weights(_ line: Forest.Row) -> String {
        "\(ExamText.rounded(line.fixedWeight * 100, 0)), \(ExamText.rounded(line.randomWeight * 100, 0)) %"
    }

    /// What a study's row rests on, in lines.
    static func remarks(of study: CohortStudy) -> [String] {
        var lines = ["\(study.caseGroup) and \(study.controlGroup). \(study.citation)"]
        if !study.printed.isEmpty { lines.append("Printed: \(study.printed)") }
        if !study.countsFrom.isEmpty { lines.append("Counts: \(study.countsFrom)") }
        if study.unit == .observations { lines.append("Counts observations, not people.") }
        if !study.note.isEmpty { lines.append("Note: \(study.note)") }
        return lines
    }

    /// A question of the published studies in words.
    private static func words(for question: String) -> String {
        switch question {
        case "ccsvi": "CCSVI, two criteria or more"
        case "ccsvi-without-borderline": "CCSVI, two criteria or more, borderline left out"
        case "ccsvi-ond-hc": "CCSVI, two criteria or more, other neurological diseases and healthy controls"
        case "ccsvi-ms-ond": "CCSVI, two criteria or more, MS and other neurological diseases"
        case "c1", "c2", "c3", "c4", "c5": "CCSVI criterion \(question.dropFirst())"
        default: question
        }
    }

    private func row(_ name: String, _ counts: [String], _ figure: String, _ weight: String) -> String {
        let cells = counts.map { String(repeating: " ", count: max(1, Self.countWidth - $0.count)) + $0 }.joined()
        let words =
            (name + " ").padding(to: Self.nameWidth) + cells + "   " + (figure + " ").padding(to: Self.figureWidth)
        return (words + weight).reversed().drop { $0 == " " }.reversed().map(String.init).joined()
    }
}
