/// Studies from comma-separated text, one a row, and the published ones.
public struct StudyList: Sendable, Hashable {
    /// The studies, in the order of the file.
    public let studies: [CohortStudy]

    /// Columns that a file must have.
    public static let requiredColumns = [
        "study", "cohort", "cases_with", "cases", "controls_with", "controls", "citation",
    ]
    /// Columns that a file may have.
    public static let optionalColumns = [
        "question", "case_group", "control_group", "unit", "printed", "counts_from", "note",
    ]
    /// The question of studies whose file names none.
    public static let unnamedQuestion = "unnamed"

    /// Reads studies strictly: unknown columns, missing cells and impossible counts are refused at their place.
    ///
    /// - Throws: `tableNotReadable` with everything that was found.
    public init(_ text: String, file: String) throws(CohortError) {
        let table = try TextTable(text, file: file)
        let columns = try table.columns(required: Self.requiredColumns, optional: Self.optionalColumns)
        var problems: [TextTableProblem] = []
        var studies: [CohortStudy] = []
        for row in table.rows {
            var reader = StudyRow(row, columns, table)
            if let study = reader.study() { studies.append(study) }
            problems += reader.problems
        }
        try TextTable.fail(problems)
        self.studies = studies
    }

    /// The counts of published studies, each with its citation.
    ///
    /// - Throws: what is wrong in the embedded file, which only a damaged build has.
    public static func published() throws(CohortError) -> StudyList {
        try StudyList(publishedText, file: "Studies/published.csv")
    }

    /// The file of the published studies.
    public static var publishedText: String { String(decoding: PackageResources.published_csv, as: UTF8.self) }

    /// The questions that occur, in the order of the file.
    public var questions: [String] {
        var found: [String] = []
        for study in studies where !found.contains(study.question) { found.append(study.question) }
        return found
    }

    /// The studies of one question.
    public func studies(of question: String) -> [CohortStudy] { studies.filter { $0.question == question } }
}

/// Reads one row of a list of studies.
private struct StudyRow {
    private let row: [TextTable.Cell]
    private let columns: [String: Int]
    private let table: TextTable
    private(set) var problems: [TextTableProblem] = []

    init(_ row: [TextTable.Cell], _ columns: [String: Int], _ table: TextTable) {
        self.row = row
        self.columns = columns
        self.table = table
    }

    mutating func study() -> CohortStudy? {
        let name = text("study")
        let cohort = text("cohort")
        let citation = text("citation")
        let counts = [count("cases_with"), count("cases"), count("controls_with"), count("controls")]
        let unit = unit()
        guard let counts = Self.all(counts), let name, let cohort, let citation, let unit else { return nil }
        do throws(CohortError) {
            return CohortStudy(
                name: name, question: optional("question") ?? StudyList.unnamedQuestion, cohort: cohort,
                caseGroup: optional("case_group") ?? "cases", controlGroup: optional("control_group") ?? "controls",
                unit: unit,
                counts: try TwoByTwo(casesWith: counts[0], of: counts[1], controlsWith: counts[2], of: counts[3]),
                printed: optional("printed") ?? "", countsFrom: optional("counts_from") ?? "", citation: citation,
                note: optional("note") ?? "")
        } catch {
            if let place = row.first { problems.append(table.problem(at: place, error.description, "correct it")) }
            return nil
        }
    }

    private static func all(_ counts: [Int?]) -> [Int]? {
        let known = counts.compactMap { $0 }
        return known.count == counts.count ? known : nil
    }

    private func cell(_ column: String) -> TextTable.Cell? { columns[column].map { row[$0] } }

    private func optional(_ column: String) -> String? {
        guard let cell = cell(column), !cell.text.isEmpty else { return nil }
        return cell.text
    }

    private mutating func text(_ column: String) -> String? {
        guard let cell = cell(column) else { return nil }
        if cell.text.isEmpty { problems.append(table.problem(at: cell, "`\(column)` is empty", "fill it")) }
        return cell.text.isEmpty ? nil : cell.text
    }

    private mutating func count(_ column: String) -> Int? {
        guard let cell = cell(column) else { return nil }
        guard cell.text.allSatisfy({ $0.isASCII && $0.isNumber }), let count = Int(cell.text),
            count <= TwoByTwo.mostPeople
        else {
            problems.append(
                table.problem(
                    at: cell, "`\(column)` is `\(cell.text)`", "give a count from 0 to \(TwoByTwo.mostPeople)"))
            return nil
        }
        return count
    }

    private mutating func unit() -> CohortStudy.Unit? {
        guard let word = optional("unit"), let cell = cell("unit") else { return .people }
        if let unit = CohortStudy.Unit(rawValue: word) { return unit }
        problems.append(table.problem(at: cell, "`unit` is `\(word)`", "use people or observations"))
        return nil
    }
}
