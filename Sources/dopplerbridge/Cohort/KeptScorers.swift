import CCSVIAnalysis
import ExamSession

/// The rules of the exams of a cohort, each read once: most exams share theirs.
final class KeptScorers {
    private struct Key: Hashable {
        var definition: String
        var table: String
        var protocolText: String
    }

    private var scorers: [Key: CriteriaScorer] = [:]
    /// The most that are kept: a protocol's file comes from outside (project choice).
    private static let most = 256

    /// The rules of an exam, by their names or files; the protocol is that of the exam's folder.
    func scorer(definition: String, table: String, of folder: ExamFolder) throws -> CriteriaScorer {
        let isKept = folder.holds(ExamFolder.protocolFileName)
        let text = isKept ? try readText(folder.file(ExamFolder.protocolFileName)) : ""
        let key = Key(definition: definition, table: table, protocolText: text)
        if let scorer = scorers[key] { return scorer }
        var options = ScoringOptions()
        options.definition = definition
        options.table = table
        let scorer = try options.scorer(ProtocolFile(of: folder).examProtocol)
        if scorers.count >= Self.most { scorers.removeAll() }
        scorers[key] = scorer
        return scorer
    }
}
