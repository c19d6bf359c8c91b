public import CCSVIAnalysis

/// How an analysis of stored recordings ended.
public enum CohortAnalysis: String, Sendable, Hashable, CaseIterable {
    /// The same document, byte for byte.
    case same
    /// The same values in another spelling.
    case sameValues
    /// Another result, by other versions of the algorithms.
    case changed
    /// Another result by the same versions: the document was changed, or the program has a defect.
    case unexplained
    /// None: `failure` says why.
    case failed
}

/// Why an exam could not be analysed again.
public enum CohortFailure: String, Sendable, Hashable, CaseIterable {
    /// Its result is withheld, and nobody opened it.
    case blinded
    /// A recording that it names is not there.
    case recordingMissing
    /// A recording is not the one that the exam was made from.
    case recordingChanged
    /// A recording cannot be read.
    case recordingUnreadable
    /// It was scored by rules of a site that were not given.
    case otherRules
    /// Its rules cannot be read, or its measurements contradict themselves.
    case notScorable
    /// Its document is not the one that the archive took in.
    case documentChanged
}

/// One exam of a cohort: what it is, and what its recordings say now.
public struct CohortExam: Sendable {
    /// The exam as it is stored.
    public var stored: Exam
    /// SHA-256 of the stored document.
    public var examSHA256: String
    /// SHA-256 over the recordings' ids and fingerprints.
    public var recordingsSHA256: String
    /// The algorithms that analysed it now.
    public var algorithms: [String]
    /// How that ended.
    public var analysis: CohortAnalysis
    /// Why there is no result; `nil` where there is one.
    public var failure: CohortFailure?
    /// Values that differ from the stored document; `nil` where there is no result.
    public var changedValues: Int?
    /// What the recordings come to under the exam's own definition first, then under every published one.
    public var results: [DefinitionResult]

    /// An exam that was analysed.
    public init(
        _ stored: Exam, examSHA256: String, recordingsSHA256: String, algorithms: [String], analysis: CohortAnalysis,
        changedValues: Int, results: [DefinitionResult]
    ) {
        self.stored = stored
        self.examSHA256 = examSHA256
        self.recordingsSHA256 = recordingsSHA256
        self.algorithms = algorithms
        self.analysis = analysis
        self.changedValues = changedValues
        self.results = results
    }

    /// An exam that could not be analysed.
    public init(
        _ stored: Exam, examSHA256: String, recordingsSHA256: String, algorithms: [String], failure: CohortFailure
    ) {
        self.stored = stored
        self.examSHA256 = examSHA256
        self.recordingsSHA256 = recordingsSHA256
        self.algorithms = algorithms
        analysis = .failed
        self.failure = failure
        results = []
    }

    /// The text over which `recordingsSHA256` is computed: a line for each recording, in the exam's order.
    public static func recordingsText(_ exam: Exam) -> String {
        exam.recordings.map { "\($0.recordingID) \($0.sha256)\n" }.joined()
    }

    /// How the names of the algorithms stand in one field.
    public static func algorithmsText(_ algorithms: [String]) -> String { algorithms.joined(separator: "; ") }
}
