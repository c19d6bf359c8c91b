import CCSVIAnalysis
import Testing

/// What the tests start from.
enum Fixture {
    // Read once: parsing takes longer than scoring.
    private static let definitionResult = Result { () throws(AnalysisError) in try CriteriaDefinition.zamboni2009() }
    private static let definitionsResult = Result { () throws(AnalysisError) in try CriteriaDefinition.allBuiltIn() }
    private static let planResult = Result { () throws(AnalysisError) in try ExamProtocol.standard() }
    private static let tableResult = Result { () throws(AnalysisError) in try VHISSTable.segmentsV1() }

    /// The default definition.
    static func definition() throws -> CriteriaDefinition { try definitionResult.get() }

    /// Every built-in definition.
    static func definitions() throws -> [CriteriaDefinition] { try definitionsResult.get() }

    /// A built-in definition by its id.
    static func definition(_ id: String) throws -> CriteriaDefinition {
        try #require(definitions().first { $0.reference.id == id })
    }

    /// A scorer for each built-in definition.
    static func scorers() throws -> [CriteriaScorer] { try definitions().map { try scorer($0) } }

    /// The default protocol.
    static func plan() throws -> ExamProtocol { try planResult.get() }

    /// A scorer with the default protocol and table, and the default definition unless another is given.
    static func scorer(_ definition: CriteriaDefinition? = nil) throws -> CriteriaScorer {
        CriteriaScorer(
            definition: try definition ?? definitionResult.get(), examProtocol: try planResult.get(),
            table: try tableResult.get())
    }

    /// Every planned site examined with flow and no reflux, every planned area wide in supine and narrow in sitting,
    /// every planned lumen without defects.
    static func normalExam() throws -> ExamMeasurements {
        let plan = try plan()
        return ExamMeasurements(
            observations: plan.plannedSites.map { VeinObservation(site: $0, status: .examined, flow: .present) },
            lumenAreas: plan.areas.map {
                LumenArea(side: $0.side, level: $0.level, posture: $0.posture, areaMm2: $0.posture == .supine ? 80 : 20)
            },
            lumenInspections: plan.lumenPlaces.map { LumenInspection(side: $0.side, level: $0.level) })
    }
}
