/// One row of the structured report's template, as the conformance statement prints it and a test holds the report to it.
struct TemplateRow: Hashable {
    /// 0 for the root.
    var depth: Int
    /// How it hangs on the row above.
    var relationship: ReportItem.Relationship
    /// `CONTAINER`, `CODE`, `NUM`, `TEXT`, `UIDREF`, `PNAME`, `IMAGE`.
    var valueType: String
    /// The concept names that it can have.
    var concepts: [RecordConcept]
    /// How often it stands, and under which condition.
    var presence: String
    /// Where it comes from: a template of PS3.16, or an extension of ours.
    var origin: String

    /// A row.
    init(
        _ depth: Int, _ relationship: ReportItem.Relationship, _ valueType: String, _ concepts: [RecordConcept],
        _ presence: String, _ origin: String = "extension"
    ) {
        self.depth = depth
        self.relationship = relationship
        self.valueType = valueType
        self.concepts = concepts
        self.presence = presence
        self.origin = origin
    }
}

extension TemplateRow {
    private static let veins: [RecordConcept] = [
        .internalJugular, .vertebral, .internalCerebral, .basalRosenthal, .greatCerebralGalen, .deepMiddleCerebral,
        .straightSinus, .transverseSinus, .cavernousSinus, .superiorPetrosalSinus, .inferiorPetrosalSinus, .azygos,
    ]
    private static let criteria: [RecordConcept] = [.criterion1, .criterion2, .criterion3, .criterion4, .criterion5]

    /// The whole template, depth first.
    static let all: [TemplateRow] =
        [TemplateRow(0, .root, "CONTAINER", [.veinReport], "1", "TID 5100")] + head + places + criteriaRows
        + definitions
        + severity + tail

    private static let head = [
        TemplateRow(1, .modifier, "CODE", [.language], "1", "TID 1204"),
        TemplateRow(1, .observation, "CODE", [.observerType], "1, 2 where a person is known", "TID 1002"),
        TemplateRow(1, .observation, "PNAME", [.personObserverName], "0-1", "TID 1003"),
        TemplateRow(1, .observation, "TEXT", [.personObserverOrganisation], "0-1", "TID 1003"),
        TemplateRow(1, .observation, "UIDREF", [.deviceObserverUID], "1", "TID 1004"),
        TemplateRow(
            1, .observation, "TEXT",
            [.deviceObserverName, .deviceObserverManufacturer, .deviceObserverModel, .deviceObserverSerial],
            "each 0-1", "TID 1004"),
        TemplateRow(1, .observation, "UIDREF", [.studyInstanceUID], "1", "TID 1005"),
        TemplateRow(1, .contains, "CONTAINER", [.summary], "1", "TID 5102"),
        TemplateRow(2, .contains, "TEXT", [.comment], "1", "TID 5102"),
        TemplateRow(
            2, .contains, "TEXT",
            [
                .simulated, .amendedFrom, .exam, .examProtocol, .software, .acousticOutput, .qualityAssurance, .blinded,
                .limitation,
            ], "each 0-n"),
    ]

    private static func shown(_ depth: Int) -> TemplateRow {
        TemplateRow(depth, .inferredFrom, "IMAGE", [.sourceOfMeasurement], "0-1, the recording's picture", "TID 300")
    }

    private static func source(_ depth: Int) -> TemplateRow {
        TemplateRow(depth, .properties, "TEXT", [.recording, .recordingSHA256], "each 0-1")
    }

    private static let places: [TemplateRow] =
        [
            TemplateRow(1, .contains, "CONTAINER", [.findings], "0-n, one a region and side", "TID 5103"),
            TemplateRow(2, .modifier, "CODE", [.findingSite, .laterality], "each 1", "TID 5103"),
            TemplateRow(2, .contains, "CONTAINER", veins, "1-n, one a place and posture", "TID 5104"),
            TemplateRow(3, .modifier, "CODE", [.topographicalModifier], "0-1, jugular vein", "TID 5104"),
            TemplateRow(
                3, .acquisition, "CODE", [.patientOrientation, .patientOrientationModifier], "each 0-1, not of a lumen"),
            TemplateRow(3, .contains, "TEXT", [.itemID], "1"), TemplateRow(3, .contains, "CODE", [.window], "0-1"),
            TemplateRow(4, .modifier, "CODE", [.laterality], "1, side of the window"),
            TemplateRow(3, .contains, "CODE", [.flowPresence], "0-1"),
            TemplateRow(4, .properties, "TEXT", [.reason], "0-1"),
            TemplateRow(
                4, .properties, "CODE", [.absenceWallFilter, .absenceScale, .absenceInspirations],
                "each 0-1, where no flow was found"), source(4), shown(4),
            TemplateRow(
                3, .contains, "NUM", [.meanVelocity], "0-1; without a value where it was not measured", "TID 5104"),
            TemplateRow(4, .modifier, "CODE", [.flowDirection], "0-1", "TID 5104"),
            TemplateRow(4, .properties, "NUM", [.dopplerAngle, .sampleVolumeDepth], "each 0-1", "TID 5104"), shown(4),
            TemplateRow(3, .contains, "CODE", [.transducerDirection], "0-1"),
            TemplateRow(3, .contains, "TEXT", [.reason], "0-1, why the direction is not known"),
            TemplateRow(3, .contains, "CODE", [.reflux], "0-1"), shown(4),
            TemplateRow(3, .contains, "NUM", [.refluxDuration], "0-n; without a value where it was not measured"),
            TemplateRow(4, .modifier, "CODE", [.flowDirection], "0-1"),
            TemplateRow(4, .acquisition, "CODE", [.functionalCondition], "0-1"),
            TemplateRow(
                4, .properties, "NUM",
                [.refluxOnset, .uncertainty, .refluxPeakVelocity, .confidence, .breathsSeen, .breathsRecorded],
                "each 0-1"), shown(4),
        ] + areas

