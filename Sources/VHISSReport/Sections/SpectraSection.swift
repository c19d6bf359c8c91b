import CCSVIAnalysis
import DopplerDSP

/// The spectrogram pictures in rows of two.
struct SpectraSection {
    /// Least and greatest height of a plot, points: the space that a page has left is given to the plots.
    static let plotHeights = 72.0...120.0

    /// Rows of plots.
    var rowCount: Int { (items.count + 1) / 2 }

    private let items: [Item]

    private static let gutter = 14.0
    private static let columnWidth = (PageFlow.width - gutter) / 2
    private static let captionStyle = TextStyle.small.bold.lines(1)
    private static let factsStyle = TextStyle.label.lines(2)
    private static let rowGap = 4.0

    /// A picture with what it takes to draw it, or the reason why it cannot be drawn.
    private struct Item {
        let number: Int
        let picture: PictureChoice.Picture
        let recording: VeinRecording
        let drawing: Result<SpectrogramPicture, PictureFault>?
        let refluxes: [RefluxEpisode]
    }

    /// The section of an exam, with the pixels of each picture.
    init(exam: Exam, pictures: [PictureChoice.Picture], spectrograms: [ReportSpectrogram]) {
        items = Self.items(exam, pictures, spectrograms)
    }

    /// Places the section.
    func place(in flow: PageFlow, plotHeight: Double) {
        flow.heading("Spectral Doppler", note: PictureChoice.rule, keepingWith: 130)
        guard !items.isEmpty else {
            flow.paragraph("No recording.", .body, gap: 6)
            return
        }
        placeLegend(in: flow, items)
        for first in stride(from: 0, to: items.count, by: 2) {
            let pair = items[first..<min(first + 2, items.count)]
            placeRow(in: flow, Array(pair), plotHeight: plotHeight)
        }
        flow.skip(3)
    }

    /// The section's height with plots of a height, points.
    func height(on canvas: PDFCanvas, plotHeight: Double) -> Double {
        guard !items.isEmpty else { return 0 }
        let heading = canvas.height(of: "X", width: 100, .heading) + 3
        let legend = canvas.height(of: "X", width: 100, .label) + 4
        return heading + legend + Double(rowCount) * (rowHeight(on: canvas, plotHeight: plotHeight) + Self.rowGap)
    }

    private func rowHeight(on canvas: PDFCanvas, plotHeight: Double) -> Double {
        canvas.height(of: "X", width: 100, Self.captionStyle) + canvas.height(of: "X", width: 100, Self.factsStyle) * 2
            + plotHeight
    }

    private static func items(
        _ exam: Exam, _ pictures: [PictureChoice.Picture], _ spectrograms: [ReportSpectrogram]
    ) -> [Item] {
        pictures.enumerated().compactMap { index, picture in
            guard let recording = exam.recordings.first(where: { $0.recordingID == picture.recordingID }) else {
                return nil
            }
            let given = spectrograms.first { $0.recordingID == picture.recordingID }
            let drawing = given.map { given in
                Result { () throws(PictureFault) in
                    try SpectrogramPicture(given.spectrogram, of: recording, refluxes: given.refluxes)
                }
            }
            return Item(
                number: index + 1, picture: picture, recording: recording, drawing: drawing,
                refluxes: given?.refluxes ?? [])
        }
    }

    // MARK: Legend

    private func placeLegend(in flow: PageFlow, _ items: [Item]) {
        let canvas = flow.canvas
        let style = TextStyle.label
        let entries: [(text: String, draw: (Double, Double) -> Void)] = [
            ("mean velocity", { x, y in Self.sample(canvas, x, y, SpectrogramPlot.meanInk, 1.2) }),
            ("envelope", { x, y in Self.sample(canvas, x, y, SpectrogramPlot.envelopeInk, 0.8) }),
            (
                "reflux with its duration",
                { x, y in canvas.stroke([(x, y + 4), (x + 14, y + 4)], .met, width: 1.8) }
            ),
            (
                "samples missing",
                { x, y in canvas.fill(x: x, y: y + 1, width: 14, height: 6, Ink(0.604, 0.604, 0.604)) }
            ),
            (
                "normal direction; up is towards the probe",
                { x, y in
                    canvas.stroke([(x + 7, y + 1), (x + 7, y + 5)], .accent, width: 1)
                    canvas.fill([(x + 7, y + 8), (x + 4.4, y + 4.5), (x + 9.6, y + 4.5)], .accent)
                }
            ),
        ]
        flow.place(height: canvas.height(of: "mean", width: 100, style), gap: 4) { y in
            var x = PageFlow.margin
            canvas.tag(.paragraph) {
                for entry in entries {
                    entry.draw(x, y)
                    let width = canvas.width(of: entry.text, style) + 2
                    canvas.text(entry.text, x: x + 18, y: y, width: width, style)
                    x += 18 + width + 14
                }
            }
        }
    }

