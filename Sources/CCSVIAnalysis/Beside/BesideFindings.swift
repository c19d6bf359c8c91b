/// What is shown beside the criteria and never scored: the azygos vein, other modalities and flow.
public struct BesideFindings: Sendable, Hashable, Codable {
    /// What the azygos vein showed on ultrasound, and by other modalities.
    public var azygos: [Evidence]
    /// The findings of other modalities beside those of ultrasound.
    public var modalities: [ModalityComparison]
    /// Flow measures.
    public var flow: FlowView

    /// Findings from their parts.
    public init(azygos: [Evidence] = [], modalities: [ModalityComparison] = [], flow: FlowView = FlowView()) {
        self.azygos = azygos
        self.modalities = modalities
        self.flow = flow
    }
}

/// A finding of another modality and what ultrasound says of the same vein.
public struct ModalityComparison: Sendable, Hashable, Codable {
    /// Whether two modalities say the same.
    public enum Agreement: String, Sendable, Hashable, Codable, CaseIterable {
        case agrees, differs, notComparable
    }

    /// The other modality's finding.
    public var finding: OtherFinding
    /// What ultrasound says of the vein, in words.
    public var ultrasound: String
    /// Whether they say the same.
    public var agreement: Agreement

    /// A comparison from its fields.
    public init(finding: OtherFinding, ultrasound: String, agreement: Agreement) {
        self.finding = finding
        self.ultrasound = ultrasound
        self.agreement = agreement
    }
}

extension BesideFindings {
    /// A reversal of the azygos vein up to this length is the brief one that is normal in diastole, seconds.
    ///
    /// That all of ten healthy people had one: Morita 2010, MRI 28:1306; the length is the project's choice.
    static let briefReversalAtMostSeconds = 0.5

    /// What is shown beside the criteria of an exam.
    init(_ measurements: ExamMeasurements, _ cells: ExamCells) {
        azygos =
            measurements.observations.filter { $0.site.vein == .azygos }.flatMap(Self.azygos)
            + measurements.otherFindings.filter { $0.vein == .azygos }.map { finding in
                Evidence(text: "\(finding.place): \(finding.words)")
            }
        modalities = measurements.otherFindings.filter { $0.vein != .azygos }.map { ModalityComparison($0, cells) }
        flow = FlowView(measurements)
    }

    private static func azygos(_ observation: VeinObservation) -> [Evidence] {
        func evidence(_ text: String, _ reversal: RefluxEpisode? = nil) -> Evidence {
            Evidence(
                text: "\(observation.site.name): \(text)", siteID: observation.site.id,
                recordingID: observation.recordingID, onsetSeconds: reversal?.onsetSeconds,
                durationSeconds: reversal?.durationSeconds)
        }
        guard observation.status == .examined else {
            let reason = observation.reason.map { ": \($0)" } ?? ""
            return [evidence((observation.status == .notExamined ? "not examined" : "not assessable") + reason)]
        }
        guard observation.flow == .present else { return [evidence("no flow was found, which proves nothing here")] }
        let velocity = observation.meanVelocityCmPerS.map { ", mean velocity \(decimalText($0, places: 1)) cm/s" } ?? ""
        return [evidence("flow" + velocity)]
            + observation.refluxes.map { reversal in
                let isBrief = reversal.durationSeconds <= briefReversalAtMostSeconds
                let reading =
                    isBrief
                    ? "brief, as is normal in diastole (Morita 2010)"
                    : "longer than the brief normal one; no threshold is published"
                return evidence("reversal \(decimalText(reversal.durationSeconds, places: 3)) s, \(reading)", reversal)
            }
    }
}

extension OtherFinding {
    /// The finding with where it comes from: `narrowing of 60 %, catheter venography, 2012-05-01, report 17 (Ferrara)`.
    public var words: String { "\(result), \(modality.words), \(origin)" }

    /// What was found: `narrowing of 60 %: the report's own words`.
    public var result: String {
        let size = narrowingPercent.map { " of \(shortDecimalText($0, places: 1)) %" } ?? ""
        let own = note.map { ": \($0)" } ?? ""
        return "\(kind.words)\(size)\(own)"
    }

    /// Where it comes from: `2012-05-01, report 17 (Ferrara)`.
    public var origin: String { "\(date), report \(reportNumber) (\(source))" }
}

extension ModalityComparison {
    /// A narrowing counts from this reduction on, percent (Zivadinov 2013, BMC Med 11:260, table 2, on venography); one
    /// without a figure counts too (project choice).
    static let narrowingAtLeastPercent = 50.0

    /// Holds a finding against the cells of the same vein.
    init(_ finding: OtherFinding, _ cells: ExamCells) {
        self.finding = finding
        guard finding.vein.isNeckVein else {
            ultrasound = "not compared"
            agreement = .notComparable
            return
        }
        let reflux = cells.neckReflux(finding.vein, finding.side).state
        let absence = cells.neckAbsence(finding.vein, finding.side).state
        // The criteria look for stenosis in the jugular veins alone.
        let stenosis = finding.vein == .internalJugular ? cells.stenosis(finding.side).state : nil
        var words = ["reflux \(Self.words(reflux))", "absent flow \(Self.words(absence))"]
        if let stenosis { words.insert("stenosis \(Self.words(stenosis))", at: 0) }
        ultrasound = words.joined(separator: ", ")
        agreement = Self.agreement(finding, stenosis: stenosis, reflux: reflux, absence: absence)
    }

    private static func agreement(
        _ finding: OtherFinding, stenosis: Ternary?, reflux: Ternary, absence: Ternary
    ) -> Agreement {
        let isNarrow = finding.narrowingPercent.map { $0 >= narrowingAtLeastPercent } ?? true
        let here: [Ternary?]
        var isExpected = true
        switch finding.kind {
        case .narrowing:
            here = [stenosis]
            isExpected = isNarrow
        case .intraluminalDefect: here = [stenosis]
        case .occlusion: here = [stenosis, absence]
        case .reflux: here = [reflux]
        case .absentFlow: here = [absence]
        case .normal:
            here = [stenosis, reflux, absence]
            isExpected = false
        case .other: return .notComparable
        }
        let compared = here.compactMap(\.self)
        if compared.contains(.yes) { return isExpected ? .agrees : .differs }
        if compared.isEmpty || compared.contains(.open) { return .notComparable }
        return isExpected ? .differs : .agrees
    }

    private static func words(_ state: Ternary) -> String {
        switch state {
        case .yes: "found"
        case .no: "not found"
        case .open: "open"
        }
    }
}
