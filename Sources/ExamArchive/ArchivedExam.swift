internal import Foundation
internal import GRDB

/// One version of an exam, as the list shows it.
public struct ArchivedExam: Sendable, Hashable, Encodable {
    /// The exam's id.
    public var examID: String
    /// Its version, from 1.
    public var version: Int
    /// How far it is.
    public var state: ExamState
    /// The subject's code; never a name.
    public var subjectCode: String
    /// Start of the exam, ISO 8601; `nil` before there is an `exam.json`.
    public var startedAt: String?
    /// Whether anything in it is simulated; `nil` before there is an `exam.json`.
    public var isSimulated: Bool?
    /// The verdict's word, or `withheld` for a blinded exam that nobody has opened; `nil` before there is an `exam.json`.
    public var verdict: String?
    /// Criteria met; `nil` before there is an `exam.json`.
    public var criteriaMet: Int?
    /// Criteria that are open; `nil` before there is an `exam.json`.
    public var criteriaOpen: Int?
    /// The lowest severity score that the exam allows; `nil` before there is an `exam.json`.
    public var vhissLow: Int?
    /// The highest severity score that the exam allows; `nil` before there is an `exam.json`.
    public var vhissHigh: Int?
    /// When it came into the archive.
    public var addedAt: ArchiveTime
    /// When it was signed; `nil` before.
    public var signedAt: ArchiveTime?
    /// Who signed it; `nil` before.
    public var signedBy: String?
    /// SHA-256 over the list of its files, lower-case hexadecimal; `nil` before it is signed.
    public var documentsSHA256: String?
    /// The version that it amends; `nil` for the first.
    public var amendsVersion: Int?
    /// Why it amends that one.
    public var amendmentReason: String?

    let rowID: Int64
    let folder: String

    // Where the row and the folder are is not told.
    private enum CodingKeys: String, CodingKey {
        case examID, version, state, subjectCode, startedAt, isSimulated, verdict, criteriaMet, criteriaOpen
        case vhissLow, vhissHigh, addedAt, signedAt, signedBy, documentsSHA256, amendsVersion, amendmentReason
    }
}

extension ArchivedExam {
    /// What stands for the verdict of a blinded exam; its counts and scores are `nil`.
    public static let withheld = "withheld"

    /// The columns in the order in which a row is read.
    static let columns = """
        id, folder, examID, version, state, subjectCode, startedAt, isSimulated, verdict, criteriaMet, criteriaOpen, \
        vhissLow, vhissHigh, addedAtMs, signedAtMs, signedBy, documentsSHA256, amendmentReason
        """

    init(_ row: Row, path: String) throws {
        folder = try row.decode(atIndex: 1)
        examID = try row.decode(atIndex: 2)
        let word: String = try row.decode(atIndex: 4)
        guard let state = ExamState(rawValue: word), ArchiveNames.isFolder(folder), ArchiveNames.isExamID(examID) else {
            throw ArchiveError.damaged(path: path, reason: "a row of the table `exam` holds what it may not")
        }
        rowID = try row.decode(atIndex: 0)
        version = try row.decode(atIndex: 3)
        self.state = state
        subjectCode = try row.decode(atIndex: 5)
        startedAt = try row.decode(atIndex: 6)
        isSimulated = try row.decode(atIndex: 7)
        verdict = try row.decode(atIndex: 8)
        criteriaMet = try row.decode(atIndex: 9)
        criteriaOpen = try row.decode(atIndex: 10)
        vhissLow = try row.decode(atIndex: 11)
        vhissHigh = try row.decode(atIndex: 12)
        addedAt = ArchiveTime(millisecondsSince1970: try row.decode(atIndex: 13))
        signedAt = try row.decode(Int64?.self, atIndex: 14).map { ArchiveTime(millisecondsSince1970: $0) }
        signedBy = try row.decode(atIndex: 15)
        documentsSHA256 = try row.decode(Data?.self, atIndex: 16)?.hexadecimal
        amendmentReason = try row.decode(atIndex: 17)
        amendsVersion = version > 1 ? version - 1 : nil
    }
}

