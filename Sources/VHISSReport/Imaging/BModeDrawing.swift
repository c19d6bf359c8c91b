public import VesselImaging

/// Draws B-mode frames and M-mode strips to scale, as PNG files.
///
/// The scale is that of millimetres, not of pixels: lines and samples have different pitches.
public struct BModeDrawing: Sendable {
    /// The line above the picture.
    public var title: String
    /// Lines under the picture.
    public var notes: [String]
    /// Whether anything in it is simulated, which the picture then says.
    public var isSimulated: Bool

    /// A drawing from its words.
    public init(title: String, notes: [String], isSimulated: Bool) {
        self.title = title
        self.notes = notes
        self.isSimulated = isSimulated
    }

    /// What is drawn over a frame.
    public struct Marks: Sendable {
        /// The outline of the lumen; empty = none.
        public var outline: [PicturePoint] = []
        /// Diameters that an operator set, each by its two ends.
        public var diameters: [[PicturePoint]] = []
        /// The seed point; `nil` = none.
        public var seed: PicturePoint?
        /// The line whose M-mode strip is drawn; `nil` = none.
        public var line: Int?

        /// Nothing.
        public init() {}
    }

    // Sizes in pixels (project choices: legible on a screen, 0.05 mm resolved).
    private static let pixelsPerMm = 20.0
    private static let stripPixelsPerMm = 10.0
    private static let stripPixelsPerSecond = 150.0
    private static let mostPictureSide = 4000.0
    private static let leftMargin = 64.0
    private static let rightMargin = 24.0
    private static let titleHeight = 34.0
    private static let bandHeight = 30.0
    private static let scaleHeight = 46.0
    private static let noteHeight = 22.0
    private static let textSize = 15.0
    private static let tickMm = 5.0
    private static let barMm = 10.0

    private static let ground = Ink(0.07, 0.08, 0.10)
    private static let words = Ink(0.92, 0.93, 0.95)
    private static let outlineInk = Ink(0.25, 0.95, 0.45)
    private static let caliperInk = Ink(1.0, 0.85, 0.25)
    /// Lines and moments of which nothing arrived: a colour that no echo has.
    private static let missingPixel: UInt32 = 0x30_3A6E

    /// A frame with marks.
    ///
    /// - Throws: `drawingFailed` with cairo's words.
    public func png(_ frame: BModeFrame, _ marks: Marks) throws(ReportError) -> [UInt8] {
        let widthMm = Double(frame.lines) * frame.linePitchMm
        let scale = min(Self.pixelsPerMm, Self.mostPictureSide / max(widthMm, frame.depthMm))
        let size = (width: widthMm * scale, height: frame.depthMm * scale)
        let (canvas, top) = try page(size, leastWidth: 560)
        let left = Self.leftMargin
        func place(_ point: PicturePoint) -> (x: Double, y: Double) {
            (left + (point.acrossMm + widthMm / 2) * scale, top + point.depthMm * scale)
        }
        let half = frame.samplePitchMm * scale / 2
        canvas.clipped(x: left, y: top, width: size.width, height: size.height) {
            // A sample stands for the depth around it, half of it above.
            canvas.image(
                Self.pixels(frame), x: left, y: top - half, width: size.width, height: size.height, isSmooth: true)
            if let line = marks.line {
                let x = left + (frame.acrossMm(ofLine: Double(line)) + widthMm / 2) * scale
                canvas.stroke([(x, top), (x, top + size.height)], Self.caliperInk, width: 1)
            }
            canvas.stroke(marks.outline.map(place), Self.outlineInk, width: 2, isClosed: true)
            for diameter in marks.diameters { canvas.stroke(diameter.map(place), Self.caliperInk, width: 1.5) }
            if let seed = marks.seed { Self.cross(canvas, place(seed)) }
        }
        depthTicks(canvas, frame.depthMm, scale: scale, top: top)
        bar(
            canvas, lengthMm: Self.barMm, pixels: Self.barMm * scale, "10 mm", right: left + size.width,
            top + size.height)
        write(canvas, below: top + size.height)
        return try canvas.png()
    }

