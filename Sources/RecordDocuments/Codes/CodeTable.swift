/// The one table of codes that DICOM, FHIR and HL7 are written from.
public struct CodeTable: Sendable, Hashable {
    /// The rows, in the table's order.
    public let rows: [CodeTableRow]
    private let places: [RecordConcept: Int]

    /// The heading that a table must have.
    static let heading = ["concept", "system", "code", "meaning", "status", "source"]
    /// The most characters of a code and of its meaning (PS3.3 8.1, 8.3).
    static let longestCode = 16, longestMeaning = 64

    private static let builtInResult = Result { () throws(RecordDocumentError) in
        try CodeTable(csv: String(decoding: PackageResources.codes_csv, as: UTF8.self))
    }

    /// The table that is built in.
    ///
    /// - Throws: the first line that breaks the table's rules.
    public static func builtIn() throws(RecordDocumentError) -> CodeTable { try builtInResult.get() }

    /// Reads a table and refuses what is doubtful: unknown systems, doubles, missing concepts, codes that are too long.
    ///
    /// - Throws: `RecordDocumentError.codeTable` with the first line that breaks a rule.
    init(csv: String) throws(RecordDocumentError) {
        let lines = try CSVText.rows(csv)
        guard lines.first?.fields == Self.heading else {
            throw .codeTable(line: 1, what: "the heading is not \(Self.heading.joined(separator: ","))")
        }
        var rows: [CodeTableRow] = []
        var places: [RecordConcept: Int] = [:]
        var seen: Set<String> = []
        for line in lines.dropFirst() {
            let (concept, row) = try Self.row(line)
            guard places.updateValue(rows.count, forKey: concept) == nil else {
                throw .codeTable(line: line.number, what: "\(row.concept) stands twice")
            }
            guard seen.insert("\(row.code.system) \(row.code.code)").inserted else {
                throw .codeTable(line: line.number, what: "\(row.code.system) \(row.code.code) stands twice")
            }
            rows.append(row)
        }
        if let missing = RecordConcept.allCases.first(where: { places[$0] == nil }) {
            throw .codeTable(line: lines.count + 1, what: "\(missing.rawValue) is missing")
        }
        self.rows = rows
        self.places = places
    }

    private static func row(
        _ line: CSVText.Row
    ) throws(RecordDocumentError) -> (concept: RecordConcept, row: CodeTableRow) {
        func refuse(_ what: String) -> RecordDocumentError { .codeTable(line: line.number, what: what) }
        guard line.fields.count == heading.count else {
            throw refuse("\(line.fields.count) fields instead of \(heading.count)")
        }
        guard line.fields.allSatisfy({ !$0.isEmpty && $0.first != " " && $0.last != " " }) else {
            throw refuse("an empty field, or one with a space at its end")
        }
        guard let concept = RecordConcept(rawValue: line.fields[0]) else {
            throw refuse("\(line.fields[0]) is no concept of the program")
        }
        guard let system = CodingSystem(rawValue: line.fields[1]) else {
            throw refuse("\(line.fields[1]) is no coding system of the program")
        }
        guard let status = CodeTableRow.Status(rawValue: line.fields[4]) else {
            throw refuse("\(line.fields[4]) is neither verified nor private")
        }
        guard (system == .ours) == (status == .private) else {
            throw refuse("a private code needs the project's scheme, and only it")
        }
        let code = RecordCode(system: line.fields[1], code: line.fields[2], meaning: line.fields[3])
        guard code.code.unicodeScalars.count <= longestCode, code.code.allSatisfy({ $0.isASCII && $0 != "\\" }) else {
            throw refuse("the code is longer than \(longestCode) characters or not ASCII")
        }
        guard code.meaning.unicodeScalars.count <= longestMeaning, !code.meaning.contains("\\") else {
            throw refuse("the meaning is longer than \(longestMeaning) characters or holds a backslash")
        }
        return (concept, CodeTableRow(concept: line.fields[0], code: code, status: status, source: line.fields[5]))
    }

    /// The code of a concept.
    subscript(_ concept: RecordConcept) -> RecordCode {
        // Every concept has a row: a table without one is refused when it is read.
        guard let place = places[concept] else { preconditionFailure("the code table has no \(concept.rawValue)") }
        return rows[place].code
    }
}
