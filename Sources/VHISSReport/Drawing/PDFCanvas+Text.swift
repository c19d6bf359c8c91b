import CPangoCairo

/// A laid out text; frees pango's layout when it goes.
struct TextLayout: ~Copyable {
    fileprivate let handle: OpaquePointer
    /// Height, points.
    let height: Double
    /// Width of the ink and its spacing, points.
    let width: Double

    deinit { g_object_unref(UnsafeMutableRawPointer(handle)) }
}

extension PDFCanvas {
    /// The family of all text; of Debian's fonts-dejavu-core, so that layout is the same everywhere.
    private static let family = "DejaVu Sans"
    /// Horizontal scale of all text: DejaVu Sans Condensed is DejaVu Sans at 90 % of its width.
    private static let condensation = 0.9

    /// A context for texts that have no pixels to keep to: neither metrics nor positions are rounded.
    ///
    /// It must come from an unscaled drawing context, for pango's advances are wrong under a scale of one axis.
    static func textContext(for context: OpaquePointer) -> OpaquePointer? {
        guard let textContext = pango_cairo_create_context(context) else { return nil }
        let options = cairo_font_options_create()
        defer { cairo_font_options_destroy(options) }
        cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
        cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
        pango_cairo_context_set_font_options(textContext, options)
        pango_context_set_round_glyph_positions(textContext, 0)
        pango_context_set_base_dir(textContext, PANGO_DIRECTION_LTR)
        pango_context_set_language(textContext, pango_language_from_string("en-gb"))
        return textContext
    }

    /// Draws a text in a box and gives its height, points.
    @discardableResult
    func text(_ text: String, x: Double, y: Double, width: Double, _ style: TextStyle) -> Double {
        condensed(x: x, y: y) {
            guard let layout = layout(text, width: width, style, countsCuts: true) else { return 0 }
            use(style.ink)
            cairo_move_to(context, 0, 0)
            pango_cairo_show_layout(context, layout.handle)
            return layout.height
        }
    }

    /// The height that a text needs in a width, points.
    func height(of text: String, width: Double, _ style: TextStyle) -> Double {
        condensed(x: 0, y: 0) { layout(text, width: width, style, countsCuts: false)?.height ?? 0 }
    }

    /// The width that a text needs on one line, points.
    func width(of text: String, _ style: TextStyle) -> Double {
        condensed(x: 0, y: 0) {
            layout(text, width: Self.pageWidth, style.lines(1).aligned(.left), countsCuts: false)?.width ?? 0
        }
    }

    private func condensed<Result>(x: Double, y: Double, _ body: () -> Result) -> Result {
        cairo_save(context)
        defer { cairo_restore(context) }
        cairo_translate(context, x, y)
        cairo_scale(context, Self.condensation, 1)
        return body()
    }

    private func layout(_ text: String, width: Double, _ style: TextStyle, countsCuts: Bool) -> TextLayout? {
        let clean = PrintableText.clean(text)
        guard let handle = pango_layout_new(textContext) else { return nil }
        set(style, width: width, on: handle)
        pango_layout_set_text(handle, clean, -1)
        if pango_layout_get_unknown_glyphs_count(handle) > 0 {
            pango_layout_set_text(handle, replacingUnknown(in: clean, style, counts: countsCuts), -1)
        }
        if countsCuts,
            pango_layout_is_ellipsized(handle) != 0 || clean.unicodeScalars.count > PrintableText.longestField
        {
            shortenedTexts += 1
        }
        var extents = PangoRectangle()
        pango_layout_get_extents(handle, nil, &extents)
        let scale = Double(PANGO_SCALE)
        return TextLayout(
            handle: handle, height: Double(extents.height) / scale,
            width: Double(extents.width) / scale * Self.condensation)
    }

    private func set(_ style: TextStyle, width: Double, on handle: OpaquePointer) {
        let font = pango_font_description_new()
        defer { pango_font_description_free(font) }
        pango_font_description_set_family(font, Self.family)
        pango_font_description_set_weight(font, style.isBold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL)
        pango_font_description_set_absolute_size(font, style.size * Double(PANGO_SCALE))
        pango_layout_set_font_description(handle, font)
        pango_layout_set_auto_dir(handle, 0)
        pango_layout_set_single_paragraph_mode(handle, 1)
        pango_layout_set_width(handle, Int32(max(width, 1) / Self.condensation * Double(PANGO_SCALE)))
        pango_layout_set_wrap(handle, PANGO_WRAP_WORD_CHAR)
        pango_layout_set_height(handle, -Int32(max(style.mostLines, 1)))
        pango_layout_set_ellipsize(handle, PANGO_ELLIPSIZE_END)
        // Ligatures would be read back as characters of their own, and "reflux" would not be found; a hyphen at a
        // break would look like a part of an id.
        let attributes = pango_attr_list_new()
        defer { pango_attr_list_unref(attributes) }
        pango_attr_list_insert(attributes, pango_attr_font_features_new("liga=0,clig=0"))
        pango_attr_list_insert(attributes, pango_attr_insert_hyphens_new(0))
        pango_layout_set_attributes(handle, attributes)
        let alignments: [TextStyle.Alignment: PangoAlignment] = [
            .left: PANGO_ALIGN_LEFT, .centre: PANGO_ALIGN_CENTER, .right: PANGO_ALIGN_RIGHT,
        ]
        pango_layout_set_alignment(handle, alignments[style.alignment] ?? PANGO_ALIGN_LEFT)
    }

    /// The text with a visible mark for each character that no installed font can show.
    private func replacingUnknown(in text: String, _ style: TextStyle, counts: Bool) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isKnown = scalar.isASCII || knows(scalar, style)
            if !isKnown && counts { charactersWithoutGlyph += 1 }
            result.append(isKnown ? scalar : PrintableText.replacement)
        }
        return String(result)
    }

    private func knows(_ scalar: Unicode.Scalar, _ style: TextStyle) -> Bool {
        if let known = hasGlyph[scalar] { return known }
        guard let handle = pango_layout_new(textContext) else { return false }
        defer { g_object_unref(UnsafeMutableRawPointer(handle)) }
        set(style, width: Self.pageWidth, on: handle)
        pango_layout_set_text(handle, String(scalar), -1)
        let known = pango_layout_get_unknown_glyphs_count(handle) == 0
        hasGlyph[scalar] = known
        return known
    }
}
