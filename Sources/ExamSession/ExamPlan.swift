public import CCSVIAnalysis

/// What an exam is run by, and what is known of it beforehand.
///
/// The clock and the ids come from outside.
public struct ExamPlan: Sendable {
    /// The steps, settings and directions.
    public var examProtocol: ExamProtocol
    /// The criteria.
    public var definition: CriteriaDefinition
    /// The score table.
    public var table: VHISSTable
    /// The exam's id.
    public var examID: String
    /// The subject's code; never a name.
    public var subjectCode: String
    /// Start of the exam, ISO 8601 with offset.
    public var startedAt: String
    /// The program, with its version.
    public var software: String
    /// What is known of the quality assurance of the chain.
    public var quality: QualityStatement
    /// The protocol's file, kept with the exam; `nil` keeps none.
    public var protocolText: String?
    /// SHA-256 of the protocol's file where it is a site's own.
    public var protocolSHA256: String?
    /// The sites whose steps are to be recorded again, by their ids.
    public var repeatedSiteIDs: Set<String> = []
    /// That the exam is made blinded; `nil` for an exam that is not.
    public var blinding: Blinding?
    /// The hour of the wall, ISO 8601 with offset; without one it stands still at the start of the exam.
    public var timestamp: @Sendable () -> String

    /// A plan from its parts.
    public init(
        examProtocol: ExamProtocol, definition: CriteriaDefinition, table: VHISSTable, examID: String,
        subjectCode: String, startedAt: String, software: String, quality: QualityStatement,
        timestamp: (@Sendable () -> String)? = nil
    ) {
        self.examProtocol = examProtocol
        self.definition = definition
        self.table = table
        self.examID = examID
        self.subjectCode = subjectCode
        self.startedAt = startedAt
        self.software = software
        self.quality = quality
        self.timestamp = timestamp ?? { startedAt }
    }
}

/// When quality assurance was last run and how it ended.
public struct QualityStatement: Sendable, Hashable {
    /// One line: the date of the last run and its end, or that there was none.
    public var line: String
    /// Whether it is missing, failed or too old: then it stands among the exam's limitations too.
    public var isWarning: Bool

    /// A statement from its fields.
    public init(line: String, isWarning: Bool) {
        self.line = line
        self.isWarning = isWarning
    }
}

/// What happens during an exam, in order.
public enum ExamEvent: Sendable {
    /// An earlier session's recordings of the exam are read again.
    case continued(session: Int)
    /// A step begins; the probe is to be put to the site.
    case stepBegan(number: Int, of: Int, site: ExamSite)
    /// No flow was found, and the low-flow check of the step begins.
    case lowFlowCheckBegan(number: Int, of: Int, site: ExamSite)
    /// A step has its finding; `nil` when it was not examined.
    case stepEnded(number: Int, of: Int, site: ExamSite, observation: VeinObservation?)
    /// What is kept of a step, told of every step before it is told to have ended, of those of earlier sessions too.
    case stepKept(StepRecord)
}

/// An exam that has ended.
public struct ExamOutcome: Sendable {
    /// The exam as it was written.
    public var exam: Exam
    /// Why it ended early; `nil` when it did not, or when the operator stopped it.
    public var failure: ExamSessionError?
    /// Whether the operator stopped it.
    public var wasStopped: Bool
}
