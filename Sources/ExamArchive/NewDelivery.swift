/// One document for one destination, on its way into the outbox.
///
/// The bytes hold names, so they reach the disk only sealed. The other fields are kept as they are: no name may stand in
/// them.
public struct NewDelivery: Sendable, Hashable {
    /// The destination's name: letters, digits, `.`, `_` and `-`, at most 64.
    public var destination: String
    /// What it is, in one word: letters, digits, `.`, `_` and `-`, at most 64.
    public var kind: String
    /// The identifier that travels with it, the same on every repetition: visible ASCII, at most 200 characters.
    public var identifier: String
    /// The document.
    public var bytes: [UInt8]
    /// Whether later deliveries of the same exam version to the same destination wait while this one needs a person.
    ///
    /// For a document that the later ones build on, as the beginning of a procedure step.
    public var holdsLater: Bool

    /// The longest identifier, characters (project choice; a DICOM UID has 64, an HL7 control id 199).
    private static let longestIdentifier = 200
    /// The longest document, bytes (project choice): it is sealed in one piece.
    private static let longestDocument = 512 << 20

    /// A document for a destination from its parts.
    public init(destination: String, kind: String, identifier: String, bytes: [UInt8], holdsLater: Bool = false) {
        self.destination = destination
        self.kind = kind
        self.identifier = identifier
        self.bytes = bytes
        self.holdsLater = holdsLater
    }

    /// Throws where a field is out of range.
    func check() throws(ArchiveError) {
        for (text, what) in [(destination, "a destination"), (kind, "a kind of document")]
        where !ArchiveNames.isExamID(text) {
            throw .badArgument(
                what: "`\(text.prefix(64))` cannot be \(what)", remedy: "use A-Z a-z 0-9 . _ and -, at most 64")
        }
        guard Self.isIdentifier(identifier) else {
            throw .badArgument(
                what: "this cannot be a document's identifier",
                remedy: "use visible ASCII without spaces, at most \(Self.longestIdentifier) characters")
        }
        guard !bytes.isEmpty, bytes.count <= Self.longestDocument else {
            throw .badArgument(
                what: "a document of \(bytes.count) bytes",
                remedy: "give one of 1 to \(Self.longestDocument) bytes")
        }
    }

    /// Whether a text may be an identifier: visible ASCII without spaces.
    static func isIdentifier(_ text: String) -> Bool {
        let visible = UInt8(ascii: "!")...UInt8(ascii: "~")
        return !text.isEmpty && text.utf8.count <= longestIdentifier && text.utf8.allSatisfy(visible.contains)
    }
}
