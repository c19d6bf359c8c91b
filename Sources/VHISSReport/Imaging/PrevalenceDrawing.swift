/// Draws shares of two groups with their limits on an axis from 0 to 100 %, one setting a line, as a PNG file.
public struct PrevalenceDrawing: Sendable {
    /// The line above the picture.
    public var title: String
    /// The groups' names.
    public var groups: (cases: String, controls: String)
    /// Lines under the picture.
    public var notes: [String]

    /// A drawing from its words.
    public init(title: String, groups: (cases: String, controls: String), notes: [String]) {
        self.title = title
        self.groups = groups
        self.notes = notes
    }

    /// One line of the picture.
    public struct Line: Sendable {
        /// The setting.
        public var name: String
        /// The share of the cases; `nil` where there are none.
        public var cases: Bar?
        /// The share of the controls; `nil` where there are none.
        public var controls: Bar?

        /// A line from its parts.
        public init(name: String, cases: Bar?, controls: Bar?) {
            self.name = name
            self.cases = cases
            self.controls = controls
        }
    }

    /// A share with its limits, each 0 to 1.
    public struct Bar: Sendable {
        /// The share.
        public var share: Double
        /// Its lower limit.
        public var lower: Double
        /// Its upper limit.
        public var upper: Double
        /// The counts, as text.
        public var words: String

        /// A share from its parts.
        public init(share: Double, lower: Double, upper: Double, words: String) {
            self.share = share
            self.lower = lower
            self.upper = upper
            self.words = words
        }
    }

    // Sizes in pixels, as in the forest (project choices: legible on a screen and in print).
    private static let margin = 28.0
    private static let nameWidth = 430.0
    private static let plotWidth = 520.0
    private static let countWidth = 96.0
    private static let gap = 22.0
    private static let rowHeight = 44.0
    private static let titleHeight = 46.0
    private static let headHeight = 30.0
    private static let axisHeight = 46.0
    private static let noteHeight = 21.0
    private static let mostLines = 60
    private static let caseInk = Ink.met
    private static let controlInk = Ink.accent

    private static var plotLeft: Double { margin + nameWidth + gap }
    private static var width: Double { plotLeft + plotWidth + gap + 2 * countWidth + margin }

    /// The picture.
    ///
    /// - Throws: `drawingFailed` with cairo's words, or because there is nothing to draw, or too much.
    public func png(_ lines: [Line]) throws(ReportError) -> [UInt8] {
        guard (1...Self.mostLines).contains(lines.count) else {
            throw .drawingFailed("\(lines.count) lines: give 1 to \(Self.mostLines)")
        }
        let top = Self.titleHeight + Self.headHeight
        let bottom = top + Self.rowHeight * Double(lines.count)
        let height = bottom + Self.axisHeight + Self.noteHeight * Double(notes.count) + 14
        let canvas = try RasterCanvas(width: Int(Self.width), height: Int(height.rounded(.up)), .white)
        canvas.text(title, x: Self.margin, y: 14, size: 16, .accent, isBold: true)
        head(canvas)
        axis(canvas, top: top, bottom: bottom)
        for (index, line) in lines.enumerated() {
            let y = top + Self.rowHeight * (Double(index) + 0.5)
            canvas.clipped(x: Self.margin, y: y - 20, width: Self.nameWidth, height: 40) {
                canvas.text(line.name, x: Self.margin, y: y - 10, size: 14, .text)
            }
            if let bar = line.cases { draw(bar, on: canvas, at: y - 8, Self.caseInk, column: 0) }
            if let bar = line.controls { draw(bar, on: canvas, at: y + 8, Self.controlInk, column: 1) }
            let rule = y + Self.rowHeight / 2
            canvas.stroke([(Self.margin, rule), (Self.width - Self.margin, rule)], .rule, width: 0.5)
        }
        for (index, note) in notes.enumerated() {
            let y = bottom + Self.axisHeight + Self.noteHeight * Double(index)
            canvas.text(note, x: Self.margin, y: y, size: 13, .quiet)
        }
        return try canvas.png()
    }

    private func head(_ canvas: RasterCanvas) {
        let y = Self.titleHeight
        canvas.text("setting", x: Self.margin, y: y, size: 13, .quiet, isBold: true)
        canvas.text("share of positive exams", x: Self.plotLeft, y: y, size: 13, .quiet, isBold: true)
        for (index, group) in [(groups.cases, Self.caseInk), (groups.controls, Self.controlInk)].enumerated() {
            canvas.text(
                group.0, x: Self.countRight(index), y: y, size: 13, group.1, isBold: true, align: 1)
        }
        let rule = y + Self.headHeight - 5
        canvas.stroke([(Self.margin, rule), (Self.width - Self.margin, rule)], .quiet, width: 1)
    }

    private static func countRight(_ column: Int) -> Double {
        plotLeft + plotWidth + gap + countWidth * Double(column + 1)
    }

    private func axis(_ canvas: RasterCanvas, top: Double, bottom: Double) {
        for tenth in stride(from: 0, through: 10, by: 1) {
            let x = Self.plotLeft + Self.plotWidth * Double(tenth) / 10
            canvas.stroke([(x, top), (x, bottom)], .rule, width: 0.6)
            if tenth.isMultiple(of: 2) {
                canvas.text("\(tenth * 10) %", x: x, y: bottom + 6, size: 13, .text, align: 0.5)
            }
        }
        canvas.stroke([(Self.plotLeft, bottom), (Self.plotLeft + Self.plotWidth, bottom)], .quiet, width: 1)
    }

    private func draw(_ bar: Bar, on canvas: RasterCanvas, at y: Double, _ ink: Ink, column: Int) {
        func x(_ share: Double) -> Double { Self.plotLeft + Self.plotWidth * min(1, max(0, share)) }
        canvas.stroke([(x(bar.lower), y), (x(bar.upper), y)], ink, width: 1.6)
        for limit in [bar.lower, bar.upper] {
            canvas.stroke([(x(limit), y - 4), (x(limit), y + 4)], ink, width: 1.6)
        }
        canvas.fill(x: x(bar.share) - 5, y: y - 5, width: 10, height: 10, ink)
        canvas.text(bar.words, x: Self.countRight(column), y: y - (column == 0 ? 2 : 18), size: 14, ink, align: 1)
    }
}
