internal import Foundation

/// How long signed exams are kept.
public struct RetentionRule: Sendable, Hashable {
    /// Whole years after the newest version of an exam was signed (Gregorian calendar, UTC).
    public let years: Int

    /// The longest term, years (project choice).
    private static let longest = 200

    /// A rule; from 1 to 200 years.
    public init(years: Int) throws(ArchiveError) {
        guard (1...Self.longest).contains(years) else {
            throw .badArgument(what: "a retention of \(years) years", remedy: "give 1 to \(Self.longest)")
        }
        self.years = years
    }

    /// When the term of something that was signed at a moment ends.
    ///
    /// A term from a 29 February ends on a 1 March where there is no such day.
    public func end(from signed: ArchiveTime) -> ArchiveTime {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let date = Date(timeIntervalSince1970: Double(signed.millisecondsSince1970) / 1000)
        guard let end = calendar.date(byAdding: .year, value: years, to: date) else {
            return ArchiveTime(millisecondsSince1970: .max)
        }
        let isLeapDay = calendar.component(.day, from: date) == 29 && calendar.component(.month, from: date) == 2
        let isShortened = isLeapDay && calendar.component(.day, from: end) != 29
        let whole = isShortened ? calendar.date(byAdding: .day, value: 1, to: end) ?? end : end
        return ArchiveTime(secondsSince1970: whole.timeIntervalSince1970)
    }
}

/// An exam whose term is over.
public struct ExpiredExam: Sendable, Hashable, Encodable {
    /// The exam's id.
    public var examID: String
    /// Its versions, all of which go together.
    public var versions: [Int]
    /// The subject's code.
    public var subjectCode: String
    /// When its newest version was signed.
    public var signedAt: ArchiveTime
    /// When its term ended.
    public var expiredAt: ArchiveTime
    /// Files of all versions, with the sealed documents of the outbox.
    public var files: Int
    /// Their bytes.
    public var bytes: Int64
    /// Why it stays nevertheless, in words; `nil` where it may go.
    public var obstacle: String?
}
