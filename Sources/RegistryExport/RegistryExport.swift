internal import CCSVIAnalysis

/// Exams without identity, as tables for a registry.
///
/// Built up from an allow-list, never by taking things away: what no column names cannot get out, and no column holds
/// free text.
public struct RegistryExport: Sendable {
    /// The tables, `exams` first.
    public let tables: [RegistryTable]

    /// The tables of some exams.
    ///
    /// The rows are in the order of the pseudonyms, so that their order tells nothing of the order in time.
    public init(_ exams: [RegistryExam]) {
        let exams = exams.sorted { ($0.pseudonym.text, $0.version) < ($1.pseudonym.text, $1.version) }
        tables = [
            RegistryTable("exams", "One version of an exam.", RegistryColumns.exams, rows: exams),
            RegistryTable(
                "criteria", "One criterion of an exam under one published definition.", RegistryColumns.criteria,
                rows: exams.flatMap(CriterionRow.all)),
            RegistryTable(
                "observations", "What was seen at one site of an exam.", RegistryColumns.observations,
                rows: exams.flatMap(ObservationRow.all)),
            RegistryTable(
                "refluxes", "One episode of reflux.", RegistryColumns.refluxes, rows: exams.flatMap(RefluxRow.all)),
            RegistryTable(
                "areas", "One cross-sectional area of the internal jugular vein.", RegistryColumns.areas,
                rows: exams.flatMap(AreaRow.all)),
            RegistryTable(
                "defects", "One finding in or around the lumen of the internal jugular vein.", RegistryColumns.defects,
                rows: exams.flatMap(DefectRow.all)),
        ]
    }

    /// Every column of every table with kind, unit, allowed words and meaning, as comma-separated values.
    public var dictionaryCSV: String {
        let names = ["table", "column", "kind", "unit", "words", "meaning"]
        return ([names] + tables.flatMap(\.dictionary)).map { fields in
            fields.map(Self.quoted).joined(separator: ",") + "\r\n"
        }.joined()
    }

    /// Values that were left out because their column does not allow them, by table.
    public var leftOut: [String: Int] {
        Dictionary(tables.map { ($0.name, $0.leftOut) }) { first, _ in first }.filter { $0.value > 0 }
    }

    private static func quoted(_ text: String) -> String {
        text.contains(",") ? "\"\(text)\"" : text
    }
}
