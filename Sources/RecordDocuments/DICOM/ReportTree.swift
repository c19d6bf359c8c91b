import CCSVIAnalysis

/// The content tree of the structured report, by TID 5100 with our sections at its end.
struct ReportTree {
    private let codes: CodeTable
    private let pictures: [String: RecordPicture]
    /// The items, depth first.
    private(set) var items: [ReportItem] = []

    /// The tree of an exam's content.
    ///
    /// - Throws: `RecordDocumentError` for names that DICOM cannot carry.
    init(
        _ content: ExamContent, _ context: RecordContext, _ codes: CodeTable, _ pictures: [RecordPicture]
    ) throws(RecordDocumentError) {
        self.codes = codes
        self.pictures = Dictionary(
            pictures.map { ($0.recording.recordingID, $0) }, uniquingKeysWith: { first, _ in first })
        add(0, .root, .veinReport, .container)
        add(1, .modifier, .language, .code(codes[.english]))
        try addObservers(context)
        add(1, .observation, .studyInstanceUID, .uid(context.order.studyInstanceUID))
        add(1, .contains, .summary, .container)
        for item in content.summary { add(item, 2, .contains) }
        for group in content.groups { add(group, 1) }
        add(1, .contains, .conclusions, .container)
        for item in content.conclusions { add(item, 2, .contains) }
    }

    /// Who observed: a person where one is known, then the device (PS3.16 TID 1001).
    private mutating func addObservers(_ context: RecordContext) throws(RecordDocumentError) {
        if let name = try context.operatorName?.dicomText("operator"), !name.isEmpty {
            add(1, .observation, .observerType, .code(codes[.person]))
            add(1, .observation, .personObserverName, .personName(name))
            if !context.station.institution.isEmpty {
                add(1, .observation, .personObserverOrganisation, .text(context.station.institution))
            }
        }
        let station = context.station
        try RecordIdentifiers.validate(uid: station.deviceUID, "device")
        add(1, .observation, .observerType, .code(codes[.device]))
        add(1, .observation, .deviceObserverUID, .uid(station.deviceUID))
        let facts: [(RecordConcept, String)] = [
            (.deviceObserverName, station.stationName), (.deviceObserverManufacturer, station.manufacturer),
            (.deviceObserverModel, station.model), (.deviceObserverSerial, station.serial),
        ]
        for (concept, text) in facts where !text.isEmpty { add(1, .observation, concept, .text(text)) }
    }

    private mutating func add(_ group: ContentGroup, _ depth: Int) {
        add(depth, .contains, group.concept, .container)
        for pair in group.modifiers { add(depth + 1, .modifier, pair.concept, .code(codes[pair.value])) }
        for pair in group.context { add(depth + 1, .acquisition, pair.concept, .code(codes[pair.value])) }
        for item in group.items { add(item, depth + 1, .contains) }
        for part in group.groups { add(part, depth + 1) }
    }

    private mutating func add(_ item: ContentItem, _ depth: Int, _ relationship: ReportItem.Relationship) {
        switch item.value {
        case .number(let number, let unit):
            add(depth, relationship, item.concept, .number(number, unit: codes[unit]))
        case .noNumber(let absence, _): add(depth, relationship, item.concept, .noNumber(codes[absence.qualifier]))
        case .code(let code): add(depth, relationship, item.concept, .code(codes[code]))
        case .text(let text): add(depth, relationship, item.concept, .text(text))
        }
        for pair in item.modifiers { add(depth + 1, .modifier, pair.concept, .code(codes[pair.value])) }
        for pair in item.context { add(depth + 1, .acquisition, pair.concept, .code(codes[pair.value])) }
        for property in item.properties { add(property, depth + 1, .properties) }
        for picture in item.recordingIDs.compactMap({ pictures[$0] }) {
            add(depth + 1, .inferredFrom, .sourceOfMeasurement, .image(picture))
        }
    }

    private mutating func add(
        _ depth: Int, _ relationship: ReportItem.Relationship, _ concept: RecordConcept, _ value: ReportItem.Value
    ) {
        items.append(ReportItem(depth: depth, relationship: relationship, name: codes[concept], value: value))
    }
}
