import CPangoCairo

/// A picture of pixels, drawn with cairo and pango; coordinates are pixels from the upper left corner.
final class RasterCanvas {
    /// The most pixels of a side (project choice: any picture program opens that).
    static let mostPixels = 6000

    private let surface: OpaquePointer
    private let context: OpaquePointer
    private let textContext: OpaquePointer

    /// A canvas of one colour.
    init(width: Int, height: Int, _ ink: Ink) throws(ReportError) {
        let sides = 1...Self.mostPixels
        guard sides.contains(width), sides.contains(height),
            let surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(width), Int32(height))
        else { throw .drawingFailed("no surface of \(width) x \(height) pixels") }
        guard let context = cairo_create(surface) else {
            cairo_surface_destroy(surface)
            throw .drawingFailed("no context")
        }
        guard let textContext = PDFCanvas.textContext(for: context) else {
            cairo_destroy(context)
            cairo_surface_destroy(surface)
            throw .drawingFailed("no text context")
        }
        self.surface = surface
        self.context = context
        self.textContext = textContext
        fill(x: 0, y: 0, width: Double(width), height: Double(height), ink)
    }

    deinit {
        g_object_unref(UnsafeMutableRawPointer(textContext))
        cairo_destroy(context)
        cairo_surface_destroy(surface)
    }

    /// The picture as a PNG file.
    func png() throws(ReportError) -> [UInt8] {
        let sink = PDFByteSink()
        // Sound: the sink lives until the call has returned.
        let closure = Unmanaged.passUnretained(sink).toOpaque()
        let written = withExtendedLifetime(sink) {
            cairo_surface_write_to_png_stream(surface, PDFByteSink.write, closure)
        }
        for status in [cairo_status(context), written] where status != CAIRO_STATUS_SUCCESS {
            throw .drawingFailed(cairo_status_to_string(status).map { String(cString: $0) } ?? "unknown status")
        }
        return sink.bytes
    }

    /// Fills a rectangle.
    func fill(x: Double, y: Double, width: Double, height: Double, _ ink: Ink) {
        use(ink)
        cairo_rectangle(context, x, y, width, height)
        cairo_fill(context)
    }

    /// Strokes a polygonal line; with `isClosed` back to its start.
    func stroke(_ points: [(x: Double, y: Double)], _ ink: Ink, width: Double, isClosed: Bool = false) {
        guard let first = points.first, points.count > 1 else { return }
        use(ink)
        cairo_set_line_width(context, width)
        cairo_move_to(context, first.x, first.y)
        for point in points.dropFirst() { cairo_line_to(context, point.x, point.y) }
        if isClosed { cairo_close_path(context) }
        cairo_stroke(context)
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

    /// Draws with everything outside a rectangle cut away.
    func clipped(x: Double, y: Double, width: Double, height: Double, _ draw: () -> Void) {
        cairo_save(context)
        cairo_rectangle(context, x, y, width, height)
        cairo_clip(context)
        draw()
        cairo_restore(context)
    }

    /// Draws an image into a rectangle; its pixels are squares of their own unless they are joined smoothly.
    func image(_ image: RGBImage, x: Double, y: Double, width: Double, height: Double, isSmooth: Bool) {
        image.draw(
            on: context, x: x, y: y, width: width, height: height,
            filter: isSmooth ? CAIRO_FILTER_BILINEAR : CAIRO_FILTER_NEAREST)
    }

    /// Draws one line of text; `align` 0 keeps its left edge at x, 1 its right edge.
    func text(_ text: String, x: Double, y: Double, size: Double, _ ink: Ink, isBold: Bool = false, align: Double = 0) {
        guard let layout = pango_layout_new(textContext) else { return }
        defer { g_object_unref(UnsafeMutableRawPointer(layout)) }
        let font = pango_font_description_new()
        defer { pango_font_description_free(font) }
        pango_font_description_set_family(font, "DejaVu Sans")
        pango_font_description_set_weight(font, isBold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL)
        pango_font_description_set_absolute_size(font, size * Double(PANGO_SCALE))
        pango_layout_set_font_description(layout, font)
        pango_layout_set_single_paragraph_mode(layout, 1)
        pango_layout_set_text(layout, PrintableText.clean(text), -1)
        var extents = PangoRectangle()
        pango_layout_get_extents(layout, nil, &extents)
        let width = Double(extents.width) / Double(PANGO_SCALE)
        use(ink)
        cairo_move_to(context, x - align * width, y)
        pango_cairo_show_layout(context, layout)
    }

    private func use(_ ink: Ink) { cairo_set_source_rgb(context, ink.red, ink.green, ink.blue) }
}
