internal import CCSVIAnalysis

/// The allow-list: every field of every table.
enum RegistryColumns {
    static let exams: [RegistryColumn<RegistryExam>] =
        [
            examKey { $0 },
            .init("subject", .pseudonym, "The subject: the same in all exams of one.") {
                .pseudonym($0.subjectPseudonym)
            },
            .init("version", .count, "Version of the exam; the highest of an exam is the valid one.") {
                .count($0.version)
            },
            .init("isSigned", .truth, "Whether this version was signed.") { .truth($0.isSigned) },
            .init("isSimulated", .truth, "Whether anything in the exam is simulated.") { .truth($0.exam.isSimulated) },
            .init("isBlinded", .truth, "Whether the exam was made blinded.") { .truth($0.exam.blinding != nil) },
            .init(
                "day", .shiftedDate,
                "Day of the exam, put back by a number of days that is the same for all exams of a subject."
            ) { $0.shiftedDay.map(RegistryValue.date) ?? .missing },
            .init(
                "ageYears", .count, unit: "a",
                "Age at the exam; \(RegistryExam.cappedAgeYears) stands for all above 89."
            ) { .optional($0.ageYears) },
            .init("sex", .word(RegistrySex.allCases.map(\.rawValue)), "Administrative sex.") { .optional($0.sex) },
            .init("protocol", .word(protocols), "The exam protocol; `own` for a site's own.") {
                .word(builtIn($0.exam.protocolReference.id, among: protocols))
            },
            .init("definition", .word(definitions), "The definition that the exam was reported by.") {
                .word(builtIn($0.exam.assessment.definition.id, among: definitions))
            },
            .init("verdict", .words(Verdict.self), "What the definition says; never a diagnosis.") {
                .word($0.exam.assessment.verdict)
            },
            .init("criteriaMet", .count, unit: "{count}", "Criteria that are met.") {
                .count($0.exam.assessment.metCount)
            },
            .init("criteriaOpen", .count, unit: "{count}", "Criteria that are neither met nor not met.") {
                .count($0.exam.assessment.unknownCount)
            },
            .init("vhissLow", .count, unit: "{score}", "The lowest severity score that the exam allows.") {
                .count($0.exam.assessment.vhiss.low)
            },
            .init("vhissHigh", .count, unit: "{score}", "The highest severity score that the exam allows.") {
                .count($0.exam.assessment.vhiss.high)
            },
        ]

    static let criteria: [RegistryColumn<CriterionRow>] =
        [
            examKey(\.exam), versionKey(\.exam),
            .init("definition", .word(definitions), "The published definition; `own` for a site's own.") {
                .word(builtIn($0.definition.id, among: definitions))
            },
            .init("isReported", .truth, "Whether the exam was reported by this definition.") {
                .truth($0.isReportedOne)
            },
            .init("criterion", .words(Criterion.self), "The criterion.") { .word($0.criterion) },
            .init("outcome", .words(CriterionOutcome.self), "What is known of it.") { .word($0.outcome) },
            .init("verdict", .words(Verdict.self), "What this definition says of the whole exam.") {
                .word($0.verdict)
            },
            .init("vhissLow", .count, unit: "{score}", "The lowest severity score.") {
                .optional($0.vhiss?.lowerBound)
            },
            .init("vhissHigh", .count, unit: "{score}", "The highest severity score.") {
                .optional($0.vhiss?.upperBound)
            },
        ]

    static let defects: [RegistryColumn<DefectRow>] =
        [
            examKey(\.exam), versionKey(\.exam),
            .init("side", .words(Side.self), "Side.") { .word($0.defect.side) },
            .init("level", .words(JugularLevel.self), "Level.") { .word($0.defect.level) },
            .init("kind", .words(LumenDefectKind.self), "What was seen.") { .word($0.defect.kind) },
        ]

    static let areas: [RegistryColumn<AreaRow>] =
        [
            examKey(\.exam), versionKey(\.exam),
            .init("side", .words(Side.self), "Side.") { .word($0.area.side) },
            .init("level", .words(JugularLevel.self), "Level.") { .word($0.area.level) },
            .init("posture", .words(Posture.self), "Posture.") { .word($0.area.posture) },
            .init("status", .words(ExaminationStatus.self), "Whether it was examined.") { .word($0.area.status) },
            .init("areaMm2", .decimal, unit: "mm2", "Cross-sectional area.") { .optional($0.area.areaMm2) },
            .init("method", .words(AreaMethod.self), "How it was measured.") { .optional($0.area.method) },
            .init("breathingPhase", .words(BreathingPhase.self), "When it was measured.") {
                .optional($0.area.breathingPhase)
            },
            .init("isCorrected", .truth, "Whether the operator corrected the outline.") {
                .optional($0.area.isCorrected)
            },
        ]

    /// Which exam a row belongs to.
    static func examKey<Row>(_ exam: @escaping @Sendable (Row) -> RegistryExam) -> RegistryColumn<Row> {
        .init("exam", .pseudonym, "The exam.") { .pseudonym(exam($0).pseudonym) }
    }

    /// Which version of it.
    static func versionKey<Row>(_ exam: @escaping @Sendable (Row) -> RegistryExam) -> RegistryColumn<Row> {
        .init("version", .count, "Version of the exam.") { .count(exam($0).version) }
    }

    /// Stands for every definition, protocol and table that is not built in: its id is a site's own text.
    private static let own = "own"

    private static let definitions = CriteriaDefinition.builtInIDs + [own]
    private static let protocols = ExamProtocol.builtInIDs + [own]

    private static func builtIn(_ id: String, among known: [String]) -> String { known.contains(id) ? id : own }
}

extension RegistryKind {
    /// The words of an enumeration.
    static func words<Words: CaseIterable & RawRepresentable>(_ type: Words.Type) -> RegistryKind
    where Words.RawValue == String { .word(type.allCases.map(\.rawValue)) }
}

extension RegistryValue {
    static func word<Word: RawRepresentable>(_ word: Word) -> RegistryValue where Word.RawValue == String {
        .word(word.rawValue)
    }

    static func optional<Word: RawRepresentable>(_ word: Word?) -> RegistryValue where Word.RawValue == String {
        word.map { .word($0.rawValue) } ?? .missing
    }

    static func optional(_ count: Int?) -> RegistryValue { count.map(RegistryValue.count) ?? .missing }
    static func optional(_ number: Double?) -> RegistryValue { number.map(RegistryValue.decimal) ?? .missing }
    static func optional(_ isTrue: Bool?) -> RegistryValue { isTrue.map(RegistryValue.truth) ?? .missing }
}
