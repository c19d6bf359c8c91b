import CCSVIAnalysis

extension ExamContent {
    /// The five criteria with what they rest on, their count and the verdict.
    static func criteria(_ assessment: Assessment) throws(RecordDocumentError) -> ContentGroup {
        var group = ContentGroup(key: "criteria", concept: .criteriaSection)
        group.items = try ContentItem.text("definition", .definition, assessment.definition.words)
        for finding in assessment.criteria { group.items.append(try criterion(finding)) }
        group.items.append(.count("metCount", .metCount, assessment.metCount))
        group.items.append(.count("openCount", .openCount, assessment.unknownCount))
        group.items.append(ContentItem("verdict", .verdict, .code(assessment.verdict.concept)))
        group.items += try readings(assessment.otherReadings)
        group.items += try ContentItem.text("settling", .settling, assessment.settling?.sentence)
        group.items += try ContentItem.texts("warning", .warning, assessment.warnings.map(\.words))
        return group
    }

    private static func criterion(_ finding: CriterionFinding) throws(RecordDocumentError) -> ContentItem {
        let key = finding.criterion.rawValue
        var item = ContentItem(key, finding.criterion.concept, .code(finding.outcome.concept))
        item.properties = try ContentItem.text("\(key).rule", .rule, finding.rule)
        item.properties += try ContentItem.text("\(key).source", .ruleSource, finding.source)
        item.properties += try ContentItem.texts("\(key).choice", .projectChoice, finding.projectChoices)
        for (index, evidence) in finding.evidence.enumerated() {
            item.properties += try self.evidence("\(key).evidence.\(index + 1)", evidence)
        }
        item.properties += try ContentItem.texts("\(key).missing", .missing, finding.missing.map(\.words))
        var shown: Set<String> = []
        item.recordingIDs = finding.evidence.compactMap(\.recordingID).filter { shown.insert($0).inserted }
        return item
    }

    private static func evidence(
        _ key: String, _ evidence: Evidence
    ) throws(RecordDocumentError) -> [ContentItem] {
        guard var item = try ContentItem.text(key, .evidence, evidence.text).first else { return [] }
        if let onset = evidence.onsetSeconds {
            item.properties.append(try .number("\(key).onset", .refluxOnset, onset, .unitSecond))
        }
        if let duration = evidence.durationSeconds {
            item.properties.append(try .number("\(key).duration", .refluxDuration, duration, .unitSecond))
        }
        if let breaths = evidence.breathsSeen {
            item.properties.append(.count("\(key).breathsSeen", .breathsSeen, breaths))
        }
        if let breaths = evidence.breathsRecorded {
            item.properties.append(.count("\(key).breathsRecorded", .breathsRecorded, breaths))
        }
        if let confidence = evidence.confidence {
            item.properties.append(try .number("\(key).confidence", .confidence, confidence, .unitOne))
        }
        return [item]
    }

    private static func readings(_ readings: [VerdictReading]) throws(RecordDocumentError) -> [ContentItem] {
        try ContentItem.texts(
            "reading", .otherReading, readings.map { "\($0.name): \($0.verdict?.rawValue ?? "not counted")" })
    }

    /// The result under each published definition, and what changes between them.
    static func definitions(_ overview: DefinitionOverview) throws(RecordDocumentError) -> ContentGroup {
        var group = ContentGroup(key: "definitions", concept: .definitionsSection)
        group.items = try ContentItem.texts("change", .definitionChange, overview.changeWords)
        for (index, result) in overview.results.enumerated() {
            var part = ContentGroup(
                key: "definition.\(index + 1)", concept: .definitionResult, name: result.definition.id)
            part.items = try ContentItem.text("definition", .definition, result.definition.words)
            part.items += result.criteria.map {
                ContentItem($0.criterion.rawValue, $0.criterion.concept, .code($0.outcome.concept))
            }
            part.items.append(.count("metCount", .metCount, result.metCount))
            part.items.append(.count("openCount", .openCount, result.unknownCount))
            part.items.append(ContentItem("verdict", .verdict, .code(result.verdict.concept)))
            part.items += try readings(result.otherReadings)
            part.items.append(.count("vhissLow", .vhissLow, result.vhissLow, .unitScore))
            part.items.append(.count("vhissHigh", .vhissHigh, result.vhissHigh, .unitScore))
            group.groups.append(part)
        }
        return group
    }

    /// The severity score, its bounds and its parts.
    static func severity(_ score: VHISSScore) throws(RecordDocumentError) -> ContentGroup {
        var group = ContentGroup(key: "vhiss", concept: .vhissSection)
        group.items.append(
            try .number("vhiss", .vhiss, score.value.map(Double.init), .unitScore, orElse: .notAssessable))
        group.items.append(.count("vhissLow", .vhissLow, score.low, .unitScore))
        group.items.append(.count("vhissHigh", .vhissHigh, score.high, .unitScore))
        group.items += try ContentItem.text("table", .vhissTable, score.table.words)
        group.items.append(
            ContentItem("tableIsVerified", .vhissVerified, .code(score.tableIsVerified ? .yes : .no)))
        for (index, part) in score.parts.enumerated() {
            var entry = ContentGroup(key: "part.\(index + 1)", concept: .vhissPart, name: part.name)
            entry.items = try ContentItem.text("counts", .partCounts, "\(part.name): \(part.counts)")
            entry.items.append(.count("found", .partFound, part.found))
            entry.items.append(.count("unknown", .partUnknown, part.unknown))
            entry.items.append(.count("pointsEach", .partPoints, part.pointsEach, .unitPoints))
            entry.items.append(.count("atMost", .partAtMost, part.atMost, .unitPoints))
            group.groups.append(entry)
        }
        return group
    }
}

extension Reference {
    /// Id, version, title and citation in one line.
    fileprivate var words: String { "\(id) \(version): \(title) [\(citation)]" }
}

extension MissingItem {
    /// What is missing and why, in one line.
    fileprivate var words: String { "\(text): \(status.words)" + (reason.map { " (\($0))" } ?? "") }
}
