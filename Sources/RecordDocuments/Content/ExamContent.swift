import CCSVIAnalysis

/// What the documents say of an exam, before it is written in one standard or another.
struct ExamContent: Hashable {
    /// Remarks on the exam as a whole, the mark of a simulated one first.
    var summary: [ContentItem]
    /// What was measured: one group for each region and side, with one for each place and posture in it.
    var sections: [ContentGroup]
    /// Criteria, count and verdict under the exam's own definition.
    var criteria: ContentGroup
    /// The result under each published definition; `nil` in exams that do not hold it.
    var definitions: ContentGroup?
    /// The severity score with its parts.
    var severity: ContentGroup
    /// What is shown beside and never scored; `nil` without any.
    var beside: ContentGroup?
    /// The result in one line and the statement of what it is and is not.
    var conclusions: [ContentItem]

    /// What stands first wherever a simulated exam is described.
    static let simulatedMark = "SIMULATED"

    /// The content of an exam.
    ///
    /// - Throws: `RecordDocumentError` for a figure that is none and for text that documents cannot carry.
    init(_ exam: Exam, isAmendment: Bool) throws(RecordDocumentError) {
        summary = try Self.summary(exam, isAmendment: isAmendment)
        sections = try VeinSections(exam).sections()
        criteria = try Self.criteria(exam.assessment)
        definitions = try exam.definitions.map { overview throws(RecordDocumentError) in
            try Self.definitions(overview)
        }
        severity = try Self.severity(exam.assessment.vhiss)
        beside = try Self.beside(exam)
        conclusions = try Self.conclusions(exam)
    }

    /// Everything that is no remark, in the order in which it is written.
    var groups: [ContentGroup] { sections + [criteria, definitions, severity, beside].compactMap(\.self) }

    /// That an exam is simulated, as a sentence.
    static let simulatedSentence =
        "\(simulatedMark): the exam is made of simulated data and says nothing of a person."

    private static func summary(
        _ exam: Exam, isAmendment: Bool
    ) throws(RecordDocumentError) -> [ContentItem] {
        var items: [ContentItem] = []
        if exam.isSimulated { items.append(ContentItem("simulated", .simulated, .text(simulatedSentence))) }
        if isAmendment {
            items.append(
                ContentItem("amends", .amendedFrom, .text("This report takes the place of an earlier version.")))
        }
        items += try ContentItem.text("comment", .comment, exam.assessment.verdictLine)
        items += try ContentItem.text("exam", .exam, "\(exam.examID), started \(exam.startedAt)")
        items += try ContentItem.text(
            "protocol", .examProtocol, "\(exam.protocolName): \(exam.protocolReference.title)")
        items += try ContentItem.text(
            "software", .software, ([exam.software] + exam.algorithms).joined(separator: "; "))
        items += try ContentItem.text("output", .acousticOutput, exam.outputDeclaration)
        items += try ContentItem.text("qa", .qualityAssurance, exam.qualityAssurance)
        if let blinding = exam.blinding {
            items += try ContentItem.text(
                "blinded", .blinded, "under the code \(blinding.code), since \(blinding.since)")
        }
        return items + (try ContentItem.texts("limitation", .limitation, exam.limitations))
    }

    private static func conclusions(_ exam: Exam) throws(RecordDocumentError) -> [ContentItem] {
        let statement = exam.statement.isEmpty ? ExamStatement.sentences : exam.statement
        let sentences = (exam.isSimulated ? [simulatedSentence] : []) + [exam.assessment.verdictLine] + statement
        return try ContentItem.texts("conclusion", .conclusion, sentences)
    }

    private static func beside(_ exam: Exam) throws(RecordDocumentError) -> ContentGroup? {
        var group = ContentGroup(key: "beside", concept: .besideSection)
        group.items = try ContentItem.texts("beside", .beside, exam.assessment.beside.lines)
        if let inflow = exam.measurements.arterialInflowSupineMlPerMin {
            group.items.append(try .number("arterialInflow", .arterialInflow, inflow, .unitMillilitrePerMinute))
        }
        return group.items.isEmpty ? nil : group
    }
}
