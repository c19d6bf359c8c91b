/// One cell of a table: paragraphs below each other, with a sign in front of them if wanted.
struct TableCell {
    /// The texts with their looks.
    var paragraphs: [(text: String, style: TextStyle)]
    /// Over how many columns it reaches, 1 or more.
    var span = 1
    /// Whether it heads its row.
    var isRowHeader = false
    /// A sign left of the texts, drawn about its centre.
    var sign: CriterionOutcomeSign?

    /// A cell of one text.
    init(_ text: String, _ style: TextStyle, span: Int = 1, isRowHeader: Bool = false) {
        paragraphs = [(text, style)]
        self.span = span
        self.isRowHeader = isRowHeader
    }

    /// A cell of several texts.
    init(_ paragraphs: [(text: String, style: TextStyle)], sign: CriterionOutcomeSign? = nil) {
        self.paragraphs = paragraphs
        self.sign = sign
    }
}

/// One row of a table.
struct TableRow {
    /// Its cells; their spans sum to the number of columns.
    var cells: [TableCell]
    /// Whether a tint lies behind it.
    var isTinted = false
}

/// A table whose columns have fixed widths and whose rows are as high as their texts.
struct Table {
    /// Widths of the columns, points.
    var widths: [Double]
    /// The rows of the head; repeated on each page that the table reaches.
    var head: [TableRow]
    /// The rows of the body.
    var rows: [TableRow]
    /// Left edge, points.
    var left = PageFlow.margin
    /// Distance of text from the sides of its cell, points.
    var paddingX = 2.0
    /// Distance of text from the top and bottom of its cell, points.
    var paddingY = 1.6
    /// Distance of two texts in one cell, points.
    var paragraphGap = 1.0

    private static let signWidth = 15.0

    /// Places the table.
    func place(in flow: PageFlow, gap: Double) {
        let headHeight = head.reduce(0) { $0 + height(of: $1, flow.canvas) }
        let firstRow = rows.first.map { height(of: $0, flow.canvas) } ?? 0
        flow.ensure(headHeight + firstRow)
        flow.canvas.tag(.table) {
            placeHead(in: flow)
            for row in rows {
                let rowHeight = height(of: row, flow.canvas)
                if !flow.fits(rowHeight) {
                    flow.breakPage()
                    placeHead(in: flow)
                }
                flow.place(height: rowHeight) { draw(row, at: $0, height: rowHeight, isHead: false, flow.canvas) }
                rule(at: flow.y, .rule, 0.4, flow.canvas)
            }
        }
        flow.skip(gap)
    }

    /// The table's height without page breaks, points.
    func height(_ canvas: PDFCanvas) -> Double { (head + rows).reduce(0) { $0 + height(of: $1, canvas) } }

    /// Draws the table at a point, without page breaks.
    func draw(on canvas: PDFCanvas, x: Double, y top: Double) {
        var table = self
        table.left = x
        var y = top
        canvas.tag(.table) {
            for (index, row) in (head + rows).enumerated() {
                let rowHeight = height(of: row, canvas)
                let isHead = index < head.count
                table.draw(row, at: y, height: rowHeight, isHead: isHead, canvas)
                y += rowHeight
                let endsHead = index == head.count - 1
                if !isHead || endsHead { table.rule(at: y, endsHead ? .accent : .rule, endsHead ? 0.8 : 0.4, canvas) }
            }
        }
    }

    private func placeHead(in flow: PageFlow) {
        for row in head {
            let rowHeight = height(of: row, flow.canvas)
            flow.place(height: rowHeight) { draw(row, at: $0, height: rowHeight, isHead: true, flow.canvas) }
        }
        if !head.isEmpty { rule(at: flow.y, .accent, 0.8, flow.canvas) }
    }

    private func rule(at y: Double, _ ink: Ink, _ width: Double, _ canvas: PDFCanvas) {
        let right = left + widths.reduce(0, +)
        canvas.stroke([(left, y), (right, y)], ink, width: width)
    }

    private func height(of row: TableRow, _ canvas: PDFCanvas) -> Double {
        var tallest = 0.0
        eachCell(of: row) { cell, _, width in
            let inner = innerWidth(of: cell, width)
            let texts = cell.paragraphs.reduce(0) { $0 + canvas.height(of: $1.text, width: inner, $1.style) }
            tallest = max(tallest, texts + paragraphGap * Double(max(cell.paragraphs.count - 1, 0)))
        }
        return tallest + 2 * paddingY
    }

    private func innerWidth(of cell: TableCell, _ width: Double) -> Double {
        width - 2 * paddingX - (cell.sign == nil ? 0 : Self.signWidth)
    }

    private func draw(_ row: TableRow, at top: Double, height: Double, isHead: Bool, _ canvas: PDFCanvas) {
        if row.isTinted {
            canvas.fill(x: left, y: top, width: widths.reduce(0, +), height: height, .wash)
        }
        canvas.tag(.row) {
            eachCell(of: row) { cell, x, width in
                canvas.tag(isHead ? .columnHeader : cell.isRowHeader ? .rowHeader : .cell) {
                    draw(cell, x: x, top: top, width: width, canvas)
                }
            }
        }
    }

    private func draw(_ cell: TableCell, x: Double, top: Double, width: Double, _ canvas: PDFCanvas) {
        var textX = x + paddingX
        if let sign = cell.sign {
            sign.draw(on: canvas, x: textX + 5.5, y: top + paddingY + 6.5)
            textX += Self.signWidth
        }
        var y = top + paddingY
        for paragraph in cell.paragraphs {
            let inner = innerWidth(of: cell, width)
            y += canvas.text(paragraph.text, x: textX, y: y, width: inner, paragraph.style) + paragraphGap
        }
    }

    /// Calls a body with each cell, its left edge and its width.
    private func eachCell(of row: TableRow, _ body: (TableCell, Double, Double) -> Void) {
        var column = 0
        var x = left
        for cell in row.cells {
            let width = widths.dropFirst(column).prefix(cell.span).reduce(0, +)
            body(cell, x, width)
            column += cell.span
            x += width
        }
    }
}
