/// The tables of the conformance statement that come from the table of codes and the report's template.
public enum ConformanceTables {
    /// A table of Markdown.
    public static func table(_ heading: [String], _ rows: [[String]]) -> String {
        let lines = [heading, heading.map { _ in "---" }] + rows
        return lines.map { "| " + $0.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |" }
            .joined(separator: "\n")
    }

    /// The template with our extensions.
    static func template(_ codes: CodeTable) throws(RecordDocumentError) -> String {
        let rows = TemplateRow.all.map { row in
            let indent = String(repeating: ">", count: row.depth)
            let concepts = row.concepts.map { words(codes[$0]) }.joined(separator: "; ")
            return [indent, row.relationship.rawValue, row.valueType, concepts, row.presence, row.origin]
        }
        return "## Structured report: TID \(StructuredReportObject.template) with extensions\n\n"
            + "A figure that is not there is a NUM without a value: \(words(codes[.notAttempted])) for what was not "
            + "examined or not measured, \(words(codes[.indeterminate])) for what was tried and cannot be judged. Nothing "
            + "found is \(words(codes[.absent])).\n\n"
            + table(["", "relationship", "value type", "concept name", "how often", "origin"], rows)
    }

    /// The private scheme, as it is declared.
    static func codingScheme(_ codes: CodeTable) -> String {
        let facts = [
            ["Coding Scheme Designator (0008,0102)", PrivateScheme.designator],
            ["Coding Scheme UID (0008,010C)", PrivateScheme.uid],
            ["Coding Scheme Name (0008,0115)", PrivateScheme.name],
            ["Coding Scheme Version (0008,0103)", PrivateScheme.version],
            ["Coding Scheme Responsible Organization (0008,0116)", PrivateScheme.organisation],
            ["FHIR CodeSystem", CodingSystem.ours.uri],
        ]
        let rows = codes.rows.filter { $0.status == .private }.map { [$0.code.code, $0.code.meaning, $0.source] }
        return "## Private coding scheme\n\n" + table(["", ""], facts) + "\n\n"
            + table(["code", "meaning", "why"], rows)
    }

    /// The codes of published systems.
    static func codes(_ codes: CodeTable) -> String {
        let rows = codes.rows.filter { $0.status == .verified }
            .map { [$0.code.system, $0.code.code, $0.code.meaning, $0.source] }
        return "## Published codes\n\n" + table(["system", "code", "meaning", "source"], rows)
    }

    private static func words(_ code: RecordCode) -> String { "(\(code.code), \(code.system), \(code.meaning))" }
}