/// One file of an exam, as it was when it came into the archive.
public struct ArchivedFile: Sendable, Hashable, Codable {
    /// Name within the exam's folder.
    public var name: String
    /// Length, bytes.
    public var byteCount: Int64
    /// SHA-256, lower-case hexadecimal.
    public var sha256: String
    /// Of a recording: whether it was whole, in words; `nil` for other files.
    public var recording: String?

    init(name: String, fingerprint: Disk.Fingerprint, recording: RecordingCondition?) {
        self.name = name
        byteCount = fingerprint.byteCount
        sha256 = fingerprint.sha256.hexadecimal
        self.recording = recording?.text
    }

    init(_ row: Row, path: String) throws {
        name = try row.decode(forColumn: "name")
        byteCount = try row.decode(forColumn: "byteCount")
        sha256 = try row.decode(Data.self, forColumn: "sha256").hexadecimal
        recording = try row.decode(forColumn: "recording")
        guard ArchiveNames.isExamFile(name) else {
            throw ArchiveError.damaged(path: path, reason: "a row of the table `examFile` holds what it may not")
        }
    }

    /// Whether it is a recording.
    public var isRecording: Bool { name.hasSuffix(".dbrec") }
}

extension Archive {
    /// The exams by their start, the newest first; of each its newest version.
    ///
    /// - Parameter withEarlierVersions: whether amended versions are in the list, too.
    public func exams(withEarlierVersions: Bool = false) throws(ArchiveError) -> [ArchivedExam] {
        let newest = "WHERE NOT EXISTS (SELECT 1 FROM exam later WHERE later.amends = exam.id)"
        return try reading { db in
            try self.exams(db, where: withEarlierVersions ? "" : newest)
        }
    }

    /// One version of an exam; the newest without a number.
    public func exam(_ examID: String, version: Int? = nil) throws(ArchiveError) -> ArchivedExam {
        try reading { try self.exam($0, examID, version: version) }
    }

    /// All versions of an exam, the first one first.
    public func versions(of examID: String) throws(ArchiveError) -> [ArchivedExam] {
        let all = try reading { db in try self.exams(db, where: "WHERE examID = ?", [examID]) }
        guard !all.isEmpty else { throw .unknownExam(examID: examID, version: 0) }
        return all.sorted { $0.version < $1.version }
    }

    /// The files of an exam, by name.
    public func files(of exam: ArchivedExam) throws(ArchiveError) -> [ArchivedFile] {
        try reading { try self.files($0, of: exam.rowID) }
    }

    /// The folder of an exam; what is in it is read, never written.
    public func folder(of exam: ArchivedExam) -> String { paths.current(exam.folder) }

    func exams(_ db: Database, where condition: String, _ arguments: StatementArguments = []) throws -> [ArchivedExam] {
        let rows = try Row.fetchCursor(
            db,
            sql: "SELECT \(ArchivedExam.columns) FROM exam \(condition) ORDER BY startedAt DESC, examID, version DESC",
            arguments: arguments)
        var exams: [ArchivedExam] = []
        while let row = try rows.next() { exams.append(try ArchivedExam(row, path: paths.database)) }
        return exams
    }

    func exam(_ db: Database, _ examID: String, version: Int? = nil) throws -> ArchivedExam {
        let condition = "WHERE examID = ? AND (? IS NULL OR version = ?)"
        let found = try exams(db, where: condition, [examID, version, version]).max { $0.version < $1.version }
        guard let found else { throw ArchiveError.unknownExam(examID: examID, version: version ?? 0) }
        return found
    }

    func files(_ db: Database, of exam: Int64) throws -> [ArchivedFile] {
        try Row.fetchAll(db, sql: "SELECT * FROM examFile WHERE exam = ? ORDER BY name", arguments: [exam])
            .map { try ArchivedFile($0, path: paths.database) }
    }
}
