import CCSVIAnalysis
import CohortStatistics

/// One way to count the exams of a simulated cohort, and what it comes to.
struct CohortCounting: Encodable {
    /// How it was counted, in words.
    var setting: String
    /// The definition, with what was changed of it.
    var definition: String
    /// What the operator did wrong; `nil` for nothing.
    var operatorError: String?
    /// Positive exams in cases and controls.
    var counts: TwoByTwo
    /// Exams that are neither positive nor negative; counted as not positive.
    var casesOpen: Int
    /// The same of the controls.
    var controlsOpen: Int
    /// Share of the cases that are positive, with its exact limits.
    var sensitivity: CountedShare
    /// Share of the controls that are not positive, with its exact limits.
    var specificity: CountedShare
    /// Share of the controls that are positive, with its exact limits.
    var positiveControls: CountedShare
}

/// The rules that a counting goes by.
struct CountingRule {
    var setting: String
    var definition: CriteriaDefinition
    /// How many criteria make an exam positive.
    var criteriaAtLeast = Verdict.criteriaForPositive

    /// Counts exams.
    ///
    /// - Parameters:
    ///   - people: who was examined.
    ///   - measured: what was measured, in the same order.
    func counted(
        _ people: [DrawnSubject], _ measured: [ExamMeasurements], _ error: OperatorError?, plan: ExamProtocol,
        table: VHISSTable
    ) throws -> CohortCounting {
        let scorer = CriteriaScorer(definition: definition, examProtocol: plan, table: table)
        var positive = [false: 0, true: 0]
        var open = [false: 0, true: 0]
        for (person, measurements) in zip(people, measured) {
            let assessment: Assessment
            do throws(AnalysisError) { assessment = try scorer.assess(measurements) } catch {
                throw Failure(.data, "\(person.code): \(error.description)")
            }
            if assessment.metCount >= criteriaAtLeast {
                positive[person.isCase, default: 0] += 1
            } else if assessment.metCount + assessment.unknownCount >= criteriaAtLeast {
                open[person.isCase, default: 0] += 1
            }
        }
        let cases = people.count(where: \.isCase)
        let counts: TwoByTwo
        do throws(CohortError) {
            counts = try TwoByTwo(
                casesWith: positive[true] ?? 0, of: cases, controlsWith: positive[false] ?? 0,
                of: people.count - cases)
        } catch {
            throw Failure(.usage, error.description)
        }
        return CohortCounting(
            setting: setting, definition: definition.reference.id, operatorError: error?.words, counts: counts,
            casesOpen: open[true] ?? 0, controlsOpen: open[false] ?? 0, sensitivity: counts.sensitivity,
            specificity: counts.specificity, positiveControls: counts.findingInControls)
    }
}

/// How often the exam found what was drawn, for one criterion.
struct CriterionRecovery: Encodable {
    var criterion: Criterion
    /// People who have it.
    var drawn: Int
    /// People who have it and in whom it was met.
    var found: Int
    /// People who do not have it and in whom it was met.
    var foundWithout: Int
    /// People in whom it stayed open.
    var open: Int

    /// Holds exams without an operator's error against what was drawn, under the definition of 2009.
    static func all(
        _ people: [DrawnSubject], _ measured: [ExamMeasurements], _ scorer: CriteriaScorer
    ) throws -> [CriterionRecovery] {
        var all = Criterion.allCases.map {
            CriterionRecovery(criterion: $0, drawn: 0, found: 0, foundWithout: 0, open: 0)
        }
        for (person, measurements) in zip(people, measured) {
            let assessment: Assessment
            do throws(AnalysisError) { assessment = try scorer.assess(measurements) } catch {
                throw Failure(.data, "\(person.code): \(error.description)")
            }
            for (index, finding) in assessment.criteria.enumerated() where index < all.count {
                let isTrue = person.criteria[index]
                if isTrue { all[index].drawn += 1 }
                if finding.outcome.isUnknown { all[index].open += 1 }
                guard finding.outcome == .met else { continue }
                if isTrue { all[index].found += 1 } else { all[index].foundWithout += 1 }
            }
        }
        return all
    }
}
