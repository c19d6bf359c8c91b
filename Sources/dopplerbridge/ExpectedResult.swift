import CCSVIAnalysis
import ProbeSimulator

/// What a simulated patient's scenario states that an exam must find.
struct ExpectedResult {
    private let stated: ExpectedOutcome

    init(_ stated: ExpectedOutcome) { self.stated = stated }

    /// Where an assessment says something else, in sentences.
    func differences(from assessment: Assessment) -> [String] {
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
}
