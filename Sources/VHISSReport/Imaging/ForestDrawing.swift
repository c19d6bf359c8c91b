internal import Glibc

/// Draws ratios with their limits on a logarithmic axis, one study a line, as a PNG file.
public struct ForestDrawing: Sendable {
    /// The line above the picture.
    public var title: String
    /// The heads of the columns: study, cases, controls, figure, weight.
    public var columns: [String]
    /// What lies to the left and to the right of 1, in words.
    public var sides: (left: String, right: String)
    /// Lines under the picture.
    public var notes: [String]

    /// A drawing from its words; missing heads of columns are left empty.
    public init(title: String, columns: [String], sides: (left: String, right: String), notes: [String]) {
        self.title = title
        self.columns = columns
        self.sides = sides
        self.notes = notes
    }

    /// One line of the picture.
    public struct Line: Sendable {
        /// The study's name, or the pooled effect's.
        public var name: String
        /// Where the study was published; empty = nothing.
        public var citation: String
        /// The counts of the cases and of the controls, as text.
        public var counts: [String]
        /// The figure with its limits, as text.
        public var figure: String
        /// The weight, as text.
        public var weight: String
        /// What is drawn; `nil` = nothing, because there is no ratio.
        public var mark: Mark?

        /// A line from its parts.
        public init(
            name: String, citation: String, counts: [String], figure: String, weight: String, mark: Mark?
        ) {
            self.name = name
            self.citation = citation
            self.counts = counts
            self.figure = figure
            self.weight = weight
            self.mark = mark
        }
    }

    /// A ratio with its limits, all above 0 and finite.
    public struct Mark: Sendable {
        /// The ratio.
        public var ratio: Double
        /// Its lower limit.
        public var lower: Double
        /// Its upper limit.
        public var upper: Double
        /// The study's share of the weights, 0 to 1: the square's area; `nil` = a pooled effect, drawn as a diamond.
        public var weightShare: Double?

        /// A mark from its parts.
        public init(ratio: Double, lower: Double, upper: Double, weightShare: Double?) {
            self.ratio = ratio
            self.lower = lower
            self.upper = upper
            self.weightShare = weightShare
        }

        /// Whether it can be drawn on a logarithmic axis.
        var isDrawable: Bool {
            lower > 0 && lower <= ratio && ratio <= upper && upper.isFinite
        }
    }

    // Sizes in pixels (project choices: legible on a screen and in print).
    private static let margin = 28.0
    private static let nameWidth = 436.0
    private static let countWidth = 96.0
    private static let plotWidth = 420.0
    private static let figureWidth = 178.0
    private static let weightWidth = 92.0
    private static let gap = 22.0
    private static let rowHeight = 40.0
    private static let titleHeight = 46.0
    private static let headHeight = 30.0
    private static let axisHeight = 66.0
    private static let noteHeight = 21.0
    private static let textSize = 14.0
    private static let largestSquare = 20.0
    private static let leastSquare = 5.0
    /// The axis never goes beyond these ratios; limits that do end in an arrow (project choice).
    private static let furthest = (low: 0.01, high: 1000.0)
    /// The most lines (project choice: the picture stays within what any program opens).
    private static let mostLines = 120
    private static let studyInk = Ink.accent
    private static let pooledInk = Ink.met

    private static var plotLeft: Double { margin + nameWidth + 2 * countWidth + gap }
    private static var figureRight: Double { plotLeft + plotWidth + gap + figureWidth }
    private static var width: Double { figureRight + weightWidth + margin }

    /// The picture: the studies, and under a rule the pooled effects.
    ///
    /// - Throws: `drawingFailed` with cairo's words, or because there is nothing to draw, or too much.
    public func png(_ studies: [Line], pooled: [Line]) throws(ReportError) -> [UInt8] {
        let lines = studies + pooled
        guard (1...Self.mostLines).contains(lines.count) else {
            throw .drawingFailed("\(lines.count) lines: give 1 to \(Self.mostLines)")
        }
        guard let axis = Axis(lines.compactMap(\.mark).filter(\.isDrawable)) else {
            throw .drawingFailed("no line has a ratio")
        }
        let top = Self.titleHeight + Self.headHeight
        let bottom = top + Self.rowHeight * Double(lines.count) + 6
        let height = bottom + Self.axisHeight + Self.noteHeight * Double(notes.count) + 14
        let canvas = try RasterCanvas(width: Int(Self.width), height: Int(height.rounded(.up)), .white)
        canvas.text(title, x: Self.margin, y: 14, size: 16, .accent, isBold: true)
        head(canvas)
        grid(canvas, axis, top: top, bottom: bottom)
        for (index, line) in lines.enumerated() {
            let y = top + Self.rowHeight * (Double(index) + 0.5) + (index >= studies.count ? 6 : 0)
            write(line, on: canvas, at: y, isBold: index >= studies.count)
            if let mark = line.mark, mark.isDrawable { draw(mark, on: canvas, axis, at: y) }
        }
        let rule = top + Self.rowHeight * Double(studies.count) + 3
        canvas.stroke([(Self.margin, rule), (Self.width - Self.margin, rule)], .rule, width: 1)
        for (index, note) in notes.enumerated() {
            canvas.text(
                note, x: Self.margin, y: bottom + Self.axisHeight + Self.noteHeight * Double(index), size: 13, .quiet)
        }
        return try canvas.png()
    }

    // MARK: Parts