    private static func sample(_ canvas: PDFCanvas, _ x: Double, _ y: Double, _ ink: Ink, _ width: Double) {
        canvas.fill(x: x, y: y + 1, width: 14, height: 6, Ink(0.07, 0.08, 0.16))
        canvas.stroke([(x, y + 4), (x + 14, y + 4)], ink, width: width)
    }

    // MARK: Pictures

    private func placeRow(in flow: PageFlow, _ items: [Item], plotHeight: Double) {
        let canvas = flow.canvas
        let captionHeight = canvas.height(of: "X", width: 100, Self.captionStyle)
        let factsHeight = canvas.height(of: "X", width: 100, Self.factsStyle) * 2
        flow.place(height: rowHeight(on: canvas, plotHeight: plotHeight), gap: Self.rowGap) { top in
            for (place, item) in items.enumerated() {
                let x = PageFlow.margin + Double(place) * (Self.columnWidth + Self.gutter)
                canvas.tag(.paragraph) {
                    canvas.text(caption(item), x: x, y: top, width: Self.columnWidth, Self.captionStyle)
                    canvas.text(facts(item), x: x, y: top + captionHeight, width: Self.columnWidth, Self.factsStyle)
                }
                draw(item, on: canvas, x: x, y: top + captionHeight + factsHeight, height: plotHeight)
            }
        }
    }

    private func draw(_ item: Item, on canvas: PDFCanvas, x: Double, y: Double, height: Double) {
        switch item.drawing {
        case .success(let picture):
            let plot = SpectrogramPlot(
                picture: picture, refluxes: item.refluxes, normalDirection: item.recording.normalDirection)
            canvas.tag(.figure(description(item, picture))) {
                plot.draw(on: canvas, x: x, y: y, width: Self.columnWidth, height: height)
            }
        case .failure(let fault): drawNote("Not drawn: \(fault.words).", on: canvas, x: x, y: y, height: height)
        case nil:
            drawNote(
                "Not drawn: the spectrogram of this recording was not given.", on: canvas, x: x, y: y, height: height)
        }
    }

    private func drawNote(_ text: String, on canvas: PDFCanvas, x: Double, y: Double, height: Double) {
        let left = x + SpectrogramPlot.labelsWidth, top = y + SpectrogramPlot.marksHeight
        let width = Self.columnWidth - SpectrogramPlot.labelsWidth - SpectrogramPlot.directionWidth
        let height = height - SpectrogramPlot.marksHeight - SpectrogramPlot.labelsHeight
        canvas.fill(x: left, y: top, width: width, height: height, .wash)
        canvas.tag(.paragraph) {
            canvas.text(text, x: left + 8, y: top + 8, width: width - 16, TextStyle.small.inked(.open).lines(3))
        }
    }

    private func caption(_ item: Item) -> String {
        let recording = item.recording
        return
            "\(item.number)  \(VeinMap.Place(recording.site).name.capitalisedFirst), \(recording.site.posture.rawValue), "
            + recording.manoeuvre.words
    }

    private func facts(_ item: Item) -> String {
        let recording = item.recording
        var facts = [
            item.picture.reason,
            "recording \(PrintableText.clean(recording.recordingID, limit: 60))",
            "normal flow: \(recording.normalDirection.rawValue)",
        ]
        if case .success(let picture) = item.drawing {
            facts.append(shownTime(picture))
            facts.append("range \(Figures.fixed(picture.rangeDb, 0)) dB")
        }
        facts.append("SNR \(recording.signalToNoiseDb.map { Figures.fixed($0, 0) + " dB" } ?? "not measured")")
        facts.append("aliased \(recording.aliasedFraction.map { Figures.percent($0) } ?? "not measured")")
        facts.append("no flow \(recording.noFlowFraction.map { Figures.percent($0) } ?? "not measured")")
        if let breaths = recording.breaths { facts.append(Figures.count(breaths, "breath")) }
        return facts.joined(separator: " · ")
    }

    private func shownTime(_ picture: SpectrogramPicture) -> String {
        let range = picture.seconds
        return "\(Figures.fixed(range.lowerBound, 1)) to \(Figures.fixed(range.upperBound, 1)) of "
            + "\(Figures.fixed(picture.endSeconds, 1))\u{A0}s"
    }

    /// The picture in words, for those who cannot see it.
    private func description(_ item: Item, _ picture: SpectrogramPicture) -> String {
        let marks = item.refluxes.prefix(PictureChoice.mostPictures).map { reflux in
            let onset = reflux.onsetSeconds.map { " from \(Figures.fixed($0, 2)) s" } ?? ""
            return "reflux of \(Figures.fixed(reflux.durationSeconds, 2)) s\(onset)"
        }
        let velocities = picture.velocitiesCmPerS
        return "Spectrogram of the \(item.recording.site.name), \(item.recording.manoeuvre.words), "
            + "\(shownTime(picture)), \(Figures.fixed(velocities.lowerBound, 0)) to "
            + "\(Figures.fixed(velocities.upperBound, 0)) cm/s, with mean velocity and envelope; "
            + (marks.isEmpty ? "no reflux marked." : marks.joined(separator: ", ") + ".")
    }
}
