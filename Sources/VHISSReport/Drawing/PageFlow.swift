/// Places content from the top of a page downwards, and begins a new page when it is full.
final class PageFlow {
    /// Distance of the content from the left and right edge, points.
    static let margin = 40.0
    /// Width of the content, points.
    static let width = PDFCanvas.pageWidth - 2 * margin

    /// Where everything is drawn.
    let canvas: PDFCanvas
    private let furniture: PageFurniture
    /// Where the next content goes, points from the top.
    private(set) var y: Double
    /// The page, from 1.
    private(set) var page = 1
    /// What was left of each page that has ended, points.
    private var roomOfEndedPages: [Double] = []

    /// A flow on the first page.
    init(canvas: PDFCanvas, furniture: PageFurniture) {
        self.canvas = canvas
        self.furniture = furniture
        y = furniture.contentTop
        furniture.drawHead(on: canvas, page: page)
    }

    /// Places something of a height, on a new page if it does not fit here.
    func place(height: Double, gap: Double = 0, _ draw: (_ y: Double) -> Void) {
        ensure(height)
        draw(y)
        y += height + gap
    }

    /// What is left of the page, points.
    var room: Double { furniture.contentBottom - y }

    /// What is left of a page now, or was when it ended, points.
    func room(ofPage page: Int) -> Double {
        roomOfEndedPages.indices.contains(page - 1) ? roomOfEndedPages[page - 1] : room
    }

    /// Leaves room.
    func skip(_ height: Double) { y += height }

    /// Begins a new page unless a height fits here, or the page is empty anyway.
    func ensure(_ height: Double) {
        if !fits(height) && y > furniture.contentTop { breakPage() }
    }

    /// Whether a height fits on the page.
    func fits(_ height: Double) -> Bool { y + height <= furniture.contentBottom }

    /// Ends the page and begins the next.
    func breakPage() {
        furniture.drawFoot(on: canvas, page: page)
        canvas.endPage()
        roomOfEndedPages.append(room)
        page += 1
        y = furniture.contentTop
        furniture.drawHead(on: canvas, page: page)
    }

    /// Ends the last page.
    func end() {
        furniture.drawFoot(on: canvas, page: page)
        canvas.endPage()
    }

    // MARK: Text

    /// Places the heading of a section, with room for what follows it.
    func heading(_ text: String, note: String? = nil, keepingWith height: Double = 40) {
        let style = TextStyle.heading
        let lineHeight = canvas.height(of: text, width: Self.width, style)
        ensure(lineHeight + height)
        let headingWidth = canvas.width(of: text, style) + 2
        canvas.tag(.section) { canvas.text(text, x: Self.margin, y: y, width: headingWidth, style) }
        if let note {
            let noteX = Self.margin + headingWidth + 8
            let noteStyle = TextStyle.label
            let offset = lineHeight - canvas.height(of: note, width: Self.width, noteStyle) - 1.2
            canvas.tag(.paragraph) {
                canvas.text(note, x: noteX, y: y + offset, width: Self.margin + Self.width - noteX, noteStyle)
            }
        }
        y += lineHeight + 3
    }

    /// Places a paragraph over the whole width.
    func paragraph(_ text: String, _ style: TextStyle, gap: Double = 3) {
        place(height: canvas.height(of: text, width: Self.width, style), gap: gap) { y in
            canvas.tag(.paragraph) { canvas.text(text, x: Self.margin, y: y, width: Self.width, style) }
        }
    }
}