    private func head(_ canvas: RasterCanvas) {
        let places: [(x: Double, align: Double)] = [
            (Self.margin, 0), (Self.margin + Self.nameWidth + Self.countWidth, 1),
            (Self.margin + Self.nameWidth + 2 * Self.countWidth, 1), (Self.figureRight, 1),
            (Self.figureRight + Self.weightWidth, 1),
        ]
        for (place, words) in zip(places, columns) {
            canvas.text(
                words, x: place.x, y: Self.titleHeight, size: 13, .quiet, isBold: true, align: place.align)
        }
        let rule = Self.titleHeight + Self.headHeight - 5
        canvas.stroke([(Self.margin, rule), (Self.width - Self.margin, rule)], .quiet, width: 1)
    }

    private func grid(_ canvas: RasterCanvas, _ axis: Axis, top: Double, bottom: Double) {
        for tick in axis.ticks {
            let x = Self.plotLeft + axis.place(tick) * Self.plotWidth
            if tick != 1 { canvas.stroke([(x, top), (x, bottom)], .rule, width: 0.6) }
            canvas.stroke([(x, bottom), (x, bottom + 6)], .quiet, width: 1)
            canvas.text(Figures.short(tick, 2), x: x, y: bottom + 8, size: 13, .text, align: 0.5)
        }
        let one = Self.plotLeft + axis.place(1) * Self.plotWidth
        canvas.stroke([(one, top), (one, bottom)], .quiet, width: 1.2)
        canvas.stroke(
            [(Self.plotLeft, bottom), (Self.plotLeft + Self.plotWidth, bottom)], .quiet, width: 1)
        canvas.text("\u{2190} \(sides.left)", x: one - 12, y: bottom + 30, size: 13, .quiet, align: 1)
        canvas.text("\(sides.right) \u{2192}", x: one + 12, y: bottom + 30, size: 13, .quiet)
    }

    private func write(_ line: Line, on canvas: RasterCanvas, at y: Double, isBold: Bool) {
        let top = y - 10
        func text(_ words: String, _ x: Double, align: Double) {
            canvas.text(words, x: x, y: top, size: Self.textSize, .text, isBold: isBold, align: align)
        }
        let isCited = !line.citation.isEmpty
        let room = line.counts.isEmpty ? Self.plotLeft - Self.margin : Self.nameWidth
        canvas.clipped(x: Self.margin, y: y - Self.rowHeight / 2, width: room, height: Self.rowHeight) {
            canvas.text(
                line.name, x: Self.margin, y: isCited ? y - 18 : top, size: Self.textSize, .text, isBold: isBold)
            canvas.text(line.citation, x: Self.margin, y: y + 1, size: 11.5, .quiet)
        }
        for (index, count) in line.counts.enumerated().prefix(2) {
            text(count, Self.margin + Self.nameWidth + Self.countWidth * Double(index + 1), align: 1)
        }
        text(line.figure, Self.figureRight, align: 1)
        text(line.weight, Self.figureRight + Self.weightWidth, align: 1)
    }

    private func draw(_ mark: Mark, on canvas: RasterCanvas, _ axis: Axis, at y: Double) {
        func x(_ ratio: Double) -> Double { Self.plotLeft + axis.place(ratio) * Self.plotWidth }
        let (low, middle, high) = (x(mark.lower), x(mark.ratio), x(mark.upper))
        guard let share = mark.weightShare else {
            let points = [(low, y), (middle, y - 8), (high, y), (middle, y + 8)].map { (x: $0.0, y: $0.1) }
            return canvas.fill(points, Self.pooledInk)
        }
        canvas.stroke([(low, y), (high, y)], Self.studyInk, width: 1.6)
        for (limit, place, way) in [(mark.lower, low, 1.0), (mark.upper, high, -1.0)] {
            if axis.holds(limit) {
                canvas.stroke([(place, y - 4), (place, y + 4)], Self.studyInk, width: 1.6)
            } else {
                canvas.fill([(place, y), (place + way * 9, y - 5), (place + way * 9, y + 5)], Self.studyInk)
            }
        }
        guard axis.holds(mark.ratio) else { return }
        let side = max(Self.leastSquare, Self.largestSquare * max(0, min(1, share)).squareRoot())
        canvas.fill(x: middle - side / 2, y: y - side / 2, width: side, height: side, Self.studyInk)
    }

    /// A logarithmic axis that holds 1.
    private struct Axis {
        let low: Double
        let high: Double
        let ticks: [Double]

        /// Where an axis may end and have its ticks.
        private static let steps = [
            0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000,
        ]

        init?(_ marks: [Mark]) {
            guard let least = marks.map(\.lower).min(), let most = marks.map(\.upper).max() else { return nil }
            let (first, last) = (max(least, furthest.low), min(most, furthest.high))
            let low = Self.steps.last { $0 <= first && $0 < 1 } ?? furthest.low
            let high = Self.steps.first { $0 >= last && $0 > 1 } ?? furthest.high
            self.low = low
            self.high = high
            // Every step of 1, 2 and 5 on a short axis, and decades alone on a long one.
            let isLong = log10(high / low) > 2.6
            ticks = Self.steps.filter { step in
                let power = log10(step)
                return step >= low && step <= high && (!isLong || abs(power - power.rounded()) < 1e-9)
            }
        }

        /// Where a ratio lies, 0 to 1; beyond an end, at the end.
        func place(_ ratio: Double) -> Double { min(1, max(0, log(ratio / low) / log(high / low))) }

        func holds(_ ratio: Double) -> Bool { ratio >= low * 0.999 && ratio <= high * 1.001 }
    }
}
