import TestSupport

/// Texts that break careless writers, from a seed.
enum HostileText {
    private static let pieces = [
        "|", "^", "&", "~", "\\", "\\F\\", "\r\n", "\n", "\r", "\t", "\"", "'", "=", "\u{1F468}\u{200D}\u{1F469}",
        "עברית",
        "مرحبا", "山田太郎", "e\u{301}", "\u{FEFF}", "\u{202E}", "<script>", "]]>", "{}", "%", "a", "b c", "-", ".", "2.25",
        String(repeating: "x", count: 70),
    ]
    /// Characters that no document carries.
    private static let forbidden = ["\u{0}", "\u{1B}", "\u{7F}", "\u{85}", "\u{0B}", "\u{1C}"]

    /// A text of any signs but control characters; never blank.
    static func printable(_ generator: inout SeededGenerator) -> String {
        let count = Int.random(in: 1...6, using: &generator)
        return "t" + (0..<count).compactMap { _ in pieces.randomElement(using: &generator) }.joined() + "t"
    }

    /// A text of any signs.
    static func any(_ generator: inout SeededGenerator) -> String {
        guard Int.random(in: 0..<3, using: &generator) == 0 else { return printable(&generator) }
        return printable(&generator) + (forbidden.randomElement(using: &generator) ?? "") + printable(&generator)
    }
}
