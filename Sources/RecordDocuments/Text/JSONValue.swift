/// A JSON value whose keys keep their order, so that the same content gives the same bytes.
enum JSONValue: Sendable, Hashable {
    /// One key of an object with its value.
    struct Field: Sendable, Hashable {
        var key: String
        var value: JSONValue
    }

    case text(String)
    case number(String)
    case flag(Bool)
    case list([JSONValue])
    case object([Field])

    /// The value as UTF-8 without spaces; control characters are escaped (RFC 8259).
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        write(into: &bytes)
        return bytes
    }

    private func write(into bytes: inout [UInt8]) {
        switch self {
        case .text(let text): Self.write(text, into: &bytes)
        case .number(let digits): bytes += digits.utf8
        case .flag(let flag): bytes += (flag ? "true" : "false").utf8
        case .list(let items):
            bytes.append(UInt8(ascii: "["))
            for (index, item) in items.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                item.write(into: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let fields):
            bytes.append(UInt8(ascii: "{"))
            for (index, field) in fields.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                Self.write(field.key, into: &bytes)
                bytes.append(UInt8(ascii: ":"))
                field.value.write(into: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    private static func write(_ text: String, into bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 0..<0x20:
                let digits = String(byte, radix: 16)
                bytes += ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
    /// A text.
    init(stringLiteral value: String) { self = .text(value) }

    /// A list.
    init(arrayLiteral elements: JSONValue...) { self = .list(elements) }

    /// An object; keys whose value is `nil`, and empty lists, do not stand.
    init(dictionaryLiteral elements: (String, JSONValue?)...) {
        self = .object(
            elements.compactMap { key, value in
                guard let value, value != .list([]) else { return nil }
                return Field(key: key, value: value)
            })
    }

    /// A text where there is one that is not empty: FHIR knows no empty text.
    static func optional(_ text: String?) -> JSONValue? {
        guard let text, !text.allSatisfy(\.isWhitespace) else { return nil }
        return .text(text)
    }
}
