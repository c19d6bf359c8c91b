/// Turns cairo's pages into PDF/A-1b (ISO 19005-1) and completes their structure.
///
/// What cairo 1.16 leaves out: output intent, XMP, language, identifier, CIDToGIDMap and CIDSet of composite fonts,
/// texts of figures, scopes of header cells. What it adds and PDF/A-1 forbids: a transparency group on each page.
struct PDFArchivalPass {
    /// Deeper nesting of the structure than this is not followed; the report's own is 5 (project choice).
    private static let deepestStructure = 32

    private let document: QPDFDocument
    private let drawn: DrawnDocument

    /// A pass over a drawn document.
    init(_ drawn: DrawnDocument) throws(ReportError) {
        self.drawn = drawn
        document = try QPDFDocument(drawn.bytes)
    }

    /// The archival document's bytes.
    func bytes(_ information: DocumentInformation) throws(ReportError) -> [UInt8] {
        try describe(information)
        try document.check("writing the description")
        for page in try document.pages() {
            try document.remove("/Group", from: page)
            try completeFonts(of: page)
        }
        try document.check("completing the fonts")
        try completeStructure()
        try document.check("completing the structure")
        return try document.bytes()
    }

    // MARK: Description

    private func describe(_ information: DocumentInformation) throws(ReportError) {
        let root = try document.root()
        let intent = try document.parse(
            "<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB IEC61966-2.1) "
                + "/RegistryName (http://www.color.org) /Info (sRGB IEC61966-2.1) >>")
        try document.set("/DestOutputProfile", try document.stream(SRGBProfile.bytes(), [("/N", "3")]), in: intent)
        try document.set("/OutputIntents", try document.array([intent]), in: root)
        try document.set("/Lang", try document.text("en-GB"), in: root)
        try document.set(
            "/ViewerPreferences", try document.parse("<< /DisplayDocTitle true >>"), in: root)
        let xmp = Array(information.xmpPacket.utf8)
        try document.set(
            "/Metadata", try document.stream(xmp, [("/Type", "/Metadata"), ("/Subtype", "/XML")]), in: root)
        let dictionary = try document.parse("<< >>")
        for entry in information.entries {
            try document.set(entry.key, try document.text(entry.text), in: dictionary)
        }
        try document.set("/CreationDate", try document.text(information.createdAt.pdfDate), in: dictionary)
        try document.set("/Info", try document.indirect(dictionary), in: try document.trailer())
    }

    // MARK: Fonts

    private func completeFonts(of page: PDFObject) throws(ReportError) {
        guard let resources = try document.entry("/Resources", of: page),
            let fonts = try document.entry("/Font", of: resources)
        else { return }
        for font in try document.values(of: fonts) {
            guard let descendants = try document.entry("/DescendantFonts", of: font) else { continue }
            for descendant in try document.items(of: descendants) { try completeComposite(descendant) }
        }
    }

    /// Adds what PDF/A-1 asks of an embedded subset of a composite font (ISO 19005-1, 6.3.3.2 and 6.3.5).
    private func completeComposite(_ font: PDFObject) throws(ReportError) {
        if try document.isName("/CIDFontType2", at: "/Subtype", of: font),
            try document.entry("/CIDToGIDMap", of: font) == nil
        {
            try document.set("/CIDToGIDMap", try document.parse("/Identity"), in: font)
        }
        guard let descriptor = try document.entry("/FontDescriptor", of: font),
            try document.entry("/CIDSet", of: descriptor) == nil,
            let widths = try document.entry("/W", of: font)
        else { return }
        // cairo writes `[ 0 [ widths ] ]` with all glyphs of the subset in one run.
        let runs = try document.items(of: widths)
        guard runs.count == 2 else { return }
        let glyphs = try document.items(of: runs[1]).count
        var bits = [UInt8](repeating: 0, count: (glyphs + 7) / 8)
        for glyph in 0..<glyphs { bits[glyph / 8] |= 0x80 >> UInt8(glyph % 8) }
        try document.set("/CIDSet", try document.stream(bits), in: descriptor)
    }

    // MARK: Structure

    private func completeStructure() throws(ReportError) {
        let root = try document.root()
        guard let tree = try document.entry("/StructTreeRoot", of: root) else {
            throw .archivalPassFailed(step: "completing the structure", reason: "the pages have none")
        }
        var figures = drawn.figureTexts[...]
        var scopes = drawn.headerScopes[...]
        try walk(tree, depth: 0, figures: &figures, scopes: &scopes)
        guard figures.isEmpty, scopes.isEmpty else {
            throw .archivalPassFailed(step: "completing the structure", reason: "its elements are not those drawn")
        }
    }

    private func walk(
        _ element: PDFObject, depth: Int, figures: inout ArraySlice<String>, scopes: inout ArraySlice<HeaderScope>
    ) throws(ReportError) {
        if try document.isName("/Figure", at: "/S", of: element), let text = figures.popFirst() {
            try document.set("/Alt", try document.text(text), in: element)
        }
        if try document.isName("/TH", at: "/S", of: element), let scope = scopes.popFirst() {
            let name = scope == .column ? "/Column" : "/Row"
            try document.set("/A", try document.parse("<< /O /Table /Scope \(name) >>"), in: element)
        }
        guard depth < Self.deepestStructure, let kids = try document.entry("/K", of: element) else { return }
        for kid in try document.items(of: kids) {
            try walk(kid, depth: depth + 1, figures: &figures, scopes: &scopes)
        }
    }
}
