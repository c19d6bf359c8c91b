/// A venous haemodynamic insufficiency severity score by a named table.
public struct VHISSScore: Sendable, Hashable {
    /// The table that was used; its citation tells its provenance.
    public var table: Reference
    /// Whether the table is known to be the published one.
    public var tableIsVerified: Bool
    /// The raw counts.
    public var parts: [VHISSPart]
    /// The score if nothing that is unknown is abnormal.
    public var low: Int
    /// The score if everything that is unknown is abnormal.
    public var high: Int
    /// The score, only when `low` and `high` agree.
    public var value: Int? { low == high ? low : nil }

    /// A score from its fields.
    public init(table: Reference, tableIsVerified: Bool, parts: [VHISSPart], low: Int, high: Int) {
        self.table = table
        self.tableIsVerified = tableIsVerified
        self.parts = parts
        self.low = low
        self.high = high
    }
}

extension VHISSScore: Codable {
    private enum CodingKeys: String, CodingKey {
        case table, tableIsVerified, parts, low, high, value
    }

    /// Reads a score; `value` follows from `low` and `high` and is not read.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            table: try fields.decode(Reference.self, forKey: .table),
            tableIsVerified: try fields.decode(Bool.self, forKey: .tableIsVerified),
            parts: try fields.decode([VHISSPart].self, forKey: .parts),
            low: try fields.decode(Int.self, forKey: .low), high: try fields.decode(Int.self, forKey: .high))
    }

    /// Writes the score with its `value`: a number, or `null` when it is an interval.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(table, forKey: .table)
        try fields.encode(tableIsVerified, forKey: .tableIsVerified)
        try fields.encode(parts, forKey: .parts)
        try fields.encode(low, forKey: .low)
        try fields.encode(high, forKey: .high)
        try fields.encode(value, forKey: .value)
    }
}
