import CCSVIAnalysis

extension ExamFixture {
    private static let definition = Reference(
        id: "zamboni-2009", version: "1.0", title: "Zamboni criteria, original",
        citation: "Zamboni P et al., J Neurol Neurosurg Psychiatry 2009;80:392-399, table 3 (PMC2647682)")

    private static func table() -> Reference {
        Reference(
            id: "segments-v1", version: "1",
            title: "VHISS, segment counts (unverified scoring table, not comparable with published values)",
            citation:
                "A reconstruction by this project from Zivadinov R, Chung CP. BMC Med 2013;11:260, table 3 (range 0 "
                + "to 16, a sum over the five criteria) and Zamboni P et al. BMC Med 2011;9:22, abstract "
                + "(number of venous "
                + "segments with flow abnormalities). The points of the published table are not known.")
    }

    static let richAssessment = Assessment(
        definition: definition, criteria: richFindings, metCount: 2, unknownCount: 1, verdict: .positive,
        vhiss: VHISSScore(
            table: table(), tableIsVerified: false,
            parts: [
                VHISSPart(
                    name: "veins",
                    counts:
                        "left and right internal jugular and vertebral vein in each posture, with reflux or "
                        + "absent flow at any level",
                    found: 3, unknown: 0,
                    atMost: 8),
                VHISSPart(
                    name: "intracranial", counts: "sides with reflux in the skull, by posture", found: 0, unknown: 2,
                    atMost: 4),
                VHISSPart(
                    name: "stenosis", counts: "internal jugular veins with a C3 finding", found: 0, unknown: 0,
                    atMost: 2),
                VHISSPart(
                    name: "postural", counts: "internal jugular veins larger sitting at J2", found: 1, unknown: 0,
                    atMost: 2),
            ], low: 4, high: 6),
        warnings: richWarnings, beside: richBeside)

    private static let richFindings = [
        CriterionFinding(
            criterion: .c1, outcome: .met,
            rule:
                "Reflux longer than 0.88 s in at least 2 breaths under quiet breathing, supine and sitting in the same "
                + "vein: internal jugular vein or vertebral vein, any of J1, J2, J3 of the jugular.",
            source:
                "Zamboni 2009, table 3: reflux constantly present in IJVs and/or VVs with the head at 0 and +90 "
                + "degrees",
            projectChoices: [
                "levels: any level of the vein counts, and it may differ between the postures; the table names none",
                "breaths: 'constantly present' is read as: a reflux at least this long is seen in two quiet breaths",
                "manoeuvres: the criterion is about spontaneous reflux", "postures: the same vein is our reading",
                "missing steps: a criterion is decided as soon as nothing that is missing could change it",
            ],
            evidence: [
                Evidence(
                    text: "right internal jugular vein, J1, supine: reflux 1.42 s in 3 breaths",
                    siteID: "ijv.right.j1.supine", recordingID: "03-ijv.right.j1.supine", onsetSeconds: 5.2,
                    durationSeconds: 1.42),
                Evidence(
                    text: "right internal jugular vein, J1, sitting: reflux 1.42 s in 3 breaths",
                    siteID: "ijv.right.j1.sitting", recordingID: "11-ijv.right.j1.sitting", onsetSeconds: 5.2,
                    durationSeconds: 1.42),
            ], missing: []),
        CriterionFinding(
            criterion: .c2, outcome: .notAssessable,
            rule: "Reflux longer than 0.5 s in the internal cerebral vein, the basal vein of Rosenthal or the great "
                + "cerebral vein of Galen.",
            source: "Zamboni 2009 table 3; 0.5 s as restated by Mayer 2011 table 2",
            projectChoices: ["every planned vein must be known for not met"],
            evidence: [
                Evidence(
                    text: "no reflux from the right, supine and sitting",
                    recordingID: "17-icv.right.transtemporal.supine")
            ],
            missing: [Posture.supine, .sitting].flatMap { posture in
                [Vein.basalRosenthal, .greatCerebralGalen].map { vein in
                    let site = ExamSite(vein, .left, posture)
                    return MissingItem(
                        text: site.name, itemID: site.id, status: .notAssessable, reason: "no bone window")
                }
            }),
        CriterionFinding(
            criterion: .c3, outcome: .notMet,
            rule: "Area of an internal jugular vein, supine, at most 30 mm² at any of J1, J2, J3.",
            source: "Zamboni 2009 table 3; 0.3 cm² as restated by Mayer 2011 table 2",
            projectChoices: ["supine only", "any level"],
            evidence: [Evidence(text: "smallest supine area 48.0 mm², left J1")], missing: []),
        CriterionFinding(
            criterion: .c4, outcome: .notMet,
            rule:
                "Flow absent in the same internal jugular or vertebral vein, supine and sitting, with low wall filter, "
                + "low velocity scale and deep inspirations.",
            source: "Zamboni 2009, table 3: flow not Doppler-detectable in the IJVs and/or VVs despite numerous deep "
                + "inspirations with the head at 0 and +90 degrees",
            projectChoices: ["same vein in both postures"],
            evidence: [
                Evidence(
                    text: "left vertebral vein, sitting: flow absent; supine: present", siteID: "vv.left.sitting",
                    recordingID: "16-vv.left.sitting")
            ], missing: []),
        CriterionFinding(
            criterion: .c5, outcome: .met, rule: "Area at J2 supine minus sitting below 0 mm² on either side.",
            source: "Zamboni 2009 table 3; level J2 from Zamboni, Trials 2012;13:183", projectChoices: ["either side"],
            evidence: [Evidence(text: "left J2: 48.0 − 53.5 = −5.5 mm²")], missing: []),
    ]

    static let openAssessment = Assessment(
        definition: definition, criteria: Criterion.allCases.map(openFinding), metCount: 0, unknownCount: 5,
        verdict: .indeterminate,
        vhiss: VHISSScore(
            table: table(), tableIsVerified: false,
            parts: [
                VHISSPart(name: "veins", counts: "neck veins", found: 0, unknown: 8, atMost: 8),
                VHISSPart(name: "intracranial", counts: "sides", found: 0, unknown: 4, atMost: 4),
                VHISSPart(name: "stenosis", counts: "jugular veins", found: 0, unknown: 2, atMost: 2),
                VHISSPart(name: "postural", counts: "jugular veins", found: 0, unknown: 2, atMost: 2),
            ], low: 0, high: 16),
        settling: Settling(
            sentence: "No single step can decide; open are C1 on 13 steps, C5 on 1 step.", steps: []))

    private static func openFinding(_ criterion: Criterion) -> CriterionFinding {
        let site = ExamSite(.internalJugular, .left, level: .j2, .supine)
        var missing = [
            MissingItem(text: site.name, itemID: site.id, status: .notAssessable, reason: "dressing over the vein")
        ]
        if criterion != .c5 {
            missing += JugularLevel.allCases.flatMap { level in
                Posture.allCases.map { posture in
                    let other = ExamSite(.internalJugular, .right, level: level, posture)
                    return MissingItem(text: other.name, itemID: other.id, status: .notExamined)
                }
            }
        }
        return CriterionFinding(
            criterion: criterion, outcome: criterion == .c5 ? .notAssessable : .notExamined,
            rule: "The rule of \(criterion.rawValue) with its threshold.", source: "Zamboni 2009 table 3",
            projectChoices: [], evidence: [], missing: missing)
    }
}
