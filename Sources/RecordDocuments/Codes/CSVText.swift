/// Comma-separated values (RFC 4180) in UTF-8, one record a line: quotes where a field holds a comma or a quote.
enum CSVText {
    /// One line.
    struct Row: Hashable {
        /// Counted from 1.
        var number: Int
        /// The fields without their quotes.
        var fields: [String]
    }

    /// The lines of a table; an empty line is refused.
    static func rows(_ text: String) throws(RecordDocumentError) -> [Row] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.popLast()?.isEmpty == true else {
            throw .codeTable(line: lines.count + 1, what: "does not end with a line end")
        }
        var rows: [Row] = []
        for (index, line) in lines.enumerated() {
            rows.append(Row(number: index + 1, fields: try fields(line, index + 1)))
        }
        return rows
    }

    private static func fields(_ line: Substring, _ number: Int) throws(RecordDocumentError) -> [String] {
        var fields: [String] = []
        var rest = line
        while true {
            let field: String
            if rest.first == "\"" {
                (field, rest) = try quoted(rest.dropFirst(), number)
            } else {
                let end = rest.firstIndex(of: ",") ?? rest.endIndex
                field = String(rest[..<end])
                rest = rest[end...]
                guard !field.contains(where: { $0 == "\"" || $0 == "\r" || $0 == "\r\n" }) else {
                    throw .codeTable(line: number, what: "a quote or a carriage return within a field")
                }
            }
            fields.append(field)
            guard !rest.isEmpty else { return fields }
            guard rest.first == "," else { throw .codeTable(line: number, what: "text after a closing quote") }
            rest = rest.dropFirst()
        }
    }

    /// A field after its opening quote, and what follows its closing one.
    private static func quoted(
        _ text: Substring, _ number: Int
    ) throws(RecordDocumentError) -> (field: String, rest: Substring) {
        var field = ""
        var rest = text
        while let end = rest.firstIndex(of: "\"") {
            field += rest[..<end]
            rest = rest[rest.index(after: end)...]
            guard rest.first == "\"" else { return (field, rest) }
            field += "\""
            rest = rest.dropFirst()
        }
        throw .codeTable(line: number, what: "a quote is not closed")
    }
}
