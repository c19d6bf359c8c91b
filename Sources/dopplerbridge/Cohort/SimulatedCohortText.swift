import CCSVIAnalysis
import CohortStatistics
import Foundation
import VHISSReport

/// A simulated cohort as a person reads it on a terminal, and as a picture.
struct SimulatedCohortText {
    let document: CohortSimulate.Document

    private static let widths = [58, 10, 10, 24, 24, 0]

    /// The whole text.
    var text: String {
        var lines = [
            "\(document.cases) cases and \(document.controls) controls, drawn from \(document.prevalences.id), seed "
                + "\(document.seed), each examined from samples to verdict"
        ]
        lines.append(
            Self.line(["setting", "cases +", "controls +", "sensitivity %", "specificity %", "open: cases, controls"]))
        lines += document.countings.map { counting in
            Self.line([
                counting.setting, "\(counting.counts.casesWith)/\(counting.counts.cases)",
                "\(counting.counts.controlsWith)/\(counting.counts.controls)", Self.share(counting.sensitivity),
                Self.share(counting.specificity), "\(counting.casesOpen), \(counting.controlsOpen)",
            ])
        }
        lines.append("What was drawn, and what the exam without an operator's error found under zamboni-2009:")
        lines += document.recovery.map { recovery in
            "  \(recovery.criterion.rawValue.uppercased())  drawn in \(recovery.drawn), found in \(recovery.found) of them"
                + ", and in \(recovery.foundWithout) others; open in \(recovery.open)"
        }
        return (lines + notes + [Self.speed(document)]).joined(separator: "\n")
    }

    private static func speed(_ document: CohortSimulate.Document) -> String {
        let perExam = ExamText.rounded(document.seconds / Double(max(1, document.exams)) * 1000, 0)
        return "\(document.exams) exams in \(ExamText.rounded(document.seconds, 1)) s, \(perExam) ms each"
    }

    /// What has to be said of the figures.
    var notes: [String] {
        [
            "Positive: criteria met by the rule of the line. Open exams count as not positive. Limits: 95 %, exact.",
            "Prevalences: \(document.prevalences.citation). Only single criteria are published: drawn as independent.",
            "How far a finding lies beyond its threshold is this project's choice. A simulation: it says nothing of MS.",
        ]
    }

    private static func share(_ share: CountedShare) -> String {
        func percent(_ figure: Figure) -> String { figure.value.map { ExamText.rounded($0 * 100, 1) } ?? "-" }
        return "\(percent(share.share)) (\(percent(share.limits.lower))-\(percent(share.limits.upper)))"
    }

    private static func line(_ cells: [String]) -> String {
        zip(cells, widths).map { $0.padding(to: $1) }.joined(separator: " ")
    }

    /// Draws the shares of positive exams into a PNG file.
    func draw(to path: String) throws {
        let drawing = PrevalenceDrawing(
            title: "Positive exams of one simulated population, by definition, threshold and operator",
            groups: (cases: "cases", controls: "controls"), notes: notes)
        let lines = document.countings.map { counting in
            PrevalenceDrawing.Line(
                name: counting.setting, cases: Self.bar(counting.sensitivity),
                controls: Self.bar(counting.positiveControls))
        }
        let bytes: [UInt8]
        do throws(ReportError) { bytes = try drawing.png(lines) } catch {
            throw Failure(.data, "\(path): \(error.description)")
        }
        do { try Data(bytes).write(to: URL(fileURLWithPath: path)) } catch {
            throw Failure(.storage, "\(path): cannot be written (\(error.localizedDescription))")
        }
    }

    private static func bar(_ share: CountedShare) -> PrevalenceDrawing.Bar? {
        guard let value = share.share.value, let lower = share.limits.lower.value, let upper = share.limits.upper.value
        else { return nil }
        return PrevalenceDrawing.Bar(share: value, lower: lower, upper: upper, words: "\(share.count)/\(share.total)")
    }
}
