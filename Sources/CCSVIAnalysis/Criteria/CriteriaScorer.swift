/// Says what an exam's measurements mean under one definition and one score table.
///
/// A criterion is met, or not met, only if nothing that is missing could change that. An open criterion is
/// `notExamined` if any step on which it still hangs was not examined, else `notAssessable`.
public struct CriteriaScorer: Sendable {
    /// The definition of the criteria.
    public let definition: CriteriaDefinition
    /// The protocol, which says what was planned.
    public let examProtocol: ExamProtocol
    /// The score table.
    public let table: VHISSTable

    /// A scorer from its three parts.
    public init(definition: CriteriaDefinition, examProtocol: ExamProtocol, table: VHISSTable) {
        self.definition = definition
        self.examProtocol = examProtocol
        self.table = table
    }

    /// Assesses measurements.
    ///
    /// - Throws: everything in them that is impossible or contradicts itself.
    public func assess(_ measurements: ExamMeasurements) throws(AnalysisError) -> Assessment {
        let problems = measurements.problems()
        guard problems.isEmpty else { throw .measurementsContradictory(problems) }
        let cells = ExamCells(measurements, plan: examProtocol, definition: definition)
        let judged = Criterion.allCases.map { ($0, cells.outcome(of: $0)) }
        let criteria = judged.map { finding($0, outcome: $1.outcome, $1.cell) }
        let metCount = criteria.count { $0.outcome == .met }
        let unknownCount = criteria.count { $0.outcome.isUnknown }
        let verdict = Verdict(metCount: metCount, unknownCount: unknownCount)
        return Assessment(
            definition: definition.reference, criteria: criteria, metCount: metCount, unknownCount: unknownCount,
            verdict: verdict, otherReadings: definition.readsBorderlineTwice.value ? verdict.borderlineReadings : [],
            vhiss: table.score(cells),
            settling: settling(judged.map { ($0, $1.cell) }, metCount: metCount, verdict: verdict),
            warnings: PlausibilityCheck(measurements, examProtocol: examProtocol).warnings,
            beside: BesideFindings(measurements, cells))
    }

    private func finding(_ criterion: Criterion, outcome: CriterionOutcome, _ cell: Cell) -> CriterionFinding {
        CriterionFinding(
            criterion: criterion, outcome: outcome, rule: definition.rule(of: criterion),
            source: definition.source(of: criterion),
            projectChoices: definition.projectChoices(of: criterion) + unplannedVeins(criterion),
            evidence: cell.evidence.uniqued(), missing: cell.missing.uniqued())
    }
}

extension CriteriaScorer {
    /// Which of a criterion's veins the protocol does not plan, as one sentence; empty where it plans them all.
    private func unplannedVeins(_ criterion: Criterion) -> [String] {
        let veins: [Vein] =
            switch criterion {
            case .c1: definition.c1.veins.value
            case .c2: definition.c2.veins.value
            case .c4: definition.c4.veins.value
            case .c3, .c5: []
            }
        let planned = Set(examProtocol.plannedSites.map(\.vein))
        let names = veins.filter { !planned.contains($0) }.map(\.name).joined(separator: ", ")
        guard !names.isEmpty else { return [] }
        return [
            "planned veins: the protocol \(examProtocol.reference.id) does not plan \(names); reflux there counts where it was seen"
        ]
    }
}

extension ExamCells {
    /// What one criterion comes to, and the cell that says so.
    func outcome(of criterion: Criterion) -> (outcome: CriterionOutcome, cell: Cell) {
        let cell = cell(of: criterion)
        switch cell.state {
        case .yes: return (.met, cell)
        case .no: return (.notMet, cell)
        case .open:
            return (cell.missing.contains { $0.status == .notExamined } ? .notExamined : .notAssessable, cell)
        }
    }

    /// One criterion of the exam.
    func cell(of criterion: Criterion) -> Cell {
        switch criterion {
        case .c1:
            whole(definition.c1.veins.value.flatMap { vein in Side.allCases.map { neckReflux(vein, $0) } }, [.reflux])
        case .c2:
            Cell.any(Side.allCases.flatMap { side in Posture.allCases.map { intracranial(side, $0) } })
        case .c3: Cell.any(Side.allCases.map(stenosis))
        case .c4:
            whole(
                definition.c4.veins.value.flatMap { vein in Side.allCases.map { neckAbsence(vein, $0) } },
                definition.c4.postures.value == .bothOrRefluxInOther ? [.absence, .reflux] : [.absence])
        case .c5: Cell.any(Side.allCases.map(negativeDelta))
        }
    }

    /// Whether one neck vein alone meets criterion 1.
    func neckReflux(_ vein: Vein, _ side: Side) -> Cell {
        let cells = Posture.allCases.map { neck(.reflux, vein, side, $0) }
        let both = definition.c1.postures.value == .both
        return Cell.joined(cells) { both ? $0[0] && $0[1] : $0[0] || $0[1] }
    }

    /// Whether one neck vein alone meets criterion 4.
    func neckAbsence(_ vein: Vein, _ side: Side) -> Cell {
        let absent = Posture.allCases.map { neck(.absence, vein, side, $0) }
        switch definition.c4.postures.value {
        case .both: return Cell.joined(absent) { $0[0] && $0[1] }
        case .either: return Cell.joined(absent) { $0[0] || $0[1] }
        case .bothOrRefluxInOther:
            let reflux = Posture.allCases.map { neck(.reflux, vein, side, $0) }
            return Cell.joined(absent + reflux) { ($0[0] && $0[1]) || ($0[0] && $0[3]) || ($0[2] && $0[1]) }
        }
    }

    /// Joins the veins; where the definition asks for all planned steps, a missing one keeps `not met` open.
    private func whole(_ veins: [Cell], _ questions: [NeckQuestion]) -> Cell {
        let joined = Cell.any(veins)
        guard joined.state == .no, definition.notMetNeeds.value == .allPlannedSteps else { return joined }
        let missing = Vein.allCases.filter(\.isNeckVein).flatMap { vein in
            Side.allCases.flatMap { side in
                Posture.allCases.flatMap { posture in
                    questions.flatMap { neck($0, vein, side, posture).missing }
                }
            }
        }
        guard let first = missing.first else { return joined }
        // Nothing that is missing can make it met; a single missing step can make it not met.
        let isLast = missing.allSatisfy { $0.itemID == first.itemID }
        return Cell(
            state: .open, evidence: joined.evidence, missing: missing, refuting: isLast ? [first.itemID] : [])
    }
}

extension Verdict {
    /// How many criteria make an exam positive: two of five (Zivadinov 2013, BMC Med 11:260, table 3).
    public static let criteriaForPositive = 2

    /// The verdict from the criteria met (k) and the criteria open (m), under every definition.
    public init(metCount: Int, unknownCount: Int) {
        if metCount >= Self.criteriaForPositive {
            self = .positive
        } else if metCount + unknownCount < Self.criteriaForPositive {
            self = .negative
        } else {
            self = metCount == 0 ? .indeterminate : .borderline
        }
    }

    /// The two countings of borderline that CTEVD 2011 published.
    var borderlineReadings: [VerdictReading] {
        [
            VerdictReading(name: "borderline counted as negative", verdict: self == .borderline ? .negative : self),
            VerdictReading(name: "borderline left out", verdict: self == .borderline ? nil : self),
        ]
    }
}
