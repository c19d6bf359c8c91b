import CCSVIAnalysis
import ExamSession

/// A reanalysis as a person reads it on a terminal.
struct ReanalysisText {
    private let stored: Exam

    init(_ stored: Exam) { self.stored = stored }

    private var recordings: String { "\(stored.recordings.count) recordings of exam \(stored.examID) analysed again" }

    /// The words for a document that came out the same.
    var same: String { "\(recordings): the same \(ExamFolder.examFileName), byte for byte." }

    /// The words for the same values in another spelling.
    var sameValues: String {
        "\(recordings): every value is the same; the bytes of \(ExamFolder.examFileName) are not: it was written by "
            + "another program, or changed by hand."
    }

    /// The words for a change that no newer algorithm explains.
    var unexplained: String {
        "\(stored.examID): another result by the same algorithms: \(ExamFolder.examFileName) was changed after the exam, "
            + "or the program has a defect: compare with a copy of the folder, and report it"
    }

    /// What changed: algorithms, verdict, score, criteria and sites, then how many values in all.
    func changed(_ exam: Exam, _ differences: [DocumentDifference], kept: String) -> String {
        var lines = ["\(recordings): another result.", ""]
        lines += stored.algorithms.filter { !exam.algorithms.contains($0) }.map { "  before: \($0)" }
        lines += exam.algorithms.filter { !stored.algorithms.contains($0) }.map { "  now:    \($0)" }
        if stored.algorithms == exam.algorithms { lines.append("  by the same algorithms") }
        lines.append("")
        let before = stored.assessment
        let now = exam.assessment
        lines.append(Self.line("verdict", before.verdict.rawValue, now.verdict.rawValue))
        lines.append(Self.line("VHISS", before.vhiss.words, now.vhiss.words))
        lines += zip(before.criteria, now.criteria).map { earlier, later in
            Self.line(
                later.criterion.rawValue.uppercased(), earlier.outcome.words,
                later.outcome.words)
        }
        let sites = zip(stored.measurements.observations, exam.measurements.observations).filter { $0 != $1 }
        if !sites.isEmpty { lines.append("") }
        lines += sites.map { Self.line($1.site.name, ExamText.words($0), ExamText.words($1)) }
        lines.append("")
        lines.append("\(differences.count) values differ in all (--json lists each). \(kept).")
        return lines.joined(separator: "\n")
    }

    private static func line(_ name: String, _ before: String, _ now: String) -> String {
        "  \(name): " + (before == now ? "\(now), as before" : "\(before) -> \(now)")
    }
}
