/// What an exam comes to under each published definition, in few words: part of `exam.json`.
public struct DefinitionOverview: Sendable, Hashable, Codable {
    /// The definition that the others are held against: the exam's own.
    public var comparedWith: String
    /// The result under each definition, the exam's own first.
    public var results: [DefinitionResult]
    /// The criteria that come to something else than under the exam's own, and why.
    public var changes: [CriterionChange]

    /// An overview from its parts.
    public init(comparedWith: String, results: [DefinitionResult], changes: [CriterionChange]) {
        self.comparedWith = comparedWith
        self.results = results
        self.changes = changes
    }

    /// What is kept of a whole comparison.
    public init(_ comparison: DefinitionComparison) {
        self.init(
            comparedWith: comparison.comparedWith, results: comparison.assessments.map(DefinitionResult.init),
            changes: comparison.changes)
    }
}

/// What an exam comes to under one definition.
public struct DefinitionResult: Sendable, Hashable, Codable {
    /// The outcome of one criterion.
    public struct CriterionResult: Sendable, Hashable, Codable {
        /// The criterion.
        public var criterion: Criterion
        /// What it comes to.
        public var outcome: CriterionOutcome

        /// A result from its fields.
        public init(criterion: Criterion, outcome: CriterionOutcome) {
            self.criterion = criterion
            self.outcome = outcome
        }
    }

    /// The definition.
    public var definition: Reference
    /// The outcomes, c1 to c5.
    public var criteria: [CriterionResult]
    /// Criteria met (k).
    public var metCount: Int
    /// Criteria still open (m).
    public var unknownCount: Int
    /// The verdict from k and m.
    public var verdict: Verdict
    /// The verdict by the other countings that the definition's source uses.
    public var otherReadings: [VerdictReading]
    /// The severity score if nothing that is unknown is abnormal, 0 to 16.
    public var vhissLow: Int
    /// The severity score if everything that is unknown is abnormal, 0 to 16.
    public var vhissHigh: Int

    /// What is kept of a whole assessment.
    public init(_ assessment: Assessment) {
        definition = assessment.definition
        criteria = assessment.criteria.map { CriterionResult(criterion: $0.criterion, outcome: $0.outcome) }
        metCount = assessment.metCount
        unknownCount = assessment.unknownCount
        verdict = assessment.verdict
        otherReadings = assessment.otherReadings
        vhissLow = assessment.vhiss.low
        vhissHigh = assessment.vhiss.high
    }

    /// The severity score in words: `4`, or `2 to 6` where it is an interval.
    public var vhissWords: String { vhissLow == vhissHigh ? "\(vhissLow)" : "\(vhissLow) to \(vhissHigh)" }
}

extension CriteriaScorer {
    /// What measurements come to under this definition and beside it under every other one that is built in.
    ///
    /// - Throws: everything in the measurements that is impossible or contradicts itself.
    public func overview(of measurements: ExamMeasurements) throws(AnalysisError) -> DefinitionOverview {
        let others = try CriteriaDefinition.allBuiltIn().filter { $0.reference.id != definition.reference.id }
        return DefinitionOverview(
            try DefinitionComparison(
                measurements, under: [definition] + others, examProtocol: examProtocol, table: table))
    }
}

extension DefinitionOverview {
    /// What changes against the exam's own definition, one entry for each change, then the other countings of a source.
    public var changeWords: [String] {
        guard results.count > 1 else { return [] }
        let changed = changes.map { $0.words(against: comparedWith) }
        let readings = results.flatMap { result in
            result.otherReadings.map { "\(result.definition.id), \($0.name): \($0.verdict?.rawValue ?? "not counted")" }
        }
        return (changed.isEmpty ? ["No criterion changes against \(comparedWith)."] : changed) + readings
    }
}

extension CriterionChange {
    /// What changes and why: `C3 under b: met instead of not met, because c3.areaLimitMm2 is 35, with a 30 [source]`.
    public func words(against base: String) -> String {
        let causes = because.map { cause in
            "\(cause.parameter) is \(cause.value), under \(base) \(cause.comparedValue) [\(cause.source)]"
        }
        let change = "\(outcome.words) instead of \(comparedOutcome.words)"
        return "\(criterion.shortName) under \(definition): \(change), because "
            + causes.joined(separator: "; ")
    }
}
