import CCSVIAnalysis
import DopplerDSP

/// Draws a picture with its axes, its lines and its reflux marks.
struct SpectrogramPlot {
    /// The pixels and scales.
    let picture: SpectrogramPicture
    /// The episodes to mark.
    let refluxes: [RefluxEpisode]
    /// The direction that is normal here.
    let normalDirection: FlowDirection

    /// The line of the mean velocity.
    static let meanInk = Ink(0.20, 0.95, 0.95)
    /// The lines of the maximum velocity.
    static let envelopeInk = Ink(1.0, 0.82, 0.25)
    /// Room for the marks above the picture, the labels beside and below it, points.
    static let marksHeight = 11.0, labelsWidth = 22.0, labelsHeight = 10.0, directionWidth = 9.0
    /// More episodes than this are not marked in one picture.
    private static let mostMarks = 60
    private static let tickStyle = TextStyle(size: 5.8, ink: .quiet)

    /// Draws the plot into a box.
    func draw(on canvas: PDFCanvas, x: Double, y: Double, width: Double, height: Double) {
        let frame = Frame(
            x: x + Self.labelsWidth, y: y + Self.marksHeight,
            width: width - Self.labelsWidth - Self.directionWidth,
            height: height - Self.marksHeight - Self.labelsHeight, picture: picture)
        canvas.image(picture.image, x: frame.x, y: frame.y, width: frame.width, height: frame.height)
        drawAxes(frame, canvas)
        canvas.clipped(x: frame.x, y: frame.y, width: frame.width, height: frame.height) { drawLines(frame, canvas) }
        drawMarks(frame, canvas)
        drawDirection(frame, canvas)
    }

    /// The plot's area and its scales.
    private struct Frame {
        let x: Double, y: Double, width: Double, height: Double
        let picture: SpectrogramPicture

        func x(seconds: Double) -> Double {
            let span = picture.seconds.upperBound - picture.seconds.lowerBound
            return x + (seconds - picture.seconds.lowerBound) / span * width
        }

        func y(cmPerS: Double) -> Double {
            let range = picture.velocitiesCmPerS
            // Far outside the frame is as good as anywhere there, and cairo's coordinates are limited.
            let cmPerS = min(max(cmPerS, 2 * range.lowerBound), 2 * range.upperBound)
            return y + (range.upperBound - cmPerS) / (range.upperBound - range.lowerBound) * height
        }
    }

    // MARK: Axes

    private func drawAxes(_ frame: Frame, _ canvas: PDFCanvas) {
        let velocities = Ticks.steps(in: picture.velocitiesCmPerS, atMost: 6)
        let labelWidth = Self.labelsWidth - 4
        for tick in velocities.values {
            let y = frame.y(cmPerS: tick)
            canvas.stroke([(frame.x - 2.5, y), (frame.x, y)], .quiet, width: 0.5)
            let text = Figures.fixed(tick, velocities.decimals)
            let style = Self.tickStyle.aligned(.right)
            canvas.text(text, x: frame.x - 4 - labelWidth, y: y - 3.5, width: labelWidth, style)
        }
        canvas.text("cm/s", x: frame.x - 4 - labelWidth, y: frame.y - 10, width: labelWidth + 4, Self.tickStyle)
        let zero = frame.y(cmPerS: 0)
        canvas.stroke([(frame.x, zero), (frame.x + frame.width, zero)], .white, width: 0.6)
        let bottom = frame.y + frame.height
        let times = Ticks.steps(in: picture.seconds, atMost: 12)
        for tick in times.values {
            let x = frame.x(seconds: tick)
            canvas.stroke([(x, bottom), (x, bottom + 2.5)], .quiet, width: 0.5)
            let style = Self.tickStyle.aligned(.centre)
            canvas.text(Figures.fixed(tick, times.decimals), x: x - 12, y: bottom + 2.2, width: 24, style)
        }
        let right = frame.x + frame.width
        canvas.text("s", x: right + 4, y: bottom + 2.2, width: 8, Self.tickStyle)
        canvas.stroke(
            [(frame.x, frame.y), (right, frame.y), (right, bottom), (frame.x, bottom)], .quiet, width: 0.4,
            isClosed: true)
    }

    // MARK: Lines

    private func drawLines(_ frame: Frame, _ canvas: PDFCanvas) {
        drawLine(frame, canvas, Self.envelopeInk, width: 0.5) { $0.envelopeTowardsHz }
        drawLine(frame, canvas, Self.envelopeInk, width: 0.5) { $0.envelopeAwayHz }
        drawLine(frame, canvas, Self.meanInk, width: 0.9) { $0.meanShiftHz }
    }

