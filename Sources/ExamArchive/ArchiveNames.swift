/// The rules for names that come from outside and become names of files.
enum ArchiveNames {
    /// The longest id, code or file name, characters (project choice; DICOM's long strings have 64).
    private static let longest = 64
    private static let longestFileName = 128

    private static func isPlain(_ text: String, others: Set<UInt8>) -> Bool {
        text.utf8.allSatisfy { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || others.contains(byte)
        }
    }

    private static func beginsPlain(_ text: String) -> Bool { isPlain(String(text.prefix(1)), others: []) }

    /// Whether a text may be an exam's id: letters, digits, `.`, `_` and `-`, a letter or digit first.
    static func isExamID(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= longest && beginsPlain(text)
            && isPlain(text, others: [UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-")])
    }

    /// Whether a text may be a subject's code.
    ///
    /// No spaces and no commas: they look like a name.
    static func isSubjectCode(_ text: String) -> Bool { isExamID(text) }

    /// Whether a text may be the name of an exam's folder: an id, and `+` with a number behind it.
    static func isFolder(_ text: String) -> Bool {
        let parts = text.split(separator: "+", omittingEmptySubsequences: false)
        guard let first = parts.first, isExamID(String(first)), parts.count <= 2 else { return false }
        return parts.count == 1 || (!parts[1].isEmpty && parts[1].allSatisfy { $0.isASCII && $0.isNumber })
    }

    /// What an exam's folder may hold beside its recordings, by the end of the name.
    private static let documentEnds = [".json", ".yaml", ".pdf", ".png", ".csv"]

    /// The folders within an exam's: its recordings, and the pictures that areas were measured in, each a recording of one
    /// frame.
    static let innerFolders = ["recordings", "pictures"]

    /// Whether a file of this name belongs into an exam's folder: a document, or `*.dbrec` in one of the inner folders.
    static func isExamFile(_ name: String) -> Bool {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count == 2, innerFolders.contains(String(parts[0])) {
            return isFileName(String(parts[1])) && parts[1].hasSuffix(".dbrec")
        }
        return isFileName(name) && documentEnds.contains { name.hasSuffix($0) }
    }

    private static func isFileName(_ text: String) -> Bool {
        text.utf8.count <= longestFileName && beginsPlain(text) && !text.isEmpty && !text.contains("..")
            && isPlain(text, others: [UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-")])
    }
}
