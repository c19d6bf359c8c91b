internal import Foundation

/// A moment as the archive stores it: milliseconds since 1970-01-01T00:00:00Z.
///
/// The archive reads no clock; whoever acts says when.
public struct ArchiveTime: Sendable, Hashable, Comparable, Codable {
    /// Milliseconds since 1970, UTC.
    public let millisecondsSince1970: Int64

    private static let millisecondsPerSecond = 1000.0
    /// The year 9999, the last that ISO 8601 writes with four digits, seconds since 1970.
    private static let lastSeconds = 253_402_300_799.0

    /// A moment from its count of milliseconds.
    public init(millisecondsSince1970: Int64) { self.millisecondsSince1970 = millisecondsSince1970 }

    /// A moment from seconds since 1970; what is no number or far away is brought to the nearest that can be written.
    public init(secondsSince1970: Double) {
        let seconds = secondsSince1970.isNaN ? 0 : min(max(secondsSince1970, 0), Self.lastSeconds)
        millisecondsSince1970 = Int64((seconds * Self.millisecondsPerSecond).rounded(.down))
    }

    /// ISO 8601 in UTC: `2026-01-31T10:15:00.000Z`.
    public var text: String {
        Date(timeIntervalSince1970: Double(millisecondsSince1970) / Self.millisecondsPerSecond)
            .formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }

    /// Which of two moments is earlier.
    public static func < (left: ArchiveTime, right: ArchiveTime) -> Bool {
        left.millisecondsSince1970 < right.millisecondsSince1970
    }

    /// Writes the moment as its text.
    public func encode(to encoder: any Encoder) throws {
        var field = encoder.singleValueContainer()
        try field.encode(text)
    }

    /// Reads a moment from its text.
    public init(from decoder: any Decoder) throws {
        let field = try decoder.singleValueContainer()
        let text = try field.decode(String.self)
        let date = try Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(text)
        self.init(secondsSince1970: date.timeIntervalSince1970)
    }
}

/// Who does something to the archive, and when.
public struct ArchiveAct: Sendable, Hashable {
    /// Who, in words.
    public var by: String
    /// When.
    public var at: ArchiveTime

    /// An act from its fields.
    public init(by: String, at: ArchiveTime) {
        self.by = by
        self.at = at
    }
}
