/// A moment with its offset, as the three standards write it.
struct RecordTime: Hashable {
    private let date: RecordDate
    private let time: String
    private let fraction: String
    /// `+0100`; `Z` is `+0000`.
    let offset: String

    /// Reads ISO 8601: `2026-01-31T10:15:00.25+01:00`.
    ///
    /// - Parameter field: what the error names.
    init(_ iso: String, _ field: String) throws(RecordDocumentError) {
        let parts = iso.split(separator: "T", omittingEmptySubsequences: false).map(String.init)
        guard iso.utf8.count <= Self.longest, parts.count == 2 else { throw .time(field: field) }
        date = try RecordDate(parts[0], field)
        guard let sign = parts[1].lastIndex(where: { "Z+-".contains($0) }) else { throw .time(field: field) }
        let zone = String(parts[1][sign...])
        let clock = parts[1][..<sign].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let numbers = clock[0].split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard numbers.count == 3, clock.count <= 2,
            zip(numbers, [0...23, 0...59, 0...60]).allSatisfy({ Self.number($0, digits: 2, in: $1) })
        else { throw .time(field: field) }
        time = numbers.joined()
        fraction = clock.count == 2 ? clock[1] : ""
        guard clock.count == 1 || (!fraction.isEmpty && fraction.utf8.allSatisfy { (48...57).contains($0) }) else {
            throw .time(field: field)
        }
        offset = try Self.offset(zone, field)
    }

    /// Longest text that can be a moment (project choice).
    private static let longest = 40
    /// Digits of a second's fraction that DICOM and HL7 have room for (PS3.5 6.2; HL7 v2.5.1 2.A.22).
    private static let dicomDigits = 6, hl7Digits = 4

    private static func offset(_ zone: String, _ field: String) throws(RecordDocumentError) -> String {
        if zone == "Z" { return "+0000" }
        let parts = zone.dropFirst().split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, number(parts[0], digits: 2, in: 0...14), number(parts[1], digits: 2, in: 0...59) else {
            throw .time(field: field)
        }
        return "\(zone.prefix(1))\(parts[0])\(parts[1])"
    }

    /// Whether a text is a number of so many digits within a range.
    static func number(_ text: String, digits: Int, in range: ClosedRange<Int>) -> Bool {
        guard text.utf8.count == digits, text.utf8.allSatisfy({ (48...57).contains($0) }), let value = Int(text) else {
            return false
        }
        return range.contains(value)
    }

    /// `20260131`.
    var dicomDate: String { date.digits }
    /// `101500.25`.
    var dicomTime: String { time + Self.tail(fraction, Self.dicomDigits) }
    /// `20260131101500.25+0100`.
    var dicomDateTime: String { dicomDate + dicomTime + offset }
    /// `20260131101500.25+0100`.
    var hl7: String { date.digits + time + Self.tail(fraction, Self.hl7Digits) + offset }
    /// `2026-01-31T10:15:00.25+01:00`.
    var fhir: String {
        let clock = "\(time.prefix(2)):\(time.dropFirst(2).prefix(2)):\(time.suffix(2))"
        let zone = offset == "+0000" ? "Z" : "\(offset.prefix(3)):\(offset.suffix(2))"
        return "\(date.iso)T\(clock)\(Self.tail(fraction, Self.dicomDigits))\(zone)"
    }

    private static func tail(_ fraction: String, _ digits: Int) -> String {
        fraction.isEmpty ? "" : "." + fraction.prefix(digits)
    }
}

/// A day of the Gregorian calendar.
struct RecordDate: Hashable {
    /// `2026-01-31`.
    let iso: String

    /// Reads `2026-01-31`.
    init(_ text: String, _ field: String) throws(RecordDocumentError) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, RecordTime.number(parts[0], digits: 4, in: 1...9999),
            RecordTime.number(parts[1], digits: 2, in: 1...12), RecordTime.number(parts[2], digits: 2, in: 1...31),
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]),
            day <= Self.days(in: month, of: year)
        else { throw .time(field: field) }
        iso = text
    }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// `20260131`.
    var digits: String { iso.filter { $0 != "-" } }
}
