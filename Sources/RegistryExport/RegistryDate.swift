/// A day of the Gregorian calendar.
public struct RegistryDate: Sendable, Hashable, Comparable {
    /// Days since 1970-01-01.
    public let dayNumber: Int

    /// Years that are read: the calendar's four digits.
    private static let years = 1000...9999

    /// The day that a text begins with, `2026-01-31` or `2026-01-31T10:15:00+01:00`.
    ///
    /// - Returns: `nil` where that is no day of the calendar.
    public init?(_ text: String) {
        let bytes = Array(text.utf8.prefix(11))
        guard bytes.count >= 10, bytes.count == 10 || bytes[10] == UInt8(ascii: "T"),
            bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            let year = Self.number(bytes[0..<4]), let month = Self.number(bytes[5..<7]),
            let day = Self.number(bytes[8..<10]), Self.years.contains(year)
        else { return nil }
        let number = Self.dayNumber(year, month, day)
        guard (1...12).contains(month), (1...31).contains(day), Self.parts(number) == (year, month, day) else {
            return nil
        }
        dayNumber = number
    }

    /// A day by its number.
    init(dayNumber: Int) { self.dayNumber = dayNumber }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        var value = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            value = value * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return value
    }

    /// Days since 1970-01-01 of a day of the Gregorian calendar.
    ///
    /// Hinnant, "chrono-compatible low-level date algorithms": years begin in March, so that the leap day is a year's last.
    private static func dayNumber(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// Year, month and day of a day's number, as above.
    private static func parts(_ dayNumber: Int) -> (Int, Int, Int) {
        let days = dayNumber + 719_468
        let era = days / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (
            yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        )
    }

    /// The day some days earlier.
    public func earlier(byDays days: Int) -> RegistryDate { RegistryDate(dayNumber: dayNumber - days) }

    /// Whole years from a date of birth to this day; `nil` where the birth is later.
    public func age(bornOn birth: RegistryDate) -> Int? {
        guard birth <= self else { return nil }
        let (now, born) = (Self.parts(dayNumber), Self.parts(birth.dayNumber))
        let hadBirthday = (now.1, now.2) >= (born.1, born.2)
        return now.0 - born.0 - (hadBirthday ? 0 : 1)
    }

    /// `2026-01-31`.
    public var text: String {
        let (year, month, day) = Self.parts(dayNumber)
        func digits(_ number: Int, _ width: Int) -> String {
            let text = "\(number)"
            return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
        }
        return "\(digits(year, 4))-\(digits(month, 2))-\(digits(day, 2))"
    }

    /// By the calendar.
    public static func < (left: RegistryDate, right: RegistryDate) -> Bool { left.dayNumber < right.dayNumber }
}
