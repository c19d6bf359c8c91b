/// One XML element of a command with what stands in it: no text, no references but the five of XML, nothing resolved.
struct CommandElement: Hashable {
    var name: String
    var attributes: [String: String] = [:]
    var children: [CommandElement] = []
}

/// Reads it strictly and within bounds (project choices: far above any command here).
struct CommandElementReader {
    static let longestText = 4096
    private static let mostAttributes = 8
    private static let mostChildren = 8
    private static let longestName = 64
    private static let deepest = 2

    private let bytes: [UInt8]
    private var position = 0

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The one element of a text.
    static func read(_ text: String) throws(CommandProblem) -> CommandElement {
        let bytes = Array(text.utf8)
        guard bytes.count <= longestText else { throw .tooLong(bytes: bytes.count, limit: longestText) }
        var reader = Self(bytes)
        reader.skipBlanks()
        let element = try reader.element(depth: 1)
        reader.skipBlanks()
        // Peers in C send the zero that ends their string.
        if reader.peek == 0, reader.position == bytes.count - 1 { reader.position += 1 }
        guard reader.peek == nil else { throw reader.expected("the end") }
        return element
    }

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private func expected(_ what: String) -> CommandProblem { .syntax(place: position, expected: what) }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0A).contains(byte) || byte == 0x0D }

    /// Whether there was one at least.
    @discardableResult
    private mutating func skipBlanks() -> Bool {
        let begin = position
        while let byte = peek, Self.isBlank(byte) { position += 1 }
        return position > begin
    }

    private mutating func skip(_ mark: String) -> Bool {
        guard bytes[position...].starts(with: mark.utf8) else { return false }
        position += mark.utf8.count
        return true
    }

    private mutating func need(_ mark: String) throws(CommandProblem) {
        guard skip(mark) else { throw expected(mark) }
    }

    private mutating func readName() throws(CommandProblem) -> String {
        let letters = bytes[position...].prefix { byte in
            (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte)
                || byte == UInt8(ascii: "_")
        }
        guard let first = letters.first, !(0x30...0x39).contains(first), letters.count <= Self.longestName else {
            throw expected("a name of at most \(Self.longestName) letters and digits")
        }
        position += letters.count
        return String(decoding: letters, as: UTF8.self)
    }

    private mutating func element(depth: Int) throws(CommandProblem) -> CommandElement {
        try need("<")
        var element = CommandElement(name: try readName())
        while true {
            let hadBlank = skipBlanks()
            if skip("/>") { return element }
            if skip(">") { break }
            guard hadBlank else { throw expected("a blank before an attribute, or the element's end") }
            try readAttribute(into: &element)
        }
        while true {
            skipBlanks()
            if skip("</") { break }
            guard peek == UInt8(ascii: "<") else { throw expected("an element: text has no meaning here") }
            guard depth < Self.deepest else { throw .tooMany("levels", limit: Self.deepest) }
            guard element.children.count < Self.mostChildren else {
                throw .tooMany("elements", limit: Self.mostChildren)
            }
            element.children.append(try self.element(depth: depth + 1))
        }
        try need(element.name)
        skipBlanks()
        try need(">")
        return element
    }

    private mutating func readAttribute(into element: inout CommandElement) throws(CommandProblem) {
        let name = try readName()
        guard element.attributes[name] == nil else { throw .repeatedAttribute(name) }
        guard element.attributes.count < Self.mostAttributes else {
            throw .tooMany("attributes", limit: Self.mostAttributes)
        }
        skipBlanks()
        try need("=")
        skipBlanks()
        guard let quote = peek, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            throw expected("a quotation mark")
        }
        position += 1
        element.attributes[name] = try readValue(until: quote)
    }

    private static let references: [(mark: String, byte: UInt8)] = [
        ("&amp;", 0x26), ("&lt;", 0x3C), ("&gt;", 0x3E), ("&quot;", 0x22), ("&apos;", 0x27),
    ]

    private mutating func readValue(until quote: UInt8) throws(CommandProblem) -> String {
        var value: [UInt8] = []
        while let byte = peek, byte != quote {
            if byte == UInt8(ascii: "&") {
                var found: UInt8?
                for reference in Self.references where found == nil && skip(reference.mark) { found = reference.byte }
                guard let found else { throw expected("one of the five references of XML") }
                value.append(found)
            } else {
                guard byte >= 0x20, byte != 0x7F, byte != UInt8(ascii: "<") else {
                    throw expected("the value's end; control characters and < are not read")
                }
                value.append(byte)
                position += 1
            }
        }
        guard peek == quote else { throw expected("the value's closing mark") }
        position += 1
        return String(decoding: value, as: UTF8.self)
    }
}
