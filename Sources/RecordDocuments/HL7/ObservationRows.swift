internal import Foundation

/// The OBX segments of a message, counted as they come; OBX-4 is the place in the content's tree.
struct ObservationRows {
    private typealias Component = HL7Message.Component
    private typealias Field = HL7Message.Field

    /// The segments so far.
    private(set) var segments: [HL7Message.Segment] = []
    private let codes: CodeTable
    private let status: String

    /// Status of what was not sought, and of what could not be obtained (v2.5.1 table 0085).
    private static let notSought = "N", notObtained = "X"

    init(codes: CodeTable, status: String) {
        self.codes = codes
        self.status = status
    }

    /// The study that the pictures are found in.
    mutating func addStudy(_ uid: String) {
        add("HD", codes[.study], "0", Field(["", Component(uid), "ISO"]))
    }

    /// The report itself.
    mutating func addPDF(_ pdf: [UInt8], head: [HL7Message.Component], under place: String) {
        let data = Component(Data(pdf).base64EncodedString())
        add("ED", codes[.veinReport], place, Field(head + [data]))
    }

    /// A part of the content with everything below it.
    mutating func add(_ group: ContentGroup, under place: String) {
        add("CWE", codes[.finding], place, Field(codes[group.concept].components))
        add(pairs: group.modifiers + group.context, under: place)
        add(items: group.items, under: place)
        for (index, part) in group.groups.enumerated() {
            add(part, under: "\(place).\(group.items.count + index + 1)")
        }
    }

    /// Some items.
    mutating func add(items: [ContentItem], under place: String) {
        for (index, item) in items.enumerated() { add(item, under: "\(place).\(index + 1)") }
    }

    private mutating func add(_ item: ContentItem, under place: String) {
        let code = codes[item.concept]
        switch item.value {
        case .number(let number, let unit): add("NM", code, place, Field(number.plain), unit: codes[unit])
        case .noNumber(let absence, let unit):
            let why = absence == .notAssessable ? Self.notObtained : Self.notSought
            add("NM", code, place, .empty, unit: codes[unit], status: why)
        case .code(let value): add("CWE", code, place, Field(codes[value].components))
        case .text(let text): add("TX", code, place, Field(text))
        }
        add(pairs: item.modifiers + item.context, under: place)
        add(items: item.properties, under: place)
    }

    private mutating func add(pairs: [ContentPair], under place: String) {
        for pair in pairs { add("CWE", codes[pair.concept], place, Field(codes[pair.value].components)) }
    }

    private mutating func add(
        _ type: String, _ code: RecordCode, _ place: String, _ value: HL7Message.Field, unit: RecordCode? = nil,
        status: String? = nil
    ) {
        let fields: [Field] = [
            Field("\(segments.count + 1)"), Field(type), Field(code.components), Field(place), value,
            unit.map { Field($0.components) } ?? .empty, .empty, .empty, .empty, .empty, Field(status ?? self.status),
        ]
        segments.append(HL7Message.Segment(name: "OBX", fields: fields))
    }
}
