/// One exam under several definitions, side by side: which criterion changes, and why.
public struct DefinitionComparison: Sendable, Hashable, Codable {
    /// The format's name and version.
    public static let schemaID = "dopplerbridge-definition-comparison-1"

    /// The JSON Schema of the document, as text.
    public static var jsonSchema: String {
        String(decoding: PackageResources.definition_comparison_schema_json, as: UTF8.self)
    }

    /// `dopplerbridge-definition-comparison-1`.
    public var schema: String
    /// The definition that the others are held against: the first.
    public var comparedWith: String
    /// The exam under each definition, in their order.
    public var assessments: [Assessment]
    /// The criteria that come to something else than under the first definition.
    public var changes: [CriterionChange]
}

/// A criterion that comes to something else under another definition.
public struct CriterionChange: Sendable, Hashable, Codable {
    /// The criterion.
    public var criterion: Criterion
    /// The other definition's id.
    public var definition: String
    /// What the criterion comes to under it.
    public var outcome: CriterionOutcome
    /// What it comes to under the definition that it is held against.
    public var comparedOutcome: CriterionOutcome
    /// The fewest parameters that make the difference: with them alone the first definition says the same.
    public var because: [ParameterDifference]

    /// A change from its fields.
    public init(
        criterion: Criterion, definition: String, outcome: CriterionOutcome, comparedOutcome: CriterionOutcome,
        because: [ParameterDifference]
    ) {
        self.criterion = criterion
        self.definition = definition
        self.outcome = outcome
        self.comparedOutcome = comparedOutcome
        self.because = because
    }
}

/// A parameter in which two definitions differ.
public struct ParameterDifference: Sendable, Hashable, Codable {
    /// `c1.postures`.
    public var parameter: String
    /// Its value in words, in the other definition.
    public var value: String
    /// Its value in words, in the definition that it is held against.
    public var comparedValue: String
    /// Where the other definition's value comes from.
    public var source: String

    /// A difference from its fields.
    public init(parameter: String, value: String, comparedValue: String, source: String) {
        self.parameter = parameter
        self.value = value
        self.comparedValue = comparedValue
        self.source = source
    }
}

extension DefinitionComparison {
    /// Assesses measurements under several definitions with one protocol and one table.
    ///
    /// - Parameter definitions: at least one; the others are held against the first.
    /// - Throws: everything in the measurements that is impossible or contradicts itself.
    public init(
        _ measurements: ExamMeasurements, under definitions: [CriteriaDefinition], examProtocol: ExamProtocol,
        table: VHISSTable
    ) throws(AnalysisError) {
        var assessments: [Assessment] = []
        for definition in definitions {
            let scorer = CriteriaScorer(definition: definition, examProtocol: examProtocol, table: table)
            assessments.append(try scorer.assess(measurements))
        }
        schema = Self.schemaID
        comparedWith = definitions.first?.reference.id ?? ""
        changes = []
        if let first = definitions.first, let base = assessments.first {
            for (other, assessment) in zip(definitions, assessments).dropFirst() {
                for (finding, compared) in zip(assessment.criteria, base.criteria)
                where finding.outcome != compared.outcome {
                    let search = CauseSearch(
                        measurements: measurements, examProtocol: examProtocol, criterion: finding.criterion,
                        base: first, other: other)
                    changes.append(
                        CriterionChange(
                            criterion: finding.criterion, definition: other.reference.id, outcome: finding.outcome,
                            comparedOutcome: compared.outcome, because: search.fewest(for: finding.outcome)))
                }
            }
        }
        self.assessments = assessments
    }
}

/// Finds the fewest parameters of another definition that turn one criterion of an exam.
private struct CauseSearch {
    let measurements: ExamMeasurements
    let examProtocol: ExamProtocol
    let criterion: Criterion
    let base: CriteriaDefinition
    let other: CriteriaDefinition

    /// The smallest set of differing parameters with which the base comes to the other's outcome.
    func fewest(for outcome: CriterionOutcome) -> [ParameterDifference] {
        let differing = DefinitionParameter.all.filter { $0.criteria.contains(criterion) && !$0.isSame(base, other) }
        let bySize = (1..<(1 << differing.count)).sorted { ($0.nonzeroBitCount, $0) < ($1.nonzeroBitCount, $1) }
        let sets = bySize.map { set in differing.indices.filter { set >> $0 & 1 == 1 }.map { differing[$0] } }
        let cause = sets.first { self.outcome(with: $0) == outcome } ?? differing
        return cause.map {
            ParameterDifference(
                parameter: $0.name, value: $0.words(other), comparedValue: $0.words(base), source: $0.source(other))
        }
    }

    private func outcome(with parameters: [DefinitionParameter]) -> CriterionOutcome {
        var mixed = base
        for parameter in parameters { parameter.copy(other, &mixed) }
        return ExamCells(measurements, plan: examProtocol, definition: mixed).outcome(of: criterion).outcome
    }
}
