import CPangoCairo

/// A4 pages of a tagged document, drawn with cairo and pango.
///
/// Coordinates are points from the upper left corner. Errors of cairo stick to the surface and come out in `finish`.
final class PDFCanvas {
    /// Width of A4, points (ISO 216: 210 mm).
    static let pageWidth = 595.276
    /// Height of A4, points (ISO 216: 297 mm).
    static let pageHeight = 841.890

    private let sink = PDFByteSink()
    private let surface: OpaquePointer
    /// The drawing context, for the drawing layer's own files.
    let context: OpaquePointer
    /// What all texts are laid out with.
    let textContext: OpaquePointer
    private var figureTexts: [String] = []
    private var headerScopes: [HeaderScope] = []
    /// Texts that were cut because they did not fit.
    var shortenedTexts = 0
    /// Characters that no installed font can show.
    var charactersWithoutGlyph = 0
    /// What is known of single characters: whether a font can show them.
    var hasGlyph: [Unicode.Scalar: Bool] = [:]

    /// An empty document.
    init() throws(ReportError) {
        // Sound: the sink outlives the surface, because both belong to this object and `deinit` destroys the surface.
        let closure = Unmanaged.passUnretained(sink).toOpaque()
        guard
            let surface = cairo_pdf_surface_create_for_stream(
                PDFByteSink.write, closure, Self.pageWidth, Self.pageHeight)
        else { throw .drawingFailed("no surface") }
        guard let context = cairo_create(surface) else {
            cairo_surface_destroy(surface)
            throw .drawingFailed("no context")
        }
        guard let textContext = Self.textContext(for: context) else {
            cairo_destroy(context)
            cairo_surface_destroy(surface)
            throw .drawingFailed("no text context")
        }
        self.surface = surface
        self.context = context
        self.textContext = textContext
        cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_4)
    }

    deinit {
        g_object_unref(UnsafeMutableRawPointer(textContext))
        cairo_destroy(context)
        cairo_surface_destroy(surface)
    }

    /// Ends a page and begins the next.
    func endPage() { cairo_show_page(context) }

    /// Ends the document and gives its bytes.
    func finish() throws(ReportError) -> DrawnDocument {
        let contextStatus = cairo_status(context)
        cairo_surface_finish(surface)
        for status in [contextStatus, cairo_surface_status(surface)] where status != CAIRO_STATUS_SUCCESS {
            throw .drawingFailed(cairo_status_to_string(status).map { String(cString: $0) } ?? "unknown status")
        }
        return DrawnDocument(bytes: sink.bytes, figureTexts: figureTexts, headerScopes: headerScopes)
    }

    // MARK: Structure

    /// Draws something as an element of the document's structure.
    func tag(_ element: StructureElement, _ draw: () -> Void) {
        if case .columnHeader = element { headerScopes.append(.column) }
        if case .rowHeader = element { headerScopes.append(.row) }
        if case .figure(let text) = element { figureTexts.append(PrintableText.clean(text)) }
        cairo_tag_begin(context, element.name, nil)
        draw()
        cairo_tag_end(context, element.name)
    }

    // MARK: Lines and areas

    /// Fills a rectangle.
    func fill(x: Double, y: Double, width: Double, height: Double, _ ink: Ink) {
        use(ink)
        cairo_rectangle(context, x, y, width, height)
        cairo_fill(context)
    }

    /// Strokes a polygonal line; with `isClosed` back to its start.
    func stroke(
        _ points: [(x: Double, y: Double)], _ ink: Ink, width: Double = 0.5, dash: [Double] = [], isClosed: Bool = false
    ) {
        guard let first = points.first, points.count > 1 else { return }
        use(ink)
        cairo_set_line_width(context, width)
        cairo_set_dash(context, dash, Int32(dash.count), 0)
        cairo_move_to(context, first.x, first.y)
        for point in points.dropFirst() { cairo_line_to(context, point.x, point.y) }
        if isClosed { cairo_close_path(context) }
        cairo_stroke(context)
        cairo_set_dash(context, nil, 0, 0)
    }

    /// Fills a polygon.
    func fill(_ points: [(x: Double, y: Double)], _ ink: Ink) {
        guard let first = points.first, points.count > 2 else { return }
        use(ink)
        cairo_move_to(context, first.x, first.y)
        for point in points.dropFirst() { cairo_line_to(context, point.x, point.y) }
        cairo_close_path(context)
        cairo_fill(context)
    }

    /// Draws a disc, filled or as a ring.
    func disc(x: Double, y: Double, radius: Double, _ ink: Ink, lineWidth: Double? = nil, dash: [Double] = []) {
        use(ink)
        cairo_new_sub_path(context)
        cairo_arc(context, x, y, radius, 0, 2 * .pi)
        guard let lineWidth else {
            cairo_fill(context)
            return
        }
        cairo_set_line_width(context, lineWidth)
        cairo_set_dash(context, dash, Int32(dash.count), 0)
        cairo_stroke(context)
        cairo_set_dash(context, nil, 0, 0)
    }

    /// Draws with everything outside a rectangle cut away.
    func clipped(x: Double, y: Double, width: Double, height: Double, _ draw: () -> Void) {
        cairo_save(context)
        cairo_rectangle(context, x, y, width, height)
        cairo_clip(context)
        draw()
        cairo_restore(context)
    }

    /// Draws an image into a rectangle, without interpolation, which PDF/A-1 forbids.
    func image(_ image: RGBImage, x: Double, y: Double, width: Double, height: Double) {
        image.draw(on: context, x: x, y: y, width: width, height: height, filter: CAIRO_FILTER_NEAREST)
    }

    /// Sets the colour of what is drawn next.
    func use(_ ink: Ink) { cairo_set_source_rgb(context, ink.red, ink.green, ink.blue) }
}
