/// Makes any string harmless to lay out: no control, no direction override, no unbounded length.
enum PrintableText {
    /// The longest text that any field of the report lays out, in scalars (project choice).
    static let longestField = 1200
    /// Shown where a character was left out (U+FFFD).
    static let replacement: Unicode.Scalar = "\u{FFFD}"
    /// Marks a cut.
    static let cutMark: Unicode.Scalar = "\u{2026}"
    /// Keeps a figure and its unit together.
    private static let noBreakSpace: Unicode.Scalar = "\u{A0}"
    /// More combining marks than this on one character are dropped (project choice; Vietnamese needs two).
    private static let mostCombiningMarks = 3

    /// The text without controls, cut to a length.
    static func clean(_ text: String, limit: Int = longestField) -> String {
        var result = String.UnicodeScalarView()
        var kept = 0
        var marks = 0
        var lastIsSpace = true
        for scalar in text.unicodeScalars.prefix(limit * 2) {
            guard kept < limit else { break }
            guard let shown = printable(scalar) else { continue }
            let isSpace = shown == " " || shown == noBreakSpace
            if isSpace && lastIsSpace { continue }
            marks = isMark(shown) ? marks + 1 : 0
            guard marks <= mostCombiningMarks else { continue }
            lastIsSpace = isSpace
            result.append(shown)
            kept += 1
        }
        while result.last == " " { result.removeLast() }
        if isLonger(text, than: limit) { result.append(cutMark) }
        return String(result)
    }

    /// Whether a text has more scalars than a limit, without walking all of a long one.
    private static func isLonger(_ text: String, than limit: Int) -> Bool {
        text.unicodeScalars.index(
            text.unicodeScalars.startIndex, offsetBy: limit + 1, limitedBy: text.unicodeScalars.endIndex) != nil
    }

    /// The scalar itself, a space, the replacement, or `nil` when it is dropped.
    ///
    /// Emoji would be taken from colour fonts, whose pictures need transparency, which PDF/A-1 forbids.
    private static func printable(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        let properties = scalar.properties
        if properties.isVariationSelector { return nil }
        switch properties.generalCategory {
        case .spaceSeparator: return scalar == noBreakSpace ? scalar : " "
        case .control, .lineSeparator, .paragraphSeparator: return " "
        case .format: return nil
        case .surrogate, .privateUse, .unassigned: return replacement
        default: return properties.isEmojiPresentation ? replacement : scalar
        }
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: true
        default: false
        }
    }
}
