/// A part of what a document says: a heading with items and further parts.
///
/// One tree serves the three standards: containers of the structured report, observations of FHIR, sub-identifiers of
/// HL7.
struct ContentGroup: Hashable {
    /// A name that is unique among its neighbours and the same on every repetition: `ijv.left.j2.supine`.
    var key: String
    /// The heading.
    var concept: RecordConcept
    /// The heading in words, where they say more than the concept: `left internal jugular vein, J2, supine`.
    var name: String?
    /// What narrows the heading: side, level.
    var modifiers: [ContentPair] = []
    /// Under which conditions it was found: posture.
    var context: [ContentPair] = []
    /// What it says.
    var items: [ContentItem] = []
    /// Its parts.
    var groups: [ContentGroup] = []
}

/// A concept with its coded value.
struct ContentPair: Hashable {
    /// What.
    var concept: RecordConcept
    /// Which.
    var value: RecordConcept

    /// A pair from its two codes.
    init(_ concept: RecordConcept, _ value: RecordConcept) {
        self.concept = concept
        self.value = value
    }
}

/// One thing that is said.
struct ContentItem: Hashable {
    /// A name that is unique in its group and the same on every repetition: `reflux.2`.
    var key: String
    /// What is said.
    var concept: RecordConcept
    /// Its value.
    var value: ContentValue
    /// What narrows it.
    var modifiers: [ContentPair] = []
    /// Under which conditions it was found.
    var context: [ContentPair] = []
    /// What belongs to it.
    var properties: [ContentItem] = []
    /// The recordings that show it; those with a picture are referred to.
    var recordingIDs: [String] = []

    /// An item from its key, concept and value.
    init(_ key: String, _ concept: RecordConcept, _ value: ContentValue) {
        self.key = key
        self.concept = concept
        self.value = value
    }
}

/// The value of an item.
enum ContentValue: Hashable {
    /// A figure with its unit.
    case number(RecordNumber, RecordConcept)
    /// A figure that is not there, with the unit that it would have.
    case noNumber(ContentAbsence, RecordConcept)
    /// One of a list.
    case code(RecordConcept)
    /// Words: printable characters, tabulators and line ends; never empty.
    case text(String)
}

/// Why a figure is not there: three values that are never mixed up.
enum ContentAbsence: Hashable {
    /// The place was not examined.
    case notExamined
    /// The place was examined and this was not measured.
    case notMeasured
    /// It was tried and cannot be judged.
    case notAssessable

    /// The qualifier of an empty figure (PS3.16 CID 42).
    var qualifier: RecordConcept { self == .notAssessable ? .indeterminate : .notAttempted }
}

extension ContentItem {
    /// A figure, or why there is none.
    static func number(
        _ key: String, _ concept: RecordConcept, _ value: Double?, _ unit: RecordConcept,
        orElse absence: ContentAbsence = .notMeasured
    ) throws(RecordDocumentError) -> ContentItem {
        guard let value else { return ContentItem(key, concept, .noNumber(absence, unit)) }
        return ContentItem(key, concept, .number(try RecordNumber(value, key), unit))
    }

    /// A count.
    static func count(
        _ key: String, _ concept: RecordConcept, _ value: Int, _ unit: RecordConcept = .unitCount
    ) -> ContentItem {
        ContentItem(key, concept, .number(RecordNumber(value), unit))
    }

    /// Words; none where there are no words.
    static func text(_ key: String, _ concept: RecordConcept, _ text: String?) throws(RecordDocumentError)
        -> [ContentItem]
    {
        guard let text, !text.allSatisfy(\.isWhitespace) else { return [] }
        return [ContentItem(key, concept, .text(try RecordText.block(text, key)))]
    }

    /// Words, numbered.
    static func texts(
        _ key: String, _ concept: RecordConcept, _ texts: [String]
    ) throws(RecordDocumentError) -> [ContentItem] {
        var items: [ContentItem] = []
        for (index, text) in texts.enumerated() { items += try self.text("\(key).\(index + 1)", concept, text) }
        return items
    }

    /// The item with properties.
    func with(_ properties: [ContentItem?]) -> ContentItem {
        var item = self
        item.properties += properties.compactMap(\.self)
        return item
    }

    /// The item with the recording that shows it.
    func shown(by recordingID: String?) -> ContentItem {
        var item = self
        item.recordingIDs += [recordingID].compactMap(\.self)
        return item
    }
}
