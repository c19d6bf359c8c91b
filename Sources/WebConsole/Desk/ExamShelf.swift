internal import Acquisition
internal import CCSVIAnalysis
internal import ExamArchive
internal import ExamSession
internal import Foundation
internal import Synchronization

/// The exams that are being made: a folder each, beside the archive, until they are signed.
///
/// What an exam is recorded into stands here; the archive has a copy of what a session came to.
public final class ExamShelf: Sendable {
    /// The folder with the exams' folders.
    public let path: String
    /// Work that changes an exam's folder is done one after the other.
    private let changing = Mutex(())

    /// Only the owner reads what stands here.
    private static let ownerOnly = 0o700
    private static let requestFileName = "request.json"

    /// What the operator was told of an exam beforehand: `request.json`.
    struct Request: Codable, Sendable {
        /// The format's name and version.
        var schema = "dopplerbridge-request-1"
        /// Why the exam is made, in words.
        var indication: String?
    }

    /// An exam on the shelf.
    struct Entry: Sendable {
        var examID: String
        var subjectCode: String
        var startedAt: String
        var isSimulated: Bool
        var isCompleted: Bool
        var hasRecordings: Bool
        /// Whether `exam.json` is there.
        var hasResult: Bool
        var protocolID: String
    }

    /// The shelf in a folder, which is made where it is not there.
    public init(path: String) throws(DeskRefusal) {
        self.path = path
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: Self.ownerOnly])
        } catch {
            throw DeskRefusal(
                .unavailable, "\(path) cannot be made (\(error.localizedDescription))",
                next: "Check the disk and the permissions.")
        }
    }

    /// Whether a text may be an exam's id or a subject's code: as the archive takes them.
    static func isName(_ text: String) -> Bool {
        let longest = 64
        guard let first = text.utf8.first, text.utf8.count <= longest, first.isPlain else { return false }
        return text.utf8.allSatisfy { $0.isPlain || ".-_".utf8.contains($0) }
    }

    private func place(_ examID: String) -> String { path + "/" + examID }

    /// Whether an exam stands here.
    func holds(_ examID: String) -> Bool {
        Self.isName(examID) && FileManager.default.fileExists(atPath: place(examID))
    }

    /// The folder of an exam that stands here.
    func folder(_ examID: String) throws(DeskRefusal) -> ExamFolder {
        guard holds(examID) else {
            throw DeskRefusal(.notThere, "exam \(examID.prefix(64)) is not here", next: "Look at the list of exams.")
        }
        let path = place(examID)
        return try atExam { () throws(ExamSessionError) in try ExamFolder(existing: path) }
    }

    /// Makes the folder of a new exam.
    func make(_ examID: String, request: Request) throws(DeskRefusal) -> ExamFolder {
        let path = place(examID)
        return try atExam { () throws(ExamSessionError) in
            let folder = try ExamFolder(new: path)
            try folder.write(request, as: Self.requestFileName)
            return folder
        }
    }

    /// What the operator was told of an exam.
    static func request(in folder: ExamFolder) throws(DeskRefusal) -> Request {
        guard folder.holds(requestFileName) else { return Request() }
        return try atExam { () throws(ExamSessionError) in try folder.read(Request.self, from: requestFileName) }
    }

    /// The exams that stand here; one that cannot be read is told by its name alone.
    func entries() -> [Entry] {
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: path) } catch { return [] }
        return names.sorted().filter(Self.isName).compactMap(entry)
    }

    private func entry(_ examID: String) -> Entry? {
        do throws(ExamSessionError) {
            let folder = try ExamFolder(continuing: place(examID))
            let progress = try folder.progress()
            return Entry(
                examID: examID, subjectCode: progress.subjectCode, startedAt: progress.startedAt,
                isSimulated: progress.sessions.contains(where: \.isSimulated), isCompleted: progress.isCompleted,
                hasRecordings: try !folder.recordingFileNames().isEmpty,
                hasResult: folder.holds(ExamFolder.examFileName), protocolID: progress.protocolReference.id)
        } catch {
            // A folder that was begun and holds no session yet is no exam.
            return nil
        }
    }

    /// Brings a copy of an archived exam here, where it is not yet, so that it can be gone on with.
    func bring(_ exam: ArchivedExam, from archive: Archive) throws(DeskRefusal) {
        guard !holds(exam.examID) else { return }
        let (from, to) = (archive.folder(of: exam), place(exam.examID))
        try changing.withLock { _ throws(DeskRefusal) in
            do {
                let draft = path + "/.coming"
                if FileManager.default.fileExists(atPath: draft) { try FileManager.default.removeItem(atPath: draft) }
                try FileManager.default.copyItem(atPath: from, toPath: draft)
                try FileManager.default.moveItem(atPath: draft, toPath: to)
            } catch {
                throw DeskRefusal(
                    .unavailable, "exam \(exam.examID) cannot be copied (\(error.localizedDescription))",
                    next: "Free space on the disk and try again.")
            }
        }
    }

    /// Removes an exam that came to nothing.
    func remove(_ examID: String) { changing.withLock { _ in removeSigned(examID) } }

    /// Removes an exam that the archive keeps for good, from within `alone`.
    func removeSigned(_ examID: String) {
        guard holds(examID) else { return }
        // What cannot be removed stays hidden behind the signed exam, and nothing depends on it.
        do { try FileManager.default.removeItem(atPath: place(examID)) } catch { return }
    }

    /// Does something to an exam's folder while nobody else does.
    func alone<Value>(_ body: () throws(DeskRefusal) -> Value) throws(DeskRefusal) -> Value {
        let result: Result<Value, DeskRefusal> = changing.withLock { _ in
            do throws(DeskRefusal) { return .success(try body()) } catch { return .failure(error) }
        }
        return try result.get()
    }

    /// What the recordings' own reader says of a file.
    @Sendable
    static func condition(_ path: String) -> RecordingCondition {
        do throws(RecordingError) {
            let recording = try Recording(path: path)
            return recording.isWhole ? .whole : .cutOff(unreadableBytes: recording.unreadableBytes)
        } catch {
            return .unreadable
        }
    }
}

extension UInt8 {
    /// A letter or digit of ASCII.
    fileprivate var isPlain: Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self)
            || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self)
    }
}
