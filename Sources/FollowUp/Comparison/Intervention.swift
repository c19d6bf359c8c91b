public import CCSVIAnalysis
internal import CohortStatistics

/// Something that was done to a subject's veins between or before exams.
public struct Intervention: Sendable, Hashable, Encodable {
    /// What can be done.
    public enum Procedure: String, Sendable, Hashable, Codable, CaseIterable {
        case angioplasty, stent, other
    }

    /// The date: `2026-01-31`.
    public var date: String
    /// What was done.
    public var procedure: Procedure
    /// The vein.
    public var vein: Vein
    /// Its side.
    public var side: Side
    /// The anticoagulant that was given; empty when none is known.
    public var anticoagulant: String
    /// What else there is to know; empty when nothing.
    public var note: String

    /// An intervention from its fields.
    public init(
        date: String, procedure: Procedure, vein: Vein, side: Side, anticoagulant: String = "", note: String = ""
    ) {
        self.date = date
        self.procedure = procedure
        self.vein = vein
        self.side = side
        self.anticoagulant = anticoagulant
        self.note = note
    }

    /// The intervention in one line: `2026-01-31 angioplasty of the left internal jugular vein`.
    public var words: String {
        "\(date) \(procedure.rawValue), \(side.rawValue) \(vein.name)"
            + (anticoagulant.isEmpty ? "" : ", anticoagulant \(anticoagulant)") + (note.isEmpty ? "" : ", \(note)")
    }

    /// Reads a history from comma-separated text: columns date, procedure, vein, side, and anticoagulant and note if
    /// wanted.
    ///
    /// - Throws: `tableNotReadable` with everything that was found.
    public static func history(_ text: String, file: String) throws(FollowUpError) -> [Intervention] {
        do throws(CohortError) {
            let table = try TextTable(text, file: file)
            let columns = try table.columns(
                required: ["date", "procedure", "vein", "side"], optional: ["anticoagulant", "note"])
            var problems: [TextTableProblem] = []
            var history: [Intervention] = []
            for row in table.rows {
                func cell(_ name: String) -> TextTable.Cell? { columns[name].map { row[$0] } }
                func pick<Choice>(_ name: String, _ choices: [(String, Choice)]) -> Choice? {
                    guard let cell = cell(name) else { return nil }
                    if let choice = choices.first(where: { $0.0 == cell.text }) { return choice.1 }
                    let known = choices.map(\.0).joined(separator: ", ")
                    problems.append(table.problem(at: cell, "`\(name)` is `\(cell.text)`", "use one of \(known)"))
                    return nil
                }
                if let date = cell("date"), date.text.utf8.count != 10 || ExamInstant(date.text) == nil {
                    problems.append(
                        table.problem(at: date, "`date` is `\(date.text)`", "write it as 2026-01-31"))
                }
                let procedure = pick("procedure", Procedure.allCases.map { ($0.rawValue, $0) })
                let vein = pick("vein", Vein.allCases.map { ($0.code, $0) })
                let side = pick("side", Side.allCases.map { ($0.rawValue, $0) })
                guard let date = cell("date")?.text, let procedure, let vein, let side else { continue }
                history.append(
                    Intervention(
                        date: date, procedure: procedure, vein: vein, side: side,
                        anticoagulant: cell("anticoagulant")?.text ?? "", note: cell("note")?.text ?? ""))
            }
            try TextTable.fail(problems)
            return history
        } catch {
            guard case .tableNotReadable(let problems) = error else {
                throw .reading(what: error.description, remedy: "correct the file")
            }
            throw .tableNotReadable(problems)
        }
    }
}
