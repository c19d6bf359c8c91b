/// One exam as one line: a JSON object with every column, in the order of the columns.
///
/// An exam with one result has one spelling as a line, so that rows can be compared as bytes.
public struct CohortRow: Sendable, Hashable {
    let values: [CohortValue]

    init(values: [CohortValue]) { self.values = values }

    /// The row of an exam.
    ///
    /// - Throws: `badValue` where the exam holds what its column does not allow, such as a line break in its id.
    public init(_ exam: CohortExam) throws(CohortRowError) {
        var values: [CohortValue] = []
        for column in CohortColumns.all {
            let value = column.value(exam)
            guard column.kind.allows(value) else {
                throw .badValue(examID: exam.examSHA256, column: column.name)
            }
            values.append(value)
        }
        self.values = values
    }

    /// The exam's id: printable ASCII.
    public var examID: String { text(CohortColumns.examIndex) }

    /// SHA-256 of the exam's document.
    public var examSHA256: String { text(CohortColumns.examSHA256Index) }

    /// The algorithms that analysed it, in one text.
    public var algorithms: String { text(CohortColumns.algorithmsIndex) }

    /// How the analysis ended.
    public var analysis: CohortAnalysis { CohortAnalysis(rawValue: text(CohortColumns.analysisIndex)) ?? .failed }

    private func text(_ index: Int) -> String {
        guard values.indices.contains(index), case .text(let text) = values[index] else { return "" }
        return text
    }

    /// The row as a line of JSON, with its end.
    public var line: String { String(decoding: lineBytes, as: UTF8.self) }

    /// The same as bytes.
    public var lineBytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.usualLineBytes)
        for (name, value) in zip(CohortColumns.names, values) {
            bytes += name
            bytes += value.json.utf8
        }
        return bytes + [UInt8(ascii: "}"), UInt8(ascii: "\n")]
    }

    /// About what a line has, bytes.
    private static let usualLineBytes = 3072

    /// The row as a line of CSV (RFC 4180), with its end.
    public var csvLine: String { values.map(\.csv).joined(separator: ",") + "\r\n" }

    /// The columns in which another row differs.
    public func differences(from other: CohortRow) -> [RowDifference] {
        zip(CohortColumns.all, zip(values, other.values)).compactMap { column, pair in
            guard pair.0 != pair.1 else { return nil }
            return RowDifference(column: column.name, first: pair.0.json, second: pair.1.json)
        }
    }
}

/// The table that rows are put together to.
public enum MergedTable {
    /// The first line of the table as CSV.
    public static var csvHeader: String { CohortColumns.all.map(\.name).joined(separator: ",") + "\r\n" }

    /// Every column with kind, unit, allowed words and meaning, as CSV: the columns of a registry's dictionary.
    public static var dictionaryCSV: String {
        let names = ["table", "column", "kind", "unit", "words", "meaning"]
        let lines = CohortColumns.all.map { column in
            [
                "exams", column.name, column.kind.name, column.unit ?? "", column.kind.words.joined(separator: " "),
                column.meaning,
            ]
        }
        return ([names] + lines).map { fields in
            fields.map { $0.isEmpty ? "" : CohortValue.text($0).csv }.joined(separator: ",") + "\r\n"
        }.joined()
    }
}
