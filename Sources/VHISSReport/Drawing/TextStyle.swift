/// A colour of the report: sRGB, 0 to 1.
struct Ink: Hashable {
    /// Red, green and blue.
    let red: Double, green: Double, blue: Double

    /// A colour from its parts.
    init(_ red: Double, _ green: Double, _ blue: Double) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    static let text = Ink(0.09, 0.11, 0.15)
    static let quiet = Ink(0.36, 0.40, 0.46)
    static let accent = Ink(0.06, 0.29, 0.47)
    static let rule = Ink(0.80, 0.83, 0.87)
    static let wash = Ink(0.945, 0.957, 0.972)
    static let white = Ink(1, 1, 1)
    static let black = Ink(0, 0, 0)
    /// A criterion met; always beside a sign and a word.
    static let met = Ink(0.66, 0.10, 0.10)
    /// What is open; always beside a sign and a word.
    static let open = Ink(0.50, 0.33, 0.02)
    /// The band of simulated exams.
    static let warning = Ink(1.0, 0.78, 0.10)
}

/// How a text looks.
struct TextStyle: Hashable {
    /// Which edge a text keeps to.
    enum Alignment { case left, centre, right }

    /// Size, points.
    var size: Double
    /// Whether bold.
    var isBold = false
    /// Colour.
    var ink = Ink.text
    /// Edge.
    var alignment = Alignment.left
    /// Lines after which the text is cut, and says so.
    var mostLines = 1

    /// The document's title.
    static let title = TextStyle(size: 15, isBold: true, ink: .accent)
    /// The line with the verdict.
    static let verdict = TextStyle(size: 13, isBold: true, mostLines: 2)
    /// The heading of a section.
    static let heading = TextStyle(size: 9.5, isBold: true, ink: .accent)
    /// Running text.
    static let body = TextStyle(size: 7.2, mostLines: 8)
    /// Tables, notes and captions.
    static let small = TextStyle(size: 6.5, mostLines: 6)
    /// The names of fields and columns.
    static let label = TextStyle(size: 6.2, ink: .quiet)

    /// The same, bold.
    var bold: TextStyle { with { $0.isBold = true } }
    /// The same, quieter.
    var quiet: TextStyle { with { $0.ink = .quiet } }

    /// The same in a colour.
    func inked(_ ink: Ink) -> TextStyle { with { $0.ink = ink } }
    /// The same on an edge.
    func aligned(_ alignment: Alignment) -> TextStyle { with { $0.alignment = alignment } }
    /// The same with a limit of lines.
    func lines(_ most: Int) -> TextStyle { with { $0.mostLines = most } }
    /// The same in a size.
    func sized(_ size: Double) -> TextStyle { with { $0.size = size } }

    private func with(_ change: (inout TextStyle) -> Void) -> TextStyle {
        var copy = self
        change(&copy)
        return copy
    }
}
