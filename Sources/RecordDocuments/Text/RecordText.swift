/// What the documents can carry as text; what they cannot is refused by name of the field, never shown or cut.
enum RecordText {
    /// The most characters of a Long String and of a component group of a name, and of a Short String (PS3.5 6.2).
    static let longString = 64, shortString = 16
    /// The most characters of a Long Text (PS3.5 6.2).
    static let longText = 10240

    /// A text of any length: printable characters, tabulators and line ends.
    static func block(
        _ text: String, _ field: String, atMost: Int = .max
    ) throws(RecordDocumentError) -> String {
        for scalar in text.unicodeScalars where isControl(scalar) && !["\t", "\n", "\r"].contains(scalar) {
            throw .text(field: field, what: "holds the control character \(codePoint(scalar))")
        }
        let count = text.unicodeScalars.count
        guard count <= atMost else { throw .tooLong(field: field, characters: count, atMost: atMost) }
        return text
    }

    /// A text of one line without the backslash, which separates values in DICOM (PS3.5 6.4).
    static func line(
        _ text: String, _ field: String, atMost: Int = longString
    ) throws(RecordDocumentError) -> String {
        for scalar in text.unicodeScalars where isControl(scalar) || scalar == "\\" {
            throw .text(field: field, what: "holds \(codePoint(scalar)), which a single value cannot")
        }
        let count = text.unicodeScalars.count
        guard count <= atMost else { throw .tooLong(field: field, characters: count, atMost: atMost) }
        return text
    }

    /// A text that must not be empty.
    static func required(
        _ text: String, _ field: String, atMost: Int = longString
    ) throws(RecordDocumentError) -> String {
        guard !text.allSatisfy(\.isWhitespace) else { throw .text(field: field, what: "is empty") }
        return try line(text, field, atMost: atMost)
    }

    /// Whether a character has no printed form: C0, DEL and C1.
    static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
    }

    private static func codePoint(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(4 - digits.count, 0)) + digits
    }
}

extension RecordPersonName {
    /// The name as DICOM writes it: `Yamada^Tarou=山田^太郎=やまだ^たろう` (PS3.5 6.2.1.1).
    func dicomText(_ field: String) throws(RecordDocumentError) -> String {
        var groups: [String] = []
        for parts in [RecordNameParts(family: family, given: given), ideographic, phonetic] {
            groups.append(try parts.map { part throws(RecordDocumentError) in try part.dicomGroup(field) } ?? "")
        }
        while groups.last?.isEmpty == true { groups.removeLast() }
        return groups.joined(separator: "=")
    }

    /// The written forms that there are, with HL7's letter for each: alphabetic, ideographic, phonetic (table 0465).
    func forms(_ field: String) throws(RecordDocumentError) -> [(parts: RecordNameParts, representation: String)] {
        // The same names are refused everywhere, so that no document is made of an exam that another cannot carry.
        _ = try dicomText(field)
        let all = [
            (parts: RecordNameParts(family: family, given: given), representation: "A"),
            ideographic.map { (parts: $0, representation: "I") }, phonetic.map { (parts: $0, representation: "P") },
        ]
        return all.compactMap(\.self)
    }
}

extension RecordNameParts {
    /// One component group: `Yamada^Tarou`, empty for an empty name.
    fileprivate func dicomGroup(_ field: String) throws(RecordDocumentError) -> String {
        for part in [family, given] {
            _ = try RecordText.line(part, field)
            for scalar in part.unicodeScalars where scalar == "^" || scalar == "=" {
                throw .text(field: field, what: "holds \(scalar), which separates the parts of a name")
            }
        }
        let group = given.isEmpty ? family : "\(family)^\(given)"
        let count = group.unicodeScalars.count
        guard count <= RecordText.longString else {
            throw .tooLong(field: field, characters: count, atMost: RecordText.longString)
        }
        return group
    }
}