    /// Draws one figure of the columns; the line breaks where it is not known and where samples are missing.
    private func drawLine(
        _ frame: Frame, _ canvas: PDFCanvas, _ ink: Ink, width: Double, _ shiftHz: (SpectralColumn) -> Float?
    ) {
        var points: [(x: Double, y: Double)] = []
        var lastSeconds = -Double.infinity
        func end() {
            canvas.stroke(points, ink, width: width)
            points = []
        }
        for column in picture.columns {
            let isUsable = column.flags.isDisjoint(with: [.noFlowDetected, .settling])
            guard isUsable, let shift = shiftHz(column), shift.isFinite else {
                end()
                continue
            }
            if column.centreSeconds - lastSeconds > picture.hopSeconds * 1.5 { end() }
            lastSeconds = column.centreSeconds
            let velocity = Double(shift) * picture.cmPerSPerHz
            points.append((frame.x(seconds: column.centreSeconds), frame.y(cmPerS: velocity)))
        }
        end()
    }

    // MARK: Marks

    private func drawMarks(_ frame: Frame, _ canvas: PDFCanvas) {
        let placed = refluxes.compactMap { reflux -> (start: Double, end: Double, seconds: Double)? in
            guard let onset = reflux.onsetSeconds, onset.isFinite, reflux.durationSeconds.isFinite else { return nil }
            let end = onset + reflux.durationSeconds
            guard end > picture.seconds.lowerBound, onset < picture.seconds.upperBound else { return nil }
            return (
                max(onset, picture.seconds.lowerBound), min(end, picture.seconds.upperBound), reflux.durationSeconds
            )
        }
        var labelled: [ClosedRange<Double>] = []
        for mark in placed.sorted(by: { $0.seconds > $1.seconds }).prefix(Self.mostMarks) {
            let left = frame.x(seconds: mark.start), right = frame.x(seconds: mark.end)
            let top = frame.y - 2.2
            canvas.stroke([(left, top), (right, top)], .met, width: 1.8)
            for x in [left, right] {
                canvas.stroke([(x, top - 1.6), (x, frame.y)], .met, width: 0.6)
                canvas.stroke([(x, frame.y), (x, frame.y + frame.height)], .white, width: 0.4, dash: [1.5, 1.5])
            }
            let style = TextStyle(size: 6, isBold: true, ink: .met)
            let text = Figures.fixed(mark.seconds, 2) + " s"
            let half = canvas.width(of: text, style) / 2 + 1
            let middle = min(max((left + right) / 2, frame.x + half), frame.x + frame.width - half)
            let place = middle - half...middle + half
            guard !labelled.contains(where: { $0.overlaps(place) }) else { continue }
            labelled.append(place)
            canvas.text(text, x: middle - half, y: top - 8.6, width: 2 * half + 2, style)
        }
    }

    /// Draws an arrow on the side of zero that is normal for the vein.
    private func drawDirection(_ frame: Frame, _ canvas: PDFCanvas) {
        let x = frame.x + frame.width + 5
        let zero = frame.y(cmPerS: 0)
        let tip = normalDirection == .towards ? frame.y + 1 : frame.y + frame.height - 1
        let back = normalDirection == .towards ? 4.0 : -4.0
        canvas.stroke([(x, zero), (x, tip + back)], .accent, width: 1)
        canvas.fill([(x, tip), (x - 2.6, tip + back), (x + 2.6, tip + back)], .accent)
    }
}

/// Round steps for an axis.
enum Ticks {
    /// Multiples of 1, 2 or 5 times a power of ten within a range, and the decimals to print them with.
    static func steps(in range: ClosedRange<Double>, atMost most: Int) -> (values: [Double], decimals: Int) {
        let span = range.upperBound - range.lowerBound
        guard span.isFinite, span > 0, most > 0 else { return ([], 0) }
        // From a micrometre a second upwards; the loop ends after at most this many steps.
        var step = 1e-4
        var decimals = 4
        let factors = [2.0, 2.5, 2.0]
        var turn = 0
        while span / step > Double(most), turn < 60 {
            step *= factors[turn % 3]
            turn += 1
            if turn % 3 == 0 { decimals -= 1 }
        }
        guard span / step <= Double(most) else { return ([], 0) }
        let first = (range.lowerBound / step).rounded(.up)
        let count = Int((range.upperBound / step).rounded(.down) - first)
        return ((0...max(count, 0)).map { (first + Double($0)) * step }, max(decimals, 0))
    }
}
