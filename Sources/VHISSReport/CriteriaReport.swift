public import CCSVIAnalysis

/// The report of one exam: a tagged PDF/A-1b of A4 pages.
///
/// The first page has the verdict, the criteria, the severity score and the findings by vein; the second the
/// spectrograms, settings, limitations and the statement. Where the content does not fit, pages are added.
public enum CriteriaReport {
    /// The recordings whose spectrograms the report shows, in the order of showing; at most six.
    ///
    /// Evidence of the criteria met comes first, one recording of each in turn; then the recordings whose longest
    /// reflux is nearest to its threshold; then the others in the order of the exam.
    public static func picturesWanted(for exam: Exam) -> [String] {
        PictureChoice(exam).pictures.map(\.recordingID)
    }

    /// The report as a PDF.
    ///
    /// The same arguments give the same bytes with the same versions of cairo, pango, qpdf and fonts. A wanted
    /// spectrogram that is not given, or that cannot be drawn, is named in the report; one not wanted is ignored.
    ///
    /// - Parameters:
    ///   - exam: The exam; its texts may be anything, and what does not fit is cut visibly.
    ///   - spectrograms: Those of `picturesWanted(for:)`, in any order.
    ///   - createdAt: ISO 8601 with seconds and offset: `2026-01-31T10:15:00+01:00`.
    /// - Throws: `ReportError` when the time is unreadable or a library refuses.
    public static func pdf(
        of exam: Exam, spectrograms: [ReportSpectrogram], createdAt: String
    ) throws(ReportError) -> [UInt8] {
        let time = try ReportTime(iso: createdAt)
        let pages = ReportPages(exam: exam, spectrograms: spectrograms, createdAt: time.xmpDate)
        // The pages are laid out twice: the first time to count them, what was cut, and what room the plots have.
        let outline = pages.draw(on: try PDFCanvas(), ReportPages.firstOutline)
        let canvas = try PDFCanvas()
        _ = pages.draw(on: canvas, outline)
        let pass = try PDFArchivalPass(try canvas.finish())
        return try pass.bytes(pages.information(createdAt: time))
    }
}
