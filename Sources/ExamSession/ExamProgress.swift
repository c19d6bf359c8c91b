public import CCSVIAnalysis

/// What is known of an exam before it is written: `sessions.json`, from the first moment on.
public struct ExamProgress: Sendable, Hashable, Codable {
    /// The format's name and version.
    public static let schemaID = "dopplerbridge-sessions-1"
    /// The name of the file.
    public static let fileName = "sessions.json"

    /// `dopplerbridge-sessions-1`.
    public var schema = Self.schemaID
    /// The exam's id.
    public var examID: String
    /// The subject's code.
    public var subjectCode: String
    /// Start of the exam, ISO 8601 with offset.
    public var startedAt: String
    /// Id and version of the protocol, which stands beside it as `protocol.yaml`.
    public var protocolReference: Reference
    /// The sessions, in order.
    public var sessions: [SessionRecord]

    /// Whether the last session came to the end of the protocol.
    public var isCompleted: Bool { sessions.last?.end == .completed }

    init(_ plan: ExamPlan) {
        examID = plan.examID
        subjectCode = plan.subjectCode
        startedAt = plan.startedAt
        protocolReference = plan.examProtocol.reference
        sessions = []
    }
}

extension ExamFolder {
    /// Name of the protocol's file.
    public static let protocolFileName = "protocol.yaml"

    /// An exam's folder that an earlier session left, to go on there.
    public init(continuing path: String) throws(ExamSessionError) {
        try self.init(existing: path)
        guard holds(ExamProgress.fileName) else {
            throw .notAnExam(path: path, reason: "it holds no \(ExamProgress.fileName)")
        }
    }

    /// What is known of the exam's sessions.
    public func progress() throws(ExamSessionError) -> ExamProgress {
        let progress = try read(ExamProgress.self, from: ExamProgress.fileName)
        guard progress.schema == ExamProgress.schemaID else {
            throw .unreadable(path: file(ExamProgress.fileName), reason: "its format is \(progress.schema)")
        }
        return progress
    }

    /// Whether an exam in this folder was begun and did not come to its end.
    var isUnfinished: Bool {
        do throws(ExamSessionError) {
            guard holds(ExamProgress.fileName) else { return false }
            return try !progress().isCompleted
        } catch {
            return false
        }
    }

    /// What a person entered in earlier sessions.
    func entries() throws(ExamSessionError) -> BedsideEntries {
        guard holds(BedsideEntries.fileName) else { return BedsideEntries() }
        return try read(BedsideEntries.self, from: BedsideEntries.fileName)
    }
}
