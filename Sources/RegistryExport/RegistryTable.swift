/// One column of a table: what may stand in it, and where it comes from.
struct RegistryColumn<Row>: Sendable {
    var name: String
    var kind: RegistryKind
    /// UCUM; `nil` for what has no unit.
    var unit: String?
    /// What it is, in a sentence of the data dictionary.
    var meaning: String
    var value: @Sendable (Row) -> RegistryValue

    init(
        _ name: String, _ kind: RegistryKind, unit: String? = nil, _ meaning: String,
        _ value: @escaping @Sendable (Row) -> RegistryValue
    ) {
        self.name = name
        self.kind = kind
        self.unit = unit
        self.meaning = meaning
        self.value = value
    }
}

/// One table of the registry, filled.
///
/// A value that its column does not allow is left out and counted; nothing but what the columns name is ever written.
public struct RegistryTable: Sendable, Hashable {
    /// Name, which is the files' name, too.
    public let name: String
    /// What one row is.
    public let meaning: String
    /// Names of the columns.
    public let columns: [String]
    /// The rows, a value for each column.
    public let rows: [[RegistryValue]]
    /// Values that were left out because their column does not allow them.
    public let leftOut: Int
    let dictionary: [[String]]

    init<Row>(_ name: String, _ meaning: String, _ columns: [RegistryColumn<Row>], rows: [Row]) {
        self.name = name
        self.meaning = meaning
        self.columns = columns.map(\.name)
        var leftOut = 0
        self.rows = rows.map { row in
            columns.map { column in
                let value = column.value(row)
                if column.kind.allows(value) { return value }
                leftOut += 1
                return .missing
            }
        }
        self.leftOut = leftOut
        dictionary = columns.map { column in
            var words = ""
            if case .word(let list) = column.kind { words = list.joined(separator: " ") }
            return [name, column.name, column.kind.name, column.unit ?? "", words, column.meaning]
        }
    }

    /// The table as comma-separated values (RFC 4180), with a line of names.
    public var csv: String {
        ([columns] + rows.map { $0.map(\.csv) }).map { $0.joined(separator: ",") + "\r\n" }.joined()
    }

    /// The table as JSON lines: one object a row, every column in each.
    public var jsonLines: String {
        rows.map { row in
            "{" + zip(columns, row).map { "\"\($0)\":\($1.json)" }.joined(separator: ",") + "}\n"
        }.joined()
    }
}
