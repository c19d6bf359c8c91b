/// What a DICOM file in explicit little endian is, read from its outermost elements (PS3.10 section 7, PS3.5 section 7).
struct ObjectFacts: Hashable {
    var sopClassUID: String
    var sopInstanceUID: String
    var seriesInstanceUID: String

    private static let preambleBytes = 132
    private static let longKinds: Set<String> = [
        "OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV",
    ]
    private static let seriesTag: UInt32 = 0x0020_000E
    private static let classTag: UInt32 = 0x0008_0016
    private static let instanceTag: UInt32 = 0x0008_0018

    /// Reads a file; `nil` where it is none, or has one of the three not before its pixels.
    init?(_ bytes: [UInt8]) {
        guard bytes.count > Self.preambleBytes, bytes[128..<132].elementsEqual("DICM".utf8) else { return nil }
        var found: [UInt32: String] = [:]
        var place = Self.preambleBytes
        while let element = Self.element(bytes, at: place), element.tag <= Self.seriesTag {
            if [Self.seriesTag, Self.classTag, Self.instanceTag].contains(element.tag) {
                found[element.tag] = String(
                    decoding: bytes[element.value].prefix { $0 != 0 && $0 != UInt8(ascii: " ") }, as: UTF8.self)
            }
            place = element.value.upperBound
        }
        guard let sopClass = found[Self.classTag], let instance = found[Self.instanceTag],
            let series = found[Self.seriesTag]
        else { return nil }
        (sopClassUID, sopInstanceUID, seriesInstanceUID) = (sopClass, instance, series)
    }

    /// The element at a place; `nil` at the end, where its length is not told, or lies beyond the end.
    private static func element(_ bytes: [UInt8], at place: Int) -> (tag: UInt32, value: Range<Int>)? {
        let head = 8
        guard place + head <= bytes.count else { return nil }
        let number = { (at: Int, count: Int) in
            bytes[at..<at + count].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        }
        let tag = number(place, 2) << 16 | number(place + 2, 2)
        let isLong = longKinds.contains(String(decoding: bytes[place + 4..<place + 6], as: UTF8.self))
        let start = place + (isLong ? head + 4 : head)
        guard start <= bytes.count else { return nil }
        let length = Int(isLong ? number(place + head, 4) : number(place + 6, 2))
        guard length <= bytes.count - start else { return nil }
        return (tag, start..<start + length)
    }
}
