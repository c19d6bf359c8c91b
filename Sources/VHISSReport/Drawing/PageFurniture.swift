/// What each page carries: the mark of simulated exams, the exam's identity, the number of the page.
struct PageFurniture {
    /// Whether the band is drawn.
    let isSimulated: Bool
    /// The exam in one line.
    let identity: String
    /// When the report was made.
    let createdAt: String
    /// Pages in all; `nil` while they are being counted.
    let pageCount: Int?
    /// How much of the text could not be shown as it is, in words; `nil` when all could.
    let shorteningNote: String?

    private static let bandHeight = 26.0
    private static let footTop = PDFCanvas.pageHeight - 30
    private static let bandText = "SIMULATED"
    private static let bandNote = "The signals of this exam come from a simulator. Not a clinical result."

    /// Where content begins, points from the top.
    var contentTop: Double { (isSimulated ? Self.bandHeight : 6) + 14 }
    /// Where content ends, points from the top.
    let contentBottom = footTop - 4

    /// Draws what stands at the top of a page.
    func drawHead(on canvas: PDFCanvas, page: Int) {
        if isSimulated {
            drawBand(on: canvas)
        } else {
            canvas.fill(x: 0, y: 0, width: PDFCanvas.pageWidth, height: 6, .accent)
        }
    }

    /// Draws what stands at the bottom of a page.
    func drawFoot(on canvas: PDFCanvas, page: Int) {
        let left = PageFlow.margin
        let right = left + PageFlow.width
        let style = TextStyle.label
        canvas.stroke([(left, Self.footTop), (right, Self.footTop)], .rule, width: 0.6)
        let count = pageCount.map { " of \($0)" } ?? ""
        canvas.tag(.paragraph) {
            canvas.text("report made \(createdAt) · \(identity)", x: left, y: Self.footTop + 4, width: 420, style)
        }
        canvas.tag(.paragraph) {
            canvas.text(
                "page \(page)\(count)", x: right - 80, y: Self.footTop + 4, width: 80, style.aligned(.right).bold)
        }
        if let shorteningNote {
            canvas.tag(.paragraph) {
                canvas.text(shorteningNote, x: left, y: Self.footTop + 12.5, width: PageFlow.width, style.inked(.open))
            }
        }
    }

    private func drawBand(on canvas: PDFCanvas) {
        let height = Self.bandHeight
        canvas.fill(x: 0, y: 0, width: PDFCanvas.pageWidth, height: height, .warning)
        let stripe = 13.0
        for edge in [0, PDFCanvas.pageWidth - 91] {
            canvas.clipped(x: edge, y: 0, width: 91, height: height) {
                for index in stride(from: -2.0, through: 8, by: 2) {
                    let x = edge + index * stripe
                    canvas.fill(
                        [(x, height), (x + stripe, height), (x + stripe + height, 0), (x + height, 0)], .black)
                }
            }
        }
        canvas.tag(.paragraph) {
            let word = TextStyle(size: 14, isBold: true, ink: .black)
            let note = TextStyle(size: 7.2, isBold: true, ink: .black)
            let wordWidth = canvas.width(of: Self.bandText, word)
            let noteWidth = canvas.width(of: Self.bandNote, note)
            let x = (PDFCanvas.pageWidth - wordWidth - 10 - noteWidth) / 2
            canvas.text(Self.bandText, x: x, y: 4.5, width: wordWidth + 4, word)
            canvas.text(Self.bandNote, x: x + wordWidth + 10, y: 9.5, width: noteWidth + 4, note)
        }
    }
}
