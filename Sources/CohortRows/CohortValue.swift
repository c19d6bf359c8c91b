/// What may stand in a column of the cohort's table.
enum CohortKind: Sendable, Hashable {
    /// One word of a closed list.
    case word([String])
    /// An id: printable ASCII, 1 to 128 characters.
    case identifier
    /// A text without control characters, at most 512 bytes.
    case text
    /// 64 hexadecimal digits.
    case sha256
    /// A whole number, 0 or above.
    case count
    /// A finite number.
    case decimal
    /// Yes or no.
    case truth

    private static let longestIdentifier = 128
    private static let longestText = 512

    /// The kind's name in the data dictionary.
    var name: String {
        switch self {
        case .word: "word"
        case .identifier: "id"
        case .text: "text"
        case .sha256: "SHA-256"
        case .count: "whole number"
        case .decimal: "number"
        case .truth: "true or false"
        }
    }

    /// The words of a closed list; empty for other kinds.
    var words: [String] {
        guard case .word(let words) = self else { return [] }
        return words
    }

    /// Whether a value may stand in a column of this kind.
    func allows(_ value: CohortValue) -> Bool {
        switch (self, value) {
        case (_, .missing), (.truth, .truth): true
        case (.word(let words), .text(let text)): words.contains(text)
        case (.identifier, .text(let text)):
            (1...Self.longestIdentifier).contains(text.utf8.count)
                && text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        case (.text, .text(let text)):
            text.utf8.count <= Self.longestText && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
        case (.sha256, .text(let text)): text.utf8.count == 64 && text.utf8.allSatisfy(Self.isHexadecimal)
        case (.count, .count(let count)): count >= 0
        case (.decimal, .decimal(let number)): number.isFinite
        default: false
        }
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}

/// One field of a row.
enum CohortValue: Sendable, Hashable {
    /// There is none: not analysed, or the exam does not say; never 0.
    case missing
    /// A text, an id, a word or a fingerprint.
    case text(String)
    /// A whole number.
    case count(Int)
    /// A measured value.
    case decimal(Double)
    /// Yes or no.
    case truth(Bool)

    /// The value as JSON; `null` where there is none.
    var json: String {
        switch self {
        case .missing: "null"
        case .text(let text): "\"\(Self.escaped(text))\""
        case .count(let count): "\(count)"
        case .decimal(let number): "\(number)"
        case .truth(let isTrue): isTrue ? "true" : "false"
        }
    }

    /// The value as a field of CSV (RFC 4180); empty where there is none, `""` for an empty text.
    var csv: String {
        guard case .text(let text) = self else { return self == .missing ? "" : json }
        guard text.isEmpty || text.utf8.contains(where: { ",\"\r\n".utf8.contains($0) }) else { return text }
        return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    /// No column allows control characters: only these two need an escape.
    private static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) else { return text }
        return text.unicodeScalars.reduce(into: "") { all, scalar in
            if scalar == "\"" || scalar == "\\" { all.unicodeScalars.append("\\") }
            all.unicodeScalars.append(scalar)
        }
    }
}
