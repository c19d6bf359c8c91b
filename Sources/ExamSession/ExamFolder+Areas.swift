public import CCSVIAnalysis
internal import Foundation

extension ExamFolder {
    /// Enters an area that was measured in a picture, and scores the exam again by its own rules.
    ///
    /// The value that stood there stays listed as superseded, in `exam.json` and in `bedside.json`. A simulated picture
    /// makes the whole exam simulated.
    ///
    /// - Parameters:
    ///   - scorer: the rules, which must be those that the exam was scored by.
    ///   - time: when it is entered, ISO 8601 with offset.
    /// - Returns: the exam as it stands now.
    public func enter(
        _ area: LumenArea, scorer: CriteriaScorer, at time: String
    ) throws(ExamSessionError) -> Exam {
        var exam = try exam()
        try require(exam.assessment.definition, is: scorer.definition.reference, what: "definition")
        try require(exam.assessment.vhiss.table, is: scorer.table.reference, what: "table")
        try require(exam.protocolReference, is: scorer.examProtocol.reference, what: "protocol")
        exam.measurements.supersede(with: area, at: time)
        if area.picture?.isSimulated == true { exam.isSimulated = true }
        do throws(AnalysisError) {
            exam.assessment = try scorer.assess(exam.measurements)
            exam.definitions = try scorer.overview(of: exam.measurements)
        } catch {
            throw .analysis(error)
        }
        // First what a person entered: without it the exam's document could not be made again.
        var entries =
            FileManager.default.fileExists(atPath: file(BedsideEntries.fileName))
            ? try read(BedsideEntries.self, from: BedsideEntries.fileName) : BedsideEntries()
        entries.lumenAreas = exam.measurements.lumenAreas
        try write(entries, as: BedsideEntries.fileName)
        try write(exam, as: Self.examFileName)
        return exam
    }

    private func require(
        _ stored: Reference, is given: Reference, what: String
    ) throws(ExamSessionError) {
        guard stored.id != given.id else { return }
        throw .otherRules(path: path, what: what, stored: stored.id, given: given.id)
    }
}
