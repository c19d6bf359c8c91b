internal import CCSVIAnalysis

/// One column of the cohort's table: what may stand in it, and where it comes from.
struct CohortColumn: Sendable {
    var name: String
    var kind: CohortKind
    /// UCUM; `nil` for what has no unit.
    var unit: String?
    /// What it is, in a sentence of the data dictionary.
    var meaning: String
    /// Whether every row has a value here.
    var isRequired = false
    var value: @Sendable (CohortExam) -> CohortValue

    init(
        _ name: String, _ kind: CohortKind, unit: String? = nil, isRequired: Bool = false, _ meaning: String,
        _ value: @escaping @Sendable (CohortExam) -> CohortValue
    ) {
        self.name = name
        self.kind = kind
        self.unit = unit
        self.isRequired = isRequired
        self.meaning = meaning
        self.value = value
    }
}

/// The columns of the cohort's table, in order.
enum CohortColumns {
    static let all = exam + analysis + reported + CriteriaDefinition.builtInIDs.flatMap(published)

    /// What stands before each column's value in a line.
    static let names = all.enumerated().map { Array("\($0.offset == 0 ? "{" : ",")\"\($0.element.name)\":".utf8) }

    /// Where a row's parts stand that the program itself reads.
    static let examIndex = index("exam")
    static let examSHA256Index = index("examSHA256")
    static let algorithmsIndex = index("algorithms")
    static let analysisIndex = index("analysis")

    private static func index(_ name: String) -> Int { all.firstIndex { $0.name == name } ?? 0 }

    private static let exam: [CohortColumn] = [
        .init("exam", .identifier, isRequired: true, "The exam's id.") { .text($0.stored.examID) },
        .init("subject", .text, isRequired: true, "The subject's code; never a name.") { .text($0.stored.subjectCode) },
        .init("startedAt", .text, isRequired: true, "Start of the exam, ISO 8601.") { .text($0.stored.startedAt) },
        .init("isSimulated", .truth, isRequired: true, "Whether anything in the exam is simulated.") {
            .truth($0.stored.isSimulated)
        },
        .init("isBlinded", .truth, isRequired: true, "Whether the exam was made blinded.") {
            .truth($0.stored.blinding != nil)
        },
        .init("protocol", .text, isRequired: true, "Id of the exam protocol.") {
            .text($0.stored.protocolReference.id)
        },
        .init("protocolVersion", .text, isRequired: true, "Version of the exam protocol.") {
            .text($0.stored.protocolReference.version)
        },
        .init("recordings", .count, unit: "{count}", isRequired: true, "Recordings of the exam.") {
            .count($0.stored.recordings.count)
        },
        .init("recordedSeconds", .decimal, unit: "s", isRequired: true, "Length of all recordings.") {
            .decimal($0.stored.recordings.reduce(0) { $0 + $1.durationSeconds })
        },
        .init("examSHA256", .sha256, isRequired: true, "SHA-256 of exam.json as it is stored.") {
            .text($0.examSHA256)
        },
        .init(
            "recordingsSHA256", .sha256, isRequired: true,
            "SHA-256 over a line for each recording: its id, a space, the SHA-256 of its file."
        ) { .text($0.recordingsSHA256) },
    ]

    private static let analysis: [CohortColumn] = [
        .init("algorithms", .text, isRequired: true, "The algorithms that analysed it now, with their versions.") {
            .text(CohortExam.algorithmsText($0.algorithms))
        },
        .init(
            "analysis", .words(CohortAnalysis.self), isRequired: true,
            "Against what was stored: same bytes, same values, changed by newer algorithms, changed without such a reason, or failed."
        ) { .text($0.analysis.rawValue) },
        .init("failure", .words(CohortFailure.self), "Why it could not be analysed.") {
            $0.failure.map { .text($0.rawValue) } ?? .missing
        },
        .init("changedValues", .count, unit: "{count}", "Values that differ from the stored exam.json.") {
            $0.changedValues.map(CohortValue.count) ?? .missing
        },
    ]

    /// The definition that the exam was reported by.
    private static let reported: [CohortColumn] =
        [
            .init("definition", .text, isRequired: true, "Id of the definition that the exam was reported by.") {
                .text($0.stored.assessment.definition.id)
            },
            .init("definitionVersion", .text, isRequired: true, "Version of that definition.") {
                .text($0.stored.assessment.definition.version)
            },
        ] + result("", "the definition that the exam was reported by") { $0.results.first }

    /// A published definition: `zamboni_2009_verdict` and so on.
    private static func published(_ id: String) -> [CohortColumn] {
        let prefix = id.split(separator: "-").joined(separator: "_") + "_"
        return result(prefix, id) { exam in exam.results.first { $0.definition.id == id } }
    }

    private static func result(
        _ prefix: String, _ words: String, _ result: @escaping @Sendable (CohortExam) -> DefinitionResult?
    ) -> [CohortColumn] {
        let criteria = Criterion.allCases.map { criterion in
            CohortColumn(
                prefix + criterion.rawValue, .words(CriterionOutcome.self),
                "Criterion \(criterion.rawValue.dropFirst()) under \(words)."
            ) { exam in
                result(exam)?.criteria.first { $0.criterion == criterion }.map { .text($0.outcome.rawValue) }
                    ?? .missing
            }
        }
        return criteria + [
            .init(prefix + "verdict", .words(Verdict.self), "What \(words) says; never a diagnosis.") {
                result($0).map { .text($0.verdict.rawValue) } ?? .missing
            },
            .init(prefix + "criteriaMet", .count, unit: "{count}", "Criteria that are met under \(words).") {
                result($0).map { .count($0.metCount) } ?? .missing
            },
            .init(prefix + "criteriaOpen", .count, unit: "{count}", "Criteria that are open under \(words).") {
                result($0).map { .count($0.unknownCount) } ?? .missing
            },
            .init(prefix + "vhissLow", .count, unit: "{score}", "The lowest severity score under \(words).") {
                result($0).map { .count($0.vhissLow) } ?? .missing
            },
            .init(prefix + "vhissHigh", .count, unit: "{score}", "The highest severity score under \(words).") {
                result($0).map { .count($0.vhissHigh) } ?? .missing
            },
        ]
    }
}

extension CohortKind {
    /// The words of an enumeration.
    static func words<Words: CaseIterable & RawRepresentable>(_ type: Words.Type) -> CohortKind
    where Words.RawValue == String { .word(type.allCases.map(\.rawValue)) }
}
