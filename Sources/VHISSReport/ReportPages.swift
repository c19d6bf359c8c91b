import CCSVIAnalysis
import CPangoCairo
import CQPDF

/// The report's pages, section by section.
struct ReportPages {
    /// What is known of the pages only once they were laid out.
    struct Outline {
        /// Pages in all; `nil` while they are being counted.
        var pageCount: Int?
        /// Height of the plots, points.
        var plotHeight: Double
        /// What could not be shown as it is, in words; `nil` when all was.
        var shorteningNote: String?
    }

    /// Kept free at the foot of a page whose plots were made higher, points, so that rounding cannot overflow it.
    private static let spare = 2.0

    /// The outline that the first layout starts from.
    static let firstOutline = Outline(plotHeight: SpectraSection.plotHeights.lowerBound)

    private let exam: Exam
    private let createdAt: String
    private let pictures: [PictureChoice.Picture]
    private let spectra: SpectraSection

    /// The pages of an exam's report.
    init(exam: Exam, spectrograms: [ReportSpectrogram], createdAt: String) {
        self.exam = exam
        self.createdAt = createdAt
        pictures = PictureChoice(exam).pictures
        spectra = SpectraSection(exam: exam, pictures: pictures, spectrograms: spectrograms)
    }

    /// The document's title.
    static let title = "Cerebrospinal venous Doppler: criteria report"
    /// Longest name in the description of the document (project choice).
    private static let longestName = 120

    /// Draws all pages and gives what was learnt of them.
    func draw(on canvas: PDFCanvas, _ outline: Outline) -> Outline {
        let furniture = PageFurniture(
            isSimulated: exam.isSimulated,
            identity: "exam \(PrintableText.clean(exam.examID, limit: 40)), "
                + "subject \(PrintableText.clean(exam.subjectCode, limit: 40))",
            createdAt: createdAt, pageCount: outline.pageCount, shorteningNote: outline.shorteningNote)
        var learnt = outline
        canvas.tag(.document) {
            let flow = PageFlow(canvas: canvas, furniture: furniture)
            HeadSection(exam: exam).place(in: flow)
            CriteriaSection(exam: exam).place(in: flow)
            SeveritySection(score: exam.assessment.vhiss).place(in: flow)
            VeinMapSection(exam: exam).place(in: flow)
            LumenSection(exam: exam).place(in: flow)
            WarningsSection(warnings: exam.assessment.warnings).place(in: flow)
            // The first page is for the result; what does not fit there begins the second.
            if flow.page == 1 { flow.breakPage() }
            DefinitionsSection(overview: exam.definitions).place(in: flow)
            BesideSection(exam: exam).place(in: flow)
            flow.ensure(spectra.height(on: canvas, plotHeight: SpectraSection.plotHeights.lowerBound))
            let spectraPage = flow.page
            spectra.place(in: flow, plotHeight: outline.plotHeight)
            SettingsSection(exam: exam, pictures: pictures).place(in: flow)
            ClosingSection(exam: exam).place(in: flow)
            // What follows on another page does so because it did not fit here: the plots may have what is left.
            let room = flow.room(ofPage: spectraPage) - Self.spare
            learnt.plotHeight += max(room, 0) / Double(max(spectra.rowCount, 1))
            flow.end()
            learnt.pageCount = flow.page
        }
        learnt.plotHeight = min(learnt.plotHeight, SpectraSection.plotHeights.upperBound)
        learnt.shorteningNote = shorteningNote(of: canvas)
        return learnt
    }

    private func shorteningNote(of canvas: PDFCanvas) -> String? {
        var parts: [String] = []
        if canvas.shortenedTexts > 0 {
            parts.append("\(Figures.count(canvas.shortenedTexts, "text")) shortened (\u{2026})")
        }
        if canvas.charactersWithoutGlyph > 0 {
            let count = Figures.count(canvas.charactersWithoutGlyph, "character")
            parts.append("\(count) that no installed font can show (\u{FFFD})")
        }
        return parts.isEmpty ? nil : "In this report: " + parts.joined(separator: "; ") + ". Full text: exam.json."
    }

    /// What the document says of itself.
    func information(createdAt time: ReportTime) -> DocumentInformation {
        let mark = exam.isSimulated ? "SIMULATED. " : ""
        let name = PrintableText.clean(exam.software, limit: Self.longestName)
        let software = name.isEmpty ? "not given" : name
        let cairo = cairo_version_string().map { String(cString: $0) } ?? "unknown"
        let qpdf = qpdf_get_qpdf_version().map { String(cString: $0) } ?? "unknown"
        return DocumentInformation(
            title: mark + Self.title, author: software,
            subject: mark + "Exam " + PrintableText.clean(exam.examID, limit: Self.longestName),
            creator: software, producer: "cairo \(cairo), qpdf \(qpdf)", createdAt: time)
    }
}
