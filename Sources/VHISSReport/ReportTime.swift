/// A time of creation, read from ISO 8601 and written as the PDF's two forms of it.
struct ReportTime {
    /// `20260131101500`.
    private let digits: String
    /// `Z`, `+01:00` or `-05:30`.
    private let offset: String

    /// Reads `YYYY-MM-DDThh:mm:ss`, optional fractions, and `Z` or an offset.
    init(iso text: String) throws(ReportError) {
        let bytes = Array(text.utf8.prefix(Self.longestText + 1))
        guard bytes.count <= Self.longestText, let parsed = Self.parse(bytes) else {
            throw .creationTimeUnreadable(PrintableText.clean(text, limit: Self.longestText))
        }
        (digits, offset) = parsed
    }

    /// The date for the document information: `D:20260131101500+01'00'` (PDF 1.4, 3.8.2).
    var pdfDate: String {
        guard offset != "Z" else { return "D:\(digits)Z" }
        return "D:\(digits)\(offset.prefix(3))'\(offset.suffix(2))'"
    }

    /// The date for XMP: `2026-01-31T10:15:00+01:00`.
    var xmpDate: String {
        let parts = Array(digits)
        func piece(_ range: Range<Int>) -> String { String(parts[range]) }
        return "\(piece(0..<4))-\(piece(4..<6))-\(piece(6..<8))T\(piece(8..<10)):\(piece(10..<12)):"
            + "\(piece(12..<14))\(offset)"
    }

    /// Longest text that is read: nine digits of fraction and an offset.
    private static let longestText = 40
    /// `YYYY-MM-DDThh:mm:ss`, with `0` for a digit.
    private static let pattern = Array("0000-00-00T00:00:00".utf8)
    /// Largest value of month, day, hour, minute, and second with a leap second.
    private static let upperLimits = [12, 31, 23, 59, 60]

    private static func parse(_ bytes: [UInt8]) -> (String, String)? {
        guard bytes.count > pattern.count, matches(bytes.prefix(pattern.count), pattern) else { return nil }
        let digits = bytes.prefix(pattern.count).filter(isDigit).map { Int($0 - UInt8(ascii: "0")) }
        for (place, limit) in upperLimits.enumerated() {
            let value = digits[4 + 2 * place] * 10 + digits[5 + 2 * place]
            guard value <= limit, place > 1 || value > 0 else { return nil }
        }
        var rest = bytes.dropFirst(pattern.count)
        if rest.first == UInt8(ascii: ".") {
            let fraction = rest.dropFirst().prefix(while: isDigit)
            guard !fraction.isEmpty else { return nil }
            rest = rest.dropFirst(fraction.count + 1)
        }
        guard let offset = offset(rest) else { return nil }
        return (digits.map(String.init).joined(), offset)
    }

    private static func offset(_ bytes: ArraySlice<UInt8>) -> String? {
        if Array(bytes) == [UInt8(ascii: "Z")] { return "Z" }
        guard matches(bytes, Array("+00:00".utf8)) || matches(bytes, Array("-00:00".utf8)) else { return nil }
        let values = bytes.filter(isDigit).map { Int($0 - UInt8(ascii: "0")) }
        guard values[0] * 10 + values[1] <= 23, values[2] <= 5 else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }

    private static func matches(_ bytes: ArraySlice<UInt8>, _ pattern: [UInt8]) -> Bool {
        bytes.count == pattern.count
            && zip(bytes, pattern).allSatisfy { $1 == UInt8(ascii: "0") ? isDigit($0) : $0 == $1 }
    }
}
