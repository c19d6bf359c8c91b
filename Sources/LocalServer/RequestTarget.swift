/// What a request asks for: the path's segments and the parameters, decoded.
///
/// Whatever could be read in two ways is refused: RFC 3986 leaves much to the reader, and tricks live there.
struct RequestTarget: Hashable {
    /// The decoded segments, none empty, `.` or `..`, without slash, backslash or control characters.
    var path: [String]
    /// The decoded parameters.
    var query: [String: String]

    /// Parameters of one request at most (project choice: the interface has at most three).
    static let mostParameters = 32

    init(path: [String], query: [String: String] = [:]) {
        self.path = path
        self.query = query
    }

    /// Reads the second word of a request line.
    init(reading target: String) throws(Refusal) {
        let bytes = Array(target.utf8)
        guard bytes.first == UInt8(ascii: "/") else { throw Self.malformed }
        guard bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") }) else { throw Self.malformed }
        let mark = bytes.firstIndex(of: UInt8(ascii: "?")) ?? bytes.endIndex
        path = try Self.segments(bytes[1..<mark])
        query = mark < bytes.endIndex ? try Self.parameters(bytes[(mark + 1)...]) : [:]
    }

    /// `/` and the decoded segments: the key of an asset.
    var canonicalPath: String { "/" + path.joined(separator: "/") }

    private static let malformed = Refusal(400, "The request's address is malformed.", next: "Go to the first page.")

    private static func segments(_ bytes: ArraySlice<UInt8>) throws(Refusal) -> [String] {
        guard !bytes.isEmpty else { return [] }
        var segments: [String] = []
        for part in bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            let segment = try decoded(part, plusIsSpace: false)
            guard !segment.isEmpty, segment != ".", segment != "..",
                !segment.utf8.contains(where: { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") })
            else { throw malformed }
            segments.append(segment)
        }
        return segments
    }

    private static func parameters(_ bytes: ArraySlice<UInt8>) throws(Refusal) -> [String: String] {
        var parameters: [String: String] = [:]
        guard !bytes.isEmpty else { return parameters }
        for part in bytes.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false) {
            let equals = part.firstIndex(of: UInt8(ascii: "=")) ?? part.endIndex
            let name = try decoded(part[..<equals], plusIsSpace: true)
            let value = try decoded(part[equals...].dropFirst(), plusIsSpace: true)
            guard !name.isEmpty, parameters.count < mostParameters, parameters.updateValue(value, forKey: name) == nil
            else { throw malformed }
        }
        return parameters
    }

    /// Percent escapes undone: UTF-8 without control characters.
    private static func decoded(_ bytes: ArraySlice<UInt8>, plusIsSpace: Bool) throws(Refusal) -> String {
        var plain: [UInt8] = []
        var rest = bytes
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%") {
                guard let high = digit(rest.popFirst()), let low = digit(rest.popFirst()) else { throw malformed }
                plain.append(high << 4 | low)
            } else {
                plain.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        guard let text = String(validating: plain, as: UTF8.self),
            !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else { throw malformed }
        return text
    }

    private static func digit(_ byte: UInt8?) -> UInt8? {
        switch byte {
        case let byte? where (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte): byte - UInt8(ascii: "0")
        case let byte? where (UInt8(ascii: "A")...UInt8(ascii: "F")).contains(byte): byte - UInt8(ascii: "A") + 10
        case let byte? where (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
