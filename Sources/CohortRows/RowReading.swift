extension CohortRow {
    /// The longest line that is read, bytes (project choice: ten times the longest that is written).
    public static let longestLineBytes = 65_536

    /// Reads a line as this program writes it, without its end; any other spelling is refused.
    ///
    /// - Throws: `notARow` with the column at which the line is wrong.
    public init(line: [UInt8], at place: RowPlace) throws(CohortRowError) {
        guard line.count <= Self.longestLineBytes else {
            throw .notARow(place: place, problem: "longer than \(Self.longestLineBytes) bytes")
        }
        var cursor = RowCursor(bytes: line)
        var values: [CohortValue] = []
        values.reserveCapacity(CohortColumns.all.count)
        for (column, name) in zip(CohortColumns.all, CohortColumns.names) {
            guard cursor.take(name), let value = cursor.value(column.kind), column.kind.allows(value),
                value != .missing || !column.isRequired
            else { throw .notARow(place: place, problem: "not a row of this version: wrong at `\(column.name)`") }
            values.append(value)
        }
        guard cursor.take([UInt8(ascii: "}")]), cursor.isAtEnd else {
            throw .notARow(place: place, problem: "not a row of this version: wrong at its end")
        }
        self.init(values: values)
        // A number has several spellings, a row has one.
        guard lineBytes.dropLast() == line[...] else {
            throw .notARow(place: place, problem: "not a row as this program writes it")
        }
    }
}

/// A place in the bytes of a line.
private struct RowCursor {
    let bytes: [UInt8]
    var index = 0

    var isAtEnd: Bool { index == bytes.count }

    /// Takes bytes that must come next.
    mutating func take(_ wanted: [UInt8]) -> Bool {
        guard bytes.count - index >= wanted.count else { return false }
        for offset in wanted.indices where bytes[index + offset] != wanted[offset] { return false }
        index += wanted.count
        return true
    }

    private static let null = Array("null".utf8)
    private static let yes = Array("true".utf8)
    private static let no = Array("false".utf8)

    /// The value of a column; `nil` where there is none of its kind.
    mutating func value(_ kind: CohortKind) -> CohortValue? {
        if take(Self.null) { return .missing }
        switch kind {
        case .word, .identifier, .text, .sha256: return text().map(CohortValue.text)
        case .truth: return take(Self.yes) ? .truth(true) : take(Self.no) ? .truth(false) : nil
        case .count: return Int(number()).map(CohortValue.count)
        case .decimal: return Double(number()).map(CohortValue.decimal)
        }
    }

    private mutating func number() -> String {
        let start = index
        while index < bytes.count, bytes[index] != UInt8(ascii: ","), bytes[index] != UInt8(ascii: "}") { index += 1 }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private mutating func text() -> String? {
        guard take([UInt8(ascii: "\"")]) else { return nil }
        var unescaped: [UInt8] = []
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if byte == UInt8(ascii: "\"") { return String(validating: unescaped, as: UTF8.self) }
            guard byte == UInt8(ascii: "\\") else {
                unescaped.append(byte)
                continue
            }
            guard index < bytes.count else { return nil }
            unescaped.append(bytes[index])
            index += 1
        }
        return nil
    }
}
