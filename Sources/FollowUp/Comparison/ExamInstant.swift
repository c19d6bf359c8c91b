/// A moment: seconds since the beginning of 1970, UTC.
public struct ExamInstant: Sendable, Hashable, Comparable {
    /// Seconds since 1970-01-01T00:00:00Z.
    public let seconds: Int64

    /// Seconds of a day.
    static let secondsPerDay: Int64 = 86_400

    /// A moment from ISO 8601 with seconds and offset (`2026-01-31T10:15:00+01:00`), or midnight UTC of a date alone.
    ///
    /// `nil` for anything else.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 10, let days = Self.days(bytes[0..<10]) else { return nil }
        guard bytes.count > 10 else {
            seconds = days * Self.secondsPerDay
            return
        }
        guard bytes.count >= 20, bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"),
            bytes[16] == UInt8(ascii: ":"), let hour = Self.number(bytes[11..<13]), hour < 24,
            let minute = Self.number(bytes[14..<16]), minute < 60, let second = Self.number(bytes[17..<19]),
            second <= 60
        else { return nil }
        var rest = bytes[19...]
        if rest.first == UInt8(ascii: ".") {
            let digits = rest.dropFirst().prefix { Self.isDigit($0) }
            guard !digits.isEmpty else { return nil }
            rest = rest.dropFirst(1 + digits.count)
        }
        guard let offset = Self.offset(Array(rest)) else { return nil }
        seconds = days * Self.secondsPerDay + hour * 3600 + minute * 60 + second - offset
    }

    /// Days from this moment to a later one, with their fraction.
    public func days(to later: ExamInstant) -> Double {
        Double(later.seconds - seconds) / Double(Self.secondsPerDay)
    }

    /// Whether this is before another moment.
    public static func < (one: ExamInstant, other: ExamInstant) -> Bool { one.seconds < other.seconds }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int64? {
        guard bytes.allSatisfy(isDigit) else { return nil }
        return bytes.reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
    }

    /// `Z`, `+01:00` or `-01:00` in seconds.
    private static func offset(_ bytes: [UInt8]) -> Int64? {
        if bytes == [UInt8(ascii: "Z")] { return 0 }
        guard bytes.count == 6, bytes[3] == UInt8(ascii: ":"), let hours = number(bytes[1..<3]), hours < 24,
            let minutes = number(bytes[4..<6]), minutes < 60
        else { return nil }
        switch bytes[0] {
        case UInt8(ascii: "+"): return hours * 3600 + minutes * 60
        case UInt8(ascii: "-"): return -(hours * 3600 + minutes * 60)
        default: return nil
        }
    }

    /// `2026-01-31` as days since 1970-01-01.
    private static func days(_ bytes: ArraySlice<UInt8>) -> Int64? {
        guard bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"), let year = number(bytes[0..<4]),
            let month = number(bytes[5..<7]), let day = number(bytes[8..<10]), year >= 1, (1...12).contains(month)
        else { return nil }
        let isLeap = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
        let lengths: [Int64] = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard (1...lengths[Int(month) - 1]).contains(day) else { return nil }
        let before = year - 1
        let leapDays = before / 4 - before / 100 + before / 400
        let dayOfYear = lengths.prefix(Int(month) - 1).reduce(0, +) + day - 1
        // 719,162 days lie between the first day of year 1 and that of 1970.
        return before * 365 + leapDays + dayOfYear - 719_162
    }
}
