import CohortRows

/// What became of a part of a cohort, as a person reads it on a terminal.
struct ShardText {
    private let summary: ShardRun.Summary

    init(_ summary: ShardRun.Summary) { self.summary = summary }

    /// One line for the exams, one for the time, and what was not done.
    var text: String {
        let words = CohortAnalysis.allCases.compactMap { analysis in
            summary.analysed[analysis.rawValue].map { "\($0) \(Self.words(analysis))" }
        }
        let analysed = summary.analysed.values.reduce(0, +)
        let found = words.isEmpty ? "" : " (\(words.joined(separator: ", ")))"
        var lines = [
            "Shard \(summary.shard): \(summary.exams) of \(summary.allExams) exams: \(analysed) analysed\(found), "
                + "\(summary.doneBefore) done before"
        ]
        if analysed > 0 {
            let perExam = ExamText.rounded(summary.processorSeconds / Double(analysed) * 1000, 1)
            lines.append(
                "\(ExamText.rounded(summary.seconds, 1)) s, \(perExam) ms of processor time for each exam analysed")
        }
        if summary.unfinished > 0 { lines.append("\(summary.unfinished) folders hold an exam that is not finished") }
        if summary.unreadable > 0 { lines.append("\(summary.unreadable) exams cannot be read and have no row") }
        if summary.wasStopped { lines.append("Stopped by a signal: run the same command again to go on") }
        return (lines + ["Rows: \(summary.rows)"]).joined(separator: "\n")
    }

    private static func words(_ analysis: CohortAnalysis) -> String {
        switch analysis {
        case .same: "the same"
        case .sameValues: "the same in other bytes"
        case .changed: "changed by newer algorithms"
        case .unexplained: "CHANGED WITHOUT A REASON"
        case .failed: "FAILED"
        }
    }
}