    /// An M-mode strip.
    ///
    /// - Throws: `drawingFailed` with cairo's words, or because the strip has no two columns.
    public func png(_ strip: MModeStrip) throws(ReportError) -> [UInt8] {
        guard let first = strip.columns.first, let last = strip.columns.last, last.seconds > first.seconds,
            let depthMm = strip.depthMm
        else { throw .drawingFailed("the strip has fewer than two frames") }
        let seconds = last.seconds - first.seconds
        let pace = min(Self.stripPixelsPerSecond, Self.mostPictureSide / seconds)
        let scale = min(Self.stripPixelsPerMm, Self.mostPictureSide / depthMm)
        let size = (width: max(seconds * pace, 1), height: depthMm * scale)
        let (canvas, top) = try page(size, leastWidth: 640)
        let columns = strip.columns(evenly: max(1, Int(size.width)))
        var image = RGBImage(width: columns.count, height: first.samples.count, filledWith: Self.missingPixel)
        for (x, column) in columns.enumerated() {
            for (y, sample) in (column?.samples ?? []).enumerated() where y < image.height {
                image.pixels[y * image.width + x] = Self.grey(sample)
            }
        }
        canvas.image(image, x: Self.leftMargin, y: top, width: size.width, height: size.height, isSmooth: false)
        depthTicks(canvas, depthMm, scale: scale, top: top)
        let bottom = top + size.height
        for second in 0...max(0, Int(min(seconds, 3600))) {
            let x = Self.leftMargin + Double(second) * pace
            canvas.stroke([(x, bottom), (x, bottom + (second % 5 == 0 ? 9 : 5))], Self.words, width: 1)
        }
        bar(canvas, lengthMm: 1, pixels: pace, "1 s", right: Self.leftMargin + size.width, bottom)
        write(canvas, below: bottom)
        return try canvas.png()
    }

    // MARK: Parts

    private func page(
        _ size: (width: Double, height: Double), leastWidth: Double
    ) throws(ReportError) -> (canvas: RasterCanvas, top: Double) {
        let band = isSimulated ? Self.bandHeight : 0
        let width = max(Self.leftMargin + size.width + Self.rightMargin, leastWidth)
        let height =
            band + Self.titleHeight + size.height + Self.scaleHeight + Self.noteHeight * Double(notes.count) + 8
        let canvas = try RasterCanvas(
            width: Int(width.rounded(.up)), height: Int(height.rounded(.up)), Self.ground)
        if isSimulated {
            canvas.fill(x: 0, y: 0, width: width.rounded(.up), height: band, .warning)
            canvas.text(
                "SIMULATED: not from a patient", x: Self.leftMargin, y: 5, size: Self.textSize, .black, isBold: true)
        }
        canvas.text(title, x: Self.leftMargin, y: band + 8, size: Self.textSize, Self.words, isBold: true)
        return (canvas, band + Self.titleHeight)
    }

    private func depthTicks(_ canvas: RasterCanvas, _ depthMm: Double, scale: Double, top: Double) {
        let step = depthMm > 100 ? 4 * Self.tickMm : Self.tickMm
        var tick = 0.0
        while tick <= depthMm, tick / step < 200 {
            let y = top + tick * scale
            canvas.stroke([(Self.leftMargin - 8, y), (Self.leftMargin, y)], Self.words, width: 1)
            let unit = tick == 0 ? " mm" : ""
            canvas.text(
                "\(Int(tick))\(unit)", x: Self.leftMargin - 11, y: y - 9, size: Self.textSize - 2, Self.words, align: 1)
            tick += step
        }
    }

    private func bar(
        _ canvas: RasterCanvas, lengthMm: Double, pixels: Double, _ words: String, right: Double, _ bottom: Double
    ) {
        let y = bottom + 24
        for x in [right - pixels, right] { canvas.stroke([(x, y - 6), (x, y + 6)], Self.words, width: 2) }
        canvas.stroke([(right - pixels, y), (right, y)], Self.words, width: 2)
        canvas.text(words, x: right - pixels - 10, y: y - 10, size: Self.textSize, Self.words, align: 1)
    }

    private func write(_ canvas: RasterCanvas, below bottom: Double) {
        for (index, note) in notes.enumerated() {
            canvas.text(
                note, x: Self.leftMargin, y: bottom + Self.scaleHeight + Double(index) * Self.noteHeight,
                size: Self.textSize, Self.words)
        }
    }

    private static func cross(_ canvas: RasterCanvas, _ place: (x: Double, y: Double)) {
        canvas.stroke([(place.x - 7, place.y), (place.x + 7, place.y)], caliperInk, width: 1.5)
        canvas.stroke([(place.x, place.y - 7), (place.x, place.y + 7)], caliperInk, width: 1.5)
    }

    private static func pixels(_ frame: BModeFrame) -> RGBImage {
        var image = RGBImage(width: frame.lines, height: frame.samplesPerLine, filledWith: missingPixel)
        for line in 0..<frame.lines where !frame.missingLines.contains(where: { $0.contains(line) }) {
            for sample in 0..<frame.samplesPerLine {
                image.pixels[sample * frame.lines + line] = grey(frame.samples[line * frame.samplesPerLine + sample])
            }
        }
        return image
    }

    private static func grey(_ sample: UInt8) -> UInt32 {
        let level = UInt32(sample)
        return level << 16 | level << 8 | level
    }

}
