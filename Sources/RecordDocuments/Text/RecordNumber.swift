internal import Foundation

/// A finite number as the three standards write it, without loss.
struct RecordNumber: Hashable {
    /// The number.
    let value: Double

    /// The most characters of a Decimal String (PS3.5 6.2).
    static let decimalString = 16

    /// A number that must be finite.
    init(_ value: Double, _ field: String) throws(RecordDocumentError) {
        guard value.isFinite else { throw .number(field: field) }
        // Negative zero is zero.
        self.value = value == 0 ? 0 : value
    }

    /// A whole number.
    init(_ count: Int) { value = Double(count) }

    /// The shortest text that reads back as the same number: `14.3`, `5e-05`.
    var text: String {
        let text = "\(value)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// At most 16 characters; the nearest number where the shortest text is longer.
    var dicom: String {
        guard text.utf8.count > Self.decimalString else { return text }
        for digits in stride(from: Self.decimalString - 1, through: 1, by: -1) {
            let rounded = String(format: "%.\(digits)g", value)
            if rounded.utf8.count <= Self.decimalString { return rounded }
        }
        return text
    }

    /// Whether `dicom` is another number than the value.
    var needsFloatingPoint: Bool { Double(dicom) != value }

    /// Without an exponent, as HL7's NM wants it (v2.5.1 2.A.47).
    var plain: String {
        let parts = text.split(separator: "e").map(String.init)
        guard parts.count == 2, let exponent = Int(parts[1]) else { return text }
        let sign = parts[0].hasPrefix("-") ? "-" : ""
        let mantissa = parts[0].drop { $0 == "-" }.split(separator: ".").map(String.init)
        let whole = mantissa[0], fraction = mantissa.count > 1 && mantissa[1] != "0" ? mantissa[1] : ""
        let digits = whole + fraction
        let point = whole.count + exponent
        if point <= 0 { return "\(sign)0." + String(repeating: "0", count: -point) + digits }
        if point >= digits.count { return sign + digits + String(repeating: "0", count: point - digits.count) }
        return "\(sign)\(digits.prefix(point)).\(digits.dropFirst(point))"
    }
}
