import CCSVIAnalysis
import ProbeSimulator

/// What a simulated patient's scenario states that an exam must find.
struct ExpectedResult {
    private let scenario: Scenario

    init(_ scenario: Scenario) { self.scenario = scenario }

    /// Where an assessment says something else than the scenario states under its definition, in sentences.
    ///
    /// `nil` where the scenario states nothing under that definition.
    func differences(from assessment: Assessment) -> [String]? {
        guard let stated = scenario.expected(under: assessment.definition.id) else { return nil }
        var found: [String] = []
        if assessment.verdict.rawValue != stated.verdict.rawValue {
            found.append("verdict \(assessment.verdict.rawValue), stated \(stated.verdict.rawValue)")
        }
        for (criterion, outcome) in stated.criteria.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            let finding = assessment.criteria.first { $0.criterion.rawValue == criterion.rawValue }
            if finding?.outcome.rawValue != outcome.rawValue {
                let measured = finding?.outcome.rawValue ?? "missing"
                found.append("\(criterion.rawValue) \(measured), stated \(outcome.rawValue)")
            }
        }
        let score = assessment.vhiss
        if score.low != stated.severityLow || score.high != stated.severityHigh {
            found.append("VHISS \(score.low) to \(score.high), stated \(stated.severityLow) to \(stated.severityHigh)")
        }
        return found
    }

    /// The same for an exam's measurements under every built-in definition; each sentence names its definition.
    func differences(
        from measurements: ExamMeasurements, examProtocol: ExamProtocol, table: VHISSTable
    ) throws(AnalysisError) -> [String] {
        var found: [String] = []
        for definition in try CriteriaDefinition.allBuiltIn() {
            let id = definition.reference.id
            let scorer = CriteriaScorer(definition: definition, examProtocol: examProtocol, table: table)
            let differences = differences(from: try scorer.assess(measurements))
            found += (differences ?? ["the scenario states nothing"]).map { "\(id): \($0)" }
        }
        return found
    }
}
