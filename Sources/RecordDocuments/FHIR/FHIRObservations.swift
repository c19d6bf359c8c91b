/// The observations of a bundle: one for each place, for the criteria, for each definition, for the score and its parts.
struct FHIRObservations {
    /// One entry of the bundle: where it is within it, its resource and the condition that keeps it from being doubled.
    struct Entry {
        var url: String
        var resource: JSONValue
        var condition: String
    }

    /// What all observations say alike.
    struct Frame {
        var codes: CodeTable
        var status: String
        var subject: JSONValue
        var device: JSONValue
        var study: JSONValue
        var effective: String
        var issued: String
        var isSimulated: Bool
        /// The report's UUID, which the identifiers begin with.
        var report: String
    }

    /// The entries, parts before wholes.
    private(set) var entries: [Entry] = []
    /// The observations that are part of no other.
    private(set) var top: [JSONValue] = []
    private let frame: Frame

    /// The observations of an exam's content.
    init(_ content: ExamContent, _ frame: Frame) {
        self.frame = frame
        for section in content.sections {
            for place in section.groups { top.append(add(place, inherited: section.modifiers, under: section.key)) }
        }
        let places = top
        top.append(add(ContentGroup(key: "summary", concept: .summary, items: content.summary)))
        for group in [content.criteria, content.definitions, content.severity, content.beside].compactMap(\.self) {
            top.append(add(group, members: group == content.criteria ? places : []))
        }
    }

    private mutating func add(
        _ group: ContentGroup, inherited: [ContentPair] = [], members: [JSONValue] = [], under key: String = ""
    ) -> JSONValue {
        let path = key.isEmpty ? group.key : "\(key)/\(group.key)"
        let parts = group.groups.map { add($0, under: path) }
        let site = inherited.isEmpty ? nil : FHIRParts.concept(frame.codes[group.concept], text: group.name)
        let heading = inherited.isEmpty ? group.concept : .findings
        let pairs = (inherited + group.modifiers + group.context).filter { $0.concept != .findingSite }
        var components = pairs.map { component($0.concept, key: nil, .code($0.value)) }
        for item in group.items { components += self.components(item) }
        let name = group.name.map { "\(frame.codes[heading].meaning): \($0)" }
        let value = "\(frame.report)/\(path)"
        let url = "urn:uuid:\(FHIRTransaction.uuid(frame.report, entries.count + FHIRTransaction.reservedEntries))"
        let resource: JSONValue = [
            "resourceType": "Observation", "meta": frame.isSimulated ? FHIRParts.simulated : nil,
            "identifier": [FHIRParts.identifier(system: FHIRNamespace.documents, value: value)],
            "status": .text(frame.status),
            "category": [
                [
                    "coding": [
                        [
                            "system": "http://terminology.hl7.org/CodeSystem/observation-category",
                            "code": "imaging", "display": "Imaging",
                        ]
                    ]
                ]
            ],
            "code": FHIRParts.concept(frame.codes[heading], text: name), "subject": frame.subject,
            "effectiveDateTime": .text(frame.effective), "issued": .text(frame.issued), "bodySite": site,
            "device": frame.device, "hasMember": .list(members + parts), "derivedFrom": [frame.study],
            "component": .list(components),
        ]
        entries.append(
            Entry(
                url: url, resource: resource,
                condition: FHIRParts.condition(system: FHIRNamespace.documents, value: value)))
        return FHIRParts.reference(url)
    }

    /// An item and what belongs to it, side by side: components have no components.
    private func components(_ item: ContentItem) -> [JSONValue] {
        var found = [component(item.concept, key: item.key, item.value)]
        for pair in item.modifiers + item.context {
            found.append(component(pair.concept, key: "\(item.key).\(pair.concept.rawValue)", .code(pair.value)))
        }
        for property in item.properties { found += components(property) }
        return found
    }

    private func component(_ concept: RecordConcept, key: String?, _ value: ContentValue) -> JSONValue {
        let code = FHIRParts.concept(frame.codes[concept], text: key)
        switch value {
        case .number(let number, let unit):
            let unit = frame.codes[unit]
            let quantity: JSONValue = [
                "value": .number(number.text), "unit": .text(unit.code), "system": .text(CodingSystem.units.uri),
                "code": .text(unit.code),
            ]
            return ["code": code, "valueQuantity": quantity]
        case .noNumber(let absence, _): return ["code": code, "dataAbsentReason": Self.reason(absence)]
        case .code(let value): return ["code": code, "valueCodeableConcept": FHIRParts.concept(frame.codes[value])]
        case .text(let text): return ["code": code, "valueString": .text(text)]
        }
    }

    /// Why a value is absent: not performed, or performed without a value that could be read.
    private static func reason(_ absence: ContentAbsence) -> JSONValue {
        let (code, display, text) =
            switch absence {
            case .notExamined: ("not-performed", "Not Performed", "not examined")
            case .notMeasured: ("not-performed", "Not Performed", "examined, this was not measured")
            case .notAssessable: ("unknown", "Unknown", "tried, not assessable")
            }
        return [
            "coding": [
                [
                    "system": "http://terminology.hl7.org/CodeSystem/data-absent-reason", "code": .text(code),
                    "display": .text(display),
                ]
            ],
            "text": .text(text),
        ]
    }
}
