/// A value of JSON that came from outside.
enum JSONItem: Sendable, Hashable {
    case null
    case flag(Bool)
    case number(Double)
    case text(String)
    case list([JSONItem])
    case object([String: JSONItem])

    /// What it is, for a person.
    var words: String {
        switch self {
        case .null: "null"
        case .flag: "true or false"
        case .number: "a number"
        case .text: "a text"
        case .list: "a list"
        case .object: "an object"
        }
    }

    /// Reads a document within the limits.
    init(_ bytes: [UInt8]) throws(DeskRefusal) {
        guard bytes.count <= JSONScanner.longestDocument else {
            throw DeskRefusal(
                .tooMuch, "the body has \(bytes.count) bytes", next: "Send at most \(JSONScanner.longestDocument).")
        }
        do throws(JSONScanner.Problem) {
            var scanner = JSONScanner(bytes)
            self = try scanner.document()
        } catch {
            throw DeskRefusal(
                .wrongInput, "the body is no JSON: byte \(error.place): \(error.what)", next: "Send one JSON object.")
        }
    }
}

/// Reads JSON (RFC 8259), strictly: no key twice, nothing behind the value, and bounded depth and count.
struct JSONScanner {
    /// What is wrong, and where.
    struct Problem: Error {
        var place: Int
        var what: String
    }

    /// The longest body, bytes (project choice: ten times the longest list of marks that is taken).
    static let longestDocument = 1 << 20
    /// How deep values stand in each other (project choice; the deepest body of the interface has 4).
    private static let deepest = 16
    /// How many values a body holds (project choice).
    private static let mostItems = 50_000

    private let bytes: [UInt8]
    private var place = 0
    private var items = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The one value of the document.
    mutating func document() throws(Problem) -> JSONItem {
        let item = try value(depth: 0)
        skipSpace()
        guard place == bytes.count else { throw problem("something stands behind the value") }
        return item
    }

    private func problem(_ what: String) -> Problem { Problem(place: place, what: what) }

    private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { place += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        place += 1
        return true
    }

    private mutating func value(depth: Int) throws(Problem) -> JSONItem {
        skipSpace()
        items += 1
        guard depth < Self.deepest else { throw problem("values stand more than \(Self.deepest) deep") }
        guard items <= Self.mostItems else { throw problem("more than \(Self.mostItems) values") }
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try list(depth: depth)
        case UInt8(ascii: "\""): return .text(try text())
        case UInt8(ascii: "t"): return try word("true", .flag(true))
        case UInt8(ascii: "f"): return try word("false", .flag(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case nil: throw problem("it ends where a value is expected")
        default: return .number(try number())
        }
    }

    private mutating func word(_ word: String, _ item: JSONItem) throws(Problem) -> JSONItem {
        guard bytes[place...].starts(with: word.utf8) else { throw problem("a value is expected") }
        place += word.utf8.count
        return item
    }

    private mutating func object(depth: Int) throws(Problem) -> JSONItem {
        place += 1
        var fields: [String: JSONItem] = [:]
        skipSpace()
        if take("}") { return .object(fields) }
        while true {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw problem("a key in quotes is expected") }
            let key = try text()
            skipSpace()
            guard take(":") else { throw problem("`:` is expected") }
            let item = try value(depth: depth + 1)
            guard fields.updateValue(item, forKey: key) == nil else {
                throw problem("the key `\(key.prefix(40))` stands twice")
            }
            skipSpace()
            if take("}") { return .object(fields) }
            guard take(",") else { throw problem("`,` or `}` is expected") }
        }
    }

    private mutating func list(depth: Int) throws(Problem) -> JSONItem {
        place += 1
        var list: [JSONItem] = []
        skipSpace()
        if take("]") { return .list(list) }
        while true {
            list.append(try value(depth: depth + 1))
            skipSpace()
            if take("]") { return .list(list) }
            guard take(",") else { throw problem("`,` or `]` is expected") }
        }
    }

    private mutating func digits() -> Int {
        let start = place
        while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { place += 1 }
        return place - start
    }

    private mutating func number() throws(Problem) -> Double {
        let start = place
        _ = take("-")
        let isZero = next == UInt8(ascii: "0")
        let whole = digits()
        guard whole > 0, !isZero || whole == 1 else { throw problem("a value is expected") }
        if take("."), digits() == 0 { throw problem("digits are missing behind the point") }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            guard digits() > 0 else { throw problem("digits are missing in the exponent") }
        }
        guard let value = Double(String(decoding: bytes[start..<place], as: UTF8.self)), value.isFinite else {
            throw problem("a number out of range")
        }
        return value
    }

    private mutating func text() throws(Problem) -> String {
        place += 1
        var taken: [UInt8] = []
        while let byte = next {
            place += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: taken, as: UTF8.self) else { throw problem("a text is no UTF-8") }
                return text
            case UInt8(ascii: "\\"): taken += Array(String(try escaped()).utf8)
            case 0..<0x20: throw problem("a control character stands in a text")
            default: taken.append(byte)
            }
        }
        throw problem("a text does not end")
    }

    private mutating func escaped() throws(Problem) -> Character {
        guard let byte = next else { throw problem("a text does not end") }
        place += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Character(Unicode.Scalar(byte))
        case UInt8(ascii: "b"): return "\u{08}"
        case UInt8(ascii: "f"): return "\u{0C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return Character(try unicode())
        default: throw problem("an unknown escape")
        }
    }

    /// The scalar behind `\u`, with its second half where it has one.
    private mutating func unicode() throws(Problem) -> Unicode.Scalar {
        let first = try hexadecimal()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard (0xD800..<0xDC00).contains(first), take("\\"), take("u") else { throw problem("half a character") }
        let second = try hexadecimal()
        guard (0xDC00..<0xE000).contains(second),
            let scalar = Unicode.Scalar(0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00))
        else { throw problem("half a character") }
        return scalar
    }

    private mutating func hexadecimal() throws(Problem) -> UInt32 {
        let digits = 4
        guard place + digits <= bytes.count else { throw problem("a text does not end") }
        var value: UInt32 = 0
        for byte in bytes[place..<place + digits] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw problem("no hexadecimal digit")
            }
            value = value << 4 | UInt32(digit)
        }
        place += digits
        return value
    }
}
