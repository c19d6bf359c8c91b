import CohortRows
import ExamArchive
import ExamSession
import Foundation

/// The exams of some folders that belong to one part of a cohort.
///
/// A folder is an exam, an archive (of each exam its newest version), or holds such folders.
struct ExamListing {
    /// The exams of this part, in the order of their paths; of copies the first one.
    private(set) var exams: [ListedExam] = []
    /// Exams of all parts.
    private(set) var allCount = 0
    /// Folders of exams that were begun and have no document yet.
    private(set) var unfinishedCount = 0
    /// Exams of this part whose document cannot be read, each with its reason.
    private(set) var unreadable: [String] = []

    private let shard: ExamShard
    private var known: Set<String> = []

    /// How deep folders within folders are looked at (project choice: year, month, day, exam).
    private static let deepest = 4

    /// Lists the exams of some folders.
    ///
    /// - Throws: `Failure` where a folder is not there or holds no exam.
    init(_ paths: [String], shard: ExamShard) throws {
        self.shard = shard
        for path in paths {
            let before = allCount + unfinishedCount
            try add(path, depth: 0)
            guard allCount + unfinishedCount > before else {
                throw Failure(
                    .data,
                    "\(path): not an exam's folder (it holds no \(ExamFolder.examFileName)), no archive, and "
                        + "holds none: give the folder of `exam run` or one above it")
            }
        }
    }

    private mutating func add(_ path: String, depth: Int) throws {
        guard depth <= Self.deepest else { return }
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: path) } catch {
            guard depth == 0 else { return }
            throw Failure(
                .storage, "\(path): cannot be listed (it is not there, or no folder): give the folder of an exam")
        }
        if names.contains("archive.sqlite") { return try addArchive(path) }
        if names.contains(ExamFolder.examFileName) { return try addExam(path, archivedSHA256: nil) }
        if names.contains("recordings") {
            unfinishedCount += 1
            return
        }
        for name in names.sorted() where !name.hasPrefix(".") && Self.isFolder(path + "/" + name) {
            try add(path + "/" + name, depth: depth + 1)
        }
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    private mutating func addArchive(_ path: String) throws {
        let archive = try Archive.opened(path)
        let entries = try archiving { () throws(ArchiveError) in try archive.exams() }
        for entry in entries.sorted(by: { $0.examID < $1.examID }) {
            guard entry.state.isSigned || entry.state == .analysed else {
                unfinishedCount += 1
                continue
            }
            // Its id is known without its document.
            guard shard.takes(entry.examID.utf8) else {
                allCount += 1
                continue
            }
            let files = try archiving { () throws(ArchiveError) in try archive.files(of: entry) }
            let document = files.first { $0.name == ExamFolder.examFileName }
            try addExam(archive.folder(of: entry), archivedSHA256: document?.sha256 ?? "")
        }
    }

    private mutating func addExam(_ path: String, archivedSHA256: String?) throws {
        allCount += 1
        do {
            let document = try ExamDocumentBytes(ofFolder: path)
            let examID = document.examID
            guard shard.takes(examID) else { return }
            let fingerprint = try document.sha256
            guard known.insert(fingerprint).inserted else {
                allCount -= 1
                return
            }
            exams.append(
                ListedExam(
                    path: path, examID: examID, examSHA256: fingerprint, archivedSHA256: archivedSHA256))
        } catch let failure as Failure {
            // Its id is not known: the folder's name decides who tells of it.
            let name = (path as NSString).lastPathComponent
            if shard.takes(name.utf8) { unreadable.append(failure.message) }
        }
    }
}
