/// The top level of a DICOM file in explicit VR little endian, read by the tests' own few lines.
struct ExplicitFile {
    /// `0010,0010` of every attribute after the meta information, in the file's order.
    private(set) var tags: [String] = []

    /// Reads a file; `nil` for anything that does not add up.
    init?(_ bytes: [UInt8]) {
        guard bytes.count > 132, Array(bytes[128..<132]) == Array("DICM".utf8) else { return nil }
        var place = 132
        while place < bytes.count {
            guard place + 8 <= bytes.count else { return nil }
            let group = Self.number(bytes, place, 2), element = Self.number(bytes, place + 2, 2)
            let vr = String(decoding: bytes[place + 4..<place + 6], as: UTF8.self)
            let isLong = ["OB", "OW", "SQ", "UN", "UT", "UC", "UR", "OF", "OD", "OL"].contains(vr)
            guard !isLong || place + 12 <= bytes.count else { return nil }
            let length = isLong ? Self.number(bytes, place + 8, 4) : Self.number(bytes, place + 6, 2)
            place += (isLong ? 12 : 8) + length
            guard place <= bytes.count else { return nil }
            if group != 2 { tags.append("\(Self.digits(group)),\(Self.digits(element))") }
        }
    }

    private static func number(_ bytes: [UInt8], _ place: Int, _ count: Int) -> Int {
        bytes[place..<place + count].reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    private static func digits(_ number: Int) -> String {
        let text = String(number, radix: 16, uppercase: true)
        return String(repeating: "0", count: 4 - text.count) + text
    }
}
