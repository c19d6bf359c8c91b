/// Reads the fields of a message within its bounds.
struct ByteReader {
    /// The message's type, for errors.
    let type: String
    private let bytes: ArraySlice<UInt8>
    private var position: Int

    init(_ bytes: ArraySlice<UInt8>, type: String) {
        self.type = type
        self.bytes = bytes
        position = bytes.startIndex
    }

    /// How many bytes are not read yet.
    var left: Int { bytes.endIndex - position }

    mutating func take(_ count: Int, _ what: String) throws(IGTLError) -> ArraySlice<UInt8> {
        guard count >= 0, count <= left else {
            throw .malformed(type: type, reason: "\(what) needs \(count) bytes, and \(left) are left")
        }
        defer { position += count }
        return bytes[position..<position + count]
    }

    mutating func integer<Value: FixedWidthInteger>(_: Value.Type, _ what: String) throws(IGTLError) -> Value {
        try take(Value.bitWidth / 8, what).reduce(0) { $0 << 8 | Value(truncatingIfNeeded: $1) }
    }

    mutating func float(_ what: String) throws(IGTLError) -> Float {
        Float(bitPattern: try integer(UInt32.self, what))
    }

    mutating func double(_ what: String) throws(IGTLError) -> Double {
        Double(bitPattern: try integer(UInt64.self, what))
    }

    /// Text up to the first zero of a field; what is not printable ASCII becomes `?`.
    mutating func paddedText(_ size: Int, _ what: String) throws(IGTLError) -> String {
        let field = try take(size, what).prefix { $0 != 0 }
        return String(decoding: field.map { (0x20...0x7E).contains($0) ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
    }

    /// UTF-8.
    mutating func text(_ count: Int, _ what: String) throws(IGTLError) -> String {
        guard let text = String(validating: try take(count, what), as: UTF8.self) else {
            throw .malformed(type: type, reason: "\(what) is not UTF-8")
        }
        return text
    }

    /// Everything must have been read.
    func finish() throws(IGTLError) {
        guard left == 0 else { throw .malformed(type: type, reason: "\(left) bytes follow its end") }
    }
}

/// How texts are encoded: the numbers of IANA's list of character sets.
enum TextEncoding {
    static let ascii: UInt16 = 3
    static let utf8: UInt16 = 106

    static func number(for text: [UInt8]) -> UInt16 { text.allSatisfy { $0 < 0x80 } ? ascii : utf8 }

    /// Reads the number before a text; many peers say ASCII whatever they send, so both are read as UTF-8.
    static func check(_ number: UInt16, type: String) throws(IGTLError) {
        guard number == ascii || number == utf8 else {
            throw .malformed(type: type, reason: "its text has the character set \(number); 3 and 106 are read")
        }
    }
}
