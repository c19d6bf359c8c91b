import CPangoCairo

/// An opaque picture of 8 bits a colour.
struct RGBImage {
    /// Pixels in a row.
    let width: Int
    /// Rows.
    let height: Int
    /// Rows from the top, pixels from the left: red in bits 16 to 23, green in 8 to 15, blue in 0 to 7.
    var pixels: [UInt32]

    /// A picture of one colour.
    init(width: Int, height: Int, filledWith pixel: UInt32) {
        self.width = width
        self.height = height
        pixels = [UInt32](repeating: pixel, count: width * height)
    }
}

extension RGBImage {
    /// Draws it into a rectangle; an image without pixels draws nothing.
    func draw(
        on context: OpaquePointer, x: Double, y: Double, width wanted: Double, height wantedHeight: Double,
        filter: cairo_filter_t
    ) {
        guard width > 0, height > 0,
            let surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(width), Int32(height))
        else { return }
        defer { cairo_surface_destroy(surface) }
        cairo_surface_flush(surface)
        guard let bytes = cairo_image_surface_get_data(surface) else { return }
        let stride = Int(cairo_image_surface_get_stride(surface))
        for row in 0..<height {
            (bytes + row * stride).withMemoryRebound(to: UInt32.self, capacity: width) { line in
                for column in 0..<width { line[column] = pixels[row * width + column] }
            }
        }
        cairo_surface_mark_dirty(surface)
        cairo_save(context)
        cairo_translate(context, x, y)
        cairo_scale(context, wanted / Double(width), wantedHeight / Double(height))
        cairo_set_source_surface(context, surface, 0, 0)
        cairo_pattern_set_filter(cairo_get_source(context), filter)
        cairo_rectangle(context, 0, 0, Double(width), Double(height))
        cairo_fill(context)
        cairo_restore(context)
    }
}
