/// A document as cairo wrote it, with what its structure still lacks.
struct DrawnDocument {
    /// The bytes.
    var bytes: [UInt8]
    /// What each figure shows, in the order of drawing.
    var figureTexts: [String]
    /// What each header cell heads, in the order of drawing.
    var headerScopes: [HeaderScope]
}

/// What a header cell of a table heads.
enum HeaderScope {
    case column, row
}

/// An element of the document's structure (PDF 1.4, 9.7.4: standard structure types).
enum StructureElement {
    case document, title, section, paragraph, list, listItem, table, row, columnHeader, rowHeader, cell
    /// A figure, with the text for those who cannot see it.
    case figure(String)

    /// The standard structure type.
    var name: String {
        switch self {
        case .document: "Document"
        case .title: "H1"
        case .section: "H2"
        case .paragraph: "P"
        case .list: "L"
        case .listItem: "LI"
        case .table: "Table"
        case .row: "TR"
        case .columnHeader, .rowHeader: "TH"
        case .cell: "TD"
        case .figure: "Figure"
        }
    }
}