    private static let areas = [
        TemplateRow(3, .contains, "NUM", [.lumenArea], "0-1; without a value where it was not measured", "TID 5104"),
        TemplateRow(4, .acquisition, "CODE", [.respiratoryCyclePoint, .functionalCondition], "0-1"),
        TemplateRow(4, .properties, "CODE", [.measurementMethod, .corrected], "each 0-1"),
        TemplateRow(4, .properties, "NUM", [.uncertainty, .confidence], "each 0-1"),
        TemplateRow(4, .properties, "TEXT", [.areaPicture, .reason], "each 0-1"),
        TemplateRow(4, .properties, "NUM", [.superseded], "0-n"),
        TemplateRow(5, .properties, "TEXT", [.reason], "1, when it was superseded"), source(4), shown(4),
        TemplateRow(3, .contains, "NUM", [.volumeFlow], "0-n", "TID 5104"),
        TemplateRow(4, .modifier, "CODE", [.flowDirection], "0-1", "TID 5104"),
        TemplateRow(4, .properties, "CODE", [.measurementMethod], "1"), source(4), shown(4),
        TemplateRow(3, .contains, "CODE", [.lumenInspection], "0-1"),
        TemplateRow(4, .properties, "TEXT", [.reason], "0-1"),
        TemplateRow(4, .properties, "CODE", [.leafletMotion], "0-1"),
        TemplateRow(3, .contains, "CODE", [.lumenDefectKind], "0-n"),
    ]

    private static let criteriaRows: [TemplateRow] =
        [
            TemplateRow(1, .contains, "CONTAINER", [.criteriaSection], "1"),
            TemplateRow(2, .contains, "TEXT", [.definition], "1"),
            TemplateRow(2, .contains, "CODE", criteria, "each 1"),
            TemplateRow(3, .properties, "TEXT", [.rule, .ruleSource, .projectChoice, .missing], "each 0-n"),
            TemplateRow(3, .properties, "TEXT", [.evidence], "0-n"),
            TemplateRow(
                4, .properties, "NUM", [.refluxOnset, .refluxDuration, .breathsSeen, .breathsRecorded, .confidence],
                "each 0-1"), shown(3),
        ] + counts(2) + [TemplateRow(2, .contains, "TEXT", [.settling, .warning], "each 0-n")]

    private static func counts(_ depth: Int) -> [TemplateRow] {
        [
            TemplateRow(depth, .contains, "NUM", [.metCount, .openCount], "each 1"),
            TemplateRow(depth, .contains, "CODE", [.verdict], "1"),
            TemplateRow(depth, .contains, "TEXT", [.otherReading], "0-n"),
        ]
    }

    private static let definitions: [TemplateRow] =
        [
            TemplateRow(1, .contains, "CONTAINER", [.definitionsSection], "0-1"),
            TemplateRow(2, .contains, "TEXT", [.definitionChange], "0-n"),
            TemplateRow(2, .contains, "CONTAINER", [.definitionResult], "1-n, one a published definition"),
            TemplateRow(3, .contains, "TEXT", [.definition], "1"),
            TemplateRow(3, .contains, "CODE", criteria, "each 1"),
        ] + counts(3) + [TemplateRow(3, .contains, "NUM", [.vhissLow, .vhissHigh], "each 1")]

    private static let severity = [
        TemplateRow(1, .contains, "CONTAINER", [.vhissSection], "1"),
        TemplateRow(2, .contains, "NUM", [.vhiss], "1; without a value where it is an interval"),
        TemplateRow(2, .contains, "NUM", [.vhissLow, .vhissHigh], "each 1"),
        TemplateRow(2, .contains, "TEXT", [.vhissTable], "1"), TemplateRow(2, .contains, "CODE", [.vhissVerified], "1"),
        TemplateRow(2, .contains, "CONTAINER", [.vhissPart], "1-n"),
        TemplateRow(3, .contains, "TEXT", [.partCounts], "1"),
        TemplateRow(3, .contains, "NUM", [.partFound, .partUnknown, .partPoints, .partAtMost], "each 1"),
    ]

    private static let tail = [
        TemplateRow(1, .contains, "CONTAINER", [.besideSection], "0-1"),
        TemplateRow(2, .contains, "TEXT", [.beside], "0-n"),
        TemplateRow(2, .contains, "NUM", [.arterialInflow], "0-1"),
        TemplateRow(1, .contains, "CONTAINER", [.conclusions], "1", "TID 5100"),
        TemplateRow(2, .contains, "TEXT", [.conclusion], "1-n", "TID 5100"),
    ]
}
