import CCSVIAnalysis

// What the rich exam holds beside the criteria.
extension ExamFixture {
    static let richWarnings = [
        PlausibilityWarning(
            itemID: "area.left.j1.supine",
            text: "area of the left internal jugular vein, J1, supine: measured at another phase of breathing than "
                + "end-expiration: inspiration",
            source: "Farina M et al. Neuro Open J 2017;4(1)")
    ]

    static let richBeside = BesideFindings(
        azygos: [
            Evidence(
                text: "right azygos vein, intercostal window, sitting: reversal 0.310 s, brief, as is normal in "
                    + "diastole (Morita 2010)",
                siteID: "azv.right.intercostal.sitting", recordingID: "29-azv.right.intercostal.sitting",
                onsetSeconds: 1.2, durationSeconds: 0.31)
        ],
        modalities: richModalities,
        flow: FlowView(
            figures: [
                figure(.vertebral, .left, .supine, 38, .entered), figure(.internalJugular, .right, .supine, 612),
                figure(.internalJugular, .right, .sitting, 96),
            ],
            totals: [
                FlowView.Total(posture: .supine, mlPerMin: 1190, missing: []),
                FlowView.Total(
                    posture: .sitting, mlPerMin: nil,
                    missing: ["left vertebral vein, sitting", "right vertebral vein, sitting"]),
            ],
            measures: [
                FlowView.Measure(
                    name: "outflow, supine minus sitting", value: nil, unit: "mL/min", cutOff: "at most 503.24 mL/min",
                    reading: "not known", citation: "Monti L et al. AJNR 2014;35:1381"),
                FlowView.Measure(
                    name: "drainage type: jugular share of the arterial inflow, supine", value: 0.81, unit: "",
                    cutOff: "type 1 above 2/3, type 2 from 1/3 to 2/3, type 3 below 1/3", reading: "type 1",
                    citation: "Doepp F et al. Neuroradiology 2004;46:565"),
            ]))

    private static let richModalities = [
        ModalityComparison(
            finding: OtherFinding(
                modality: .mrVenography, vein: .internalJugular, side: .left, level: .j3, kind: .narrowing,
                narrowingPercent: 62, source: "Radiology, City Hospital", date: "2026-02-04",
                reportNumber: "MR-2211"),
            ultrasound: "stenosis not found, reflux not found, absent flow not found", agreement: .differs),
        ModalityComparison(
            finding: OtherFinding(
                modality: .susceptibilityWeightedImaging, vein: .straightSinus, side: .right, kind: .normal,
                note: "no sign of stasis", source: "Radiology, City Hospital", date: "2026-02-04",
                reportNumber: "MR-2211"),
            ultrasound: "not compared", agreement: .notComparable),
    ]

    private static func figure(
        _ vein: Vein, _ side: Side, _ posture: Posture, _ mlPerMin: Double, _ method: FlowMethod = .areaTimesVelocity
    ) -> FlowView.Figure {
        let site = ExamSite(vein, side, level: vein == .internalJugular ? .j2 : nil, posture)
        return FlowView.Figure(siteID: site.id, name: site.name, mlPerMin: mlPerMin, method: method)
    }

    /// The rich exam under two definitions, of which the second finds a stenosis.
    static let richDefinitions: DefinitionOverview = {
        var other = DefinitionResult(richAssessment)
        other.definition.id = "zivadinov-2013"
        other.criteria[2].outcome = .met
        other.metCount = 3
        other.vhissLow = 5
        other.vhissHigh = 7
        other.otherReadings = [VerdictReading(name: "borderline left out", verdict: .positive)]
        return DefinitionOverview(
            comparedWith: "zamboni-2009", results: [DefinitionResult(richAssessment), other],
            changes: [
                CriterionChange(
                    criterion: .c3, definition: "zivadinov-2013", outcome: .met, comparedOutcome: .notMet,
                    because: [
                        ParameterDifference(
                            parameter: "c3.scoredDefects", value: "web, flap, septum", comparedValue: "none",
                            source: "Zivadinov 2013, tables 1 and 2")
                    ])
            ])
    }()

    /// The area of the rich exam that was measured in a picture and took the place of an entered one.
    static let measuredArea: LumenArea = {
        let entered = LumenArea(side: .right, level: .j2, posture: .supine, areaMm2: 58)
        let measured = LumenArea(
            side: .right, level: .j2, posture: .supine, areaMm2: 62.4, method: .ellipse,
            breathingPhase: .endExpiration,
            picture: AreaPicture(
                recordingFile: "neck.dbrec", sha256: String(repeating: "3f29a07c", count: 8), frame: 12, seconds: 0.48,
                uncertaintyMm2: 2.1, isSimulated: true))
        return [entered].superseding(with: measured, at: "2026-03-04T11:00:00+01:00")[0]
    }()
}
