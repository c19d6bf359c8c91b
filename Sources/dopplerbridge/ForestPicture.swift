import CohortStatistics
import Foundation
import VHISSReport

/// The picture of a forest of studies.
struct ForestPicture {
    private let words: CohortForestText

    init(_ words: CohortForestText) { self.words = words }

    /// Draws the forest into a PNG file.
    func write(to path: String) throws {
        let forest = words.forest
        let drawing = ForestDrawing(
            title: words.title, columns: ["study"] + words.groups + ["\(words.measure), 95 % limits", "weight"],
            sides: (left: "more in controls", right: "more in cases"), notes: notes)
        let studies = forest.rows.map { row in
            ForestDrawing.Line(
                name: CohortForestText.name(row), citation: row.study.citation, counts: words.counts(row.study),
                figure: CohortForestText.figure(row.estimate),
                weight: "\(ExamText.rounded(row.randomWeight * 100, 1)) %",
                mark: Self.mark(row.estimate.ratio, row.estimate.limits, row.randomWeight))
        }
        let pooled = [forest.fixed, forest.random].map { pooled in
            ForestDrawing.Line(
                name: pooled.limits.method, citation: "", counts: [],
                figure: CohortText.ratio(pooled.ratio, pooled.limits),
                weight: "", mark: Self.mark(pooled.ratio, pooled.limits, nil))
        }
        let bytes: [UInt8]
        do throws(ReportError) { bytes = try drawing.png(studies, pooled: pooled) } catch {
            throw Failure(.data, "\(path): \(error.description)")
        }
        do { try Data(bytes).write(to: URL(fileURLWithPath: path)) } catch {
            throw Failure(.storage, "\(path): cannot be written (\(error.localizedDescription))")
        }
    }

    private var notes: [String] {
        words.leftOut + words.notes
            + [
                "Counts: people with the finding of all. Weight and squares: random effects. Arrows: limits beyond the axis. Association, not cause."
            ]
    }

    private static func mark(_ ratio: Figure, _ limits: Limits, _ share: Double?) -> ForestDrawing.Mark? {
        guard let ratio = ratio.value, let lower = limits.lower.value, let upper = limits.upper.value else {
            return nil
        }
        return ForestDrawing.Mark(ratio: ratio, lower: lower, upper: upper, weightShare: share)
    }
}
