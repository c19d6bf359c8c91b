/// What a look at everything in the archive found.
public struct ArchiveVerification: Sendable, Hashable, Codable {
    /// Something that is not as it must be.
    public struct Finding: Sendable, Hashable, Codable {
        /// Where: a file, an exam, the database.
        public var place: String
        /// What is wrong there.
        public var what: String
    }

    /// Versions of exams that were looked at.
    public var exams = 0
    /// Files whose SHA-256 was computed.
    public var files = 0
    /// Their bytes.
    public var bytes: Int64 = 0
    /// Documents of the outbox whose SHA-256 was computed.
    public var deliveries = 0
    /// Recordings that break off, as they did when they were archived.
    public var recordingsCutOff = 0
    /// The audit log's head, to be noted elsewhere.
    public var auditHead: AuditHead?
    /// What could not be judged, in sentences.
    public var remarks: [String] = []
    /// What is wrong; empty when everything is as it was stored.
    public var findings: [Finding] = []

    /// Whether nothing is wrong.
    public var isClean: Bool { findings.isEmpty }

    mutating func find(_ place: String, _ what: String) { findings.append(Finding(place: place, what: what)) }
}
