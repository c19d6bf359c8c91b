/// What a field of the registry can hold: nothing else is ever written.
///
/// There is no kind for free text, so that none can get out.
public enum RegistryKind: Sendable, Hashable {
    /// One word of a closed list.
    case word([String])
    /// A keyed pseudonym: 16 hexadecimal digits.
    case pseudonym
    /// A date that was shifted, `2026-01-31`.
    case shiftedDate
    /// A whole number.
    case count
    /// A measured value.
    case decimal
    /// Yes or no.
    case truth

    /// The kind's name in the data dictionary.
    public var name: String {
        switch self {
        case .word: "word"
        case .pseudonym: "pseudonym"
        case .shiftedDate: "shifted date"
        case .count: "whole number"
        case .decimal: "number"
        case .truth: "true or false"
        }
    }

    /// Whether a value may stand in a field of this kind.
    func allows(_ value: RegistryValue) -> Bool {
        switch (self, value) {
        case (_, .missing): true
        case (.word(let words), .word(let word)): words.contains(word)
        case (.pseudonym, .pseudonym), (.shiftedDate, .date), (.count, .count), (.truth, .truth): true
        case (.decimal, .decimal(let number)): number.isFinite
        default: false
        }
    }
}

/// One field's value.
public enum RegistryValue: Sendable, Hashable {
    /// There is none: not measured, not asked or not known; the row's status says which.
    case missing
    /// A word of the column's list.
    case word(String)
    /// A keyed pseudonym.
    case pseudonym(RegistryPseudonym)
    /// A shifted date.
    case date(RegistryDate)
    /// A whole number.
    case count(Int)
    /// A measured value.
    case decimal(Double)
    /// Yes or no.
    case truth(Bool)

    /// The value as text of CSV; empty where there is none.
    var csv: String {
        switch self {
        case .missing: ""
        case .word(let word): word
        case .pseudonym(let pseudonym): pseudonym.text
        case .date(let date): date.text
        case .count(let count): "\(count)"
        case .decimal(let number): "\(number)"
        case .truth(let isTrue): isTrue ? "true" : "false"
        }
    }

    /// The value as JSON; `null` where there is none.
    ///
    /// Words, pseudonyms and dates need no escapes.
    var json: String {
        switch self {
        case .missing: "null"
        case .word, .pseudonym, .date: "\"\(csv)\""
        case .count, .decimal, .truth: csv
        }
    }
}

/// What stands for a subject or an exam outside the clinic: the first 64 bits of a keyed hash.
public struct RegistryPseudonym: Sendable, Hashable {
    /// 16 lower-case hexadecimal digits.
    public let text: String

    /// A pseudonym from the bytes of a keyed hash.
    ///
    /// - Parameter hash: 8 bytes or more; only the first 8 are used.
    /// - Returns: `nil` where there are fewer.
    public init?(hash: [UInt8]) {
        guard hash.count >= 8 else { return nil }
        text = hash.prefix(8).map { byte in
            String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }.joined()
    }
}
