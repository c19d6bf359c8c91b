internal import Foundation
internal import GRDB

/// What a copy of an archive holds.
public struct ArchiveCopy: Sendable, Hashable, Codable {
    /// Where it is.
    public var path: String
    /// Versions of exams in it.
    public var exams: Int
    /// Files in it.
    public var files: Int
    /// Their bytes.
    public var bytes: Int64
    /// Why the audit log does not tell of it; `nil` where it does.
    public var notAudited: String?
}

extension Archive {
    /// How often a copy begins anew when exams are changed beneath it (project choice).
    private static let mostAttempts = 5

    /// Copies the archive while it is in use: the database as it is at one moment, then the files that it names.
    ///
    /// Every file is hashed on its way: a damaged one ends the copy. The copy is an archive itself. Until it is whole it
    /// stands under the name with `.incomplete` behind it.
    ///
    /// - Parameter act: told in the audit log; where another process writes, it cannot be, and the result says so.
    public static func backUp(
        _ path: String, to target: String, act: ArchiveAct
    ) throws(ArchiveError) -> ArchiveCopy {
        let source = try Archive(reading: path)
        // A copy gets a head of its own, which must not cover up that lines are missing here.
        if let problem = try source.checkAudit().problems.first { throw .auditBroken(path: path, reason: problem) }
        var copy = try source.copy(to: target)
        do throws(ArchiveError) {
            let writer = try Archive(writing: path, act: act)
            try writer.change { db in
                try AuditLog.append(
                    .backupMade, act: act, details: "\(copy.exams) exams, \(copy.files) files", in: db)
            }
        } catch {
            copy.notAudited = error.description
        }
        return copy
    }

    /// Makes an archive from a backup, which must be without a finding.
    ///
    /// - Parameters:
    ///   - backup: the backup's folder; it stays as it is.
    ///   - target: the new archive's folder, which must not be there.
    ///   - reader: the recordings' own reader.
    public static func restore(
        _ backup: String, to target: String, reader: RecordingReader, act: ArchiveAct
    ) throws(ArchiveError) -> ArchiveCopy {
        let source = try Archive(reading: backup)
        let found = try source.verify(reader: reader)
        if let first = found.findings.first {
            throw .damaged(path: first.place, reason: "\(first.what); \(found.findings.count) findings in this backup")
        }
        let copy = try source.copy(to: target)
        let archive = try Archive(writing: target, act: act)
        try archive.change { db in
            try AuditLog.append(
                .archiveRestored, act: act,
                details:
                    "\(copy.exams) exams, \(copy.files) files, from a log that ended with \(found.auditHead?.text ?? "nothing")",
                in: db)
        }
        return copy
    }

    private func copy(to given: String) throws(ArchiveError) -> ArchiveCopy {
        let target = try outsidePlace(given)
        let unfinished = target + ".incomplete"
        if Disk.kind(unfinished) != .nothing, try !Self.isUnfinishedCopy(unfinished) {
            throw .alreadyThere(path: unfinished)
        }
        var attempt = 1
        while true {
            try Disk.remove(unfinished)
            do throws(ArchiveError) {
                var copy = try fill(unfinished)
                try Disk.rename(unfinished, to: target)
                copy.path = target
                return copy
            } catch {
                try Disk.remove(unfinished)
                // An exam that was updated or purged in between took its files away: the copy begins anew.
                guard attempt < Self.mostAttempts, case .storage = error, try isWholeNow() else { throw error }
                attempt += 1
            }
        }
    }

    /// Whether a folder is what a copy that was cut off left: nothing but names of an archive.
    private static func isUnfinishedCopy(_ path: String) throws(ArchiveError) -> Bool {
        guard Disk.kind(path) == .folder else { return false }
        return try Disk.names(in: path).allSatisfy(ArchivePaths.names.contains)
    }

    /// Whether every exam that is known now has its folder, so that another attempt can come to an end.
    private func isWholeNow() throws(ArchiveError) -> Bool {
        let hasExams = try exams(withEarlierVersions: true).allSatisfy {
            Disk.kind(paths.current($0.folder)) == .folder
        }
        let documents = try reading { try self.sealedDocuments($0) }
        return hasExams && documents.allSatisfy { Disk.kind(paths.payload($0.sha256)) == .file }
    }

    private func fill(_ target: String) throws(ArchiveError) -> ArchiveCopy {
        let to = ArchivePaths(root: target)
        for folder in [to.root, to.exams, to.incoming, to.outbox] { try Disk.makeFolder(folder) }
        var result = ArchiveCopy(path: target, exams: 0, files: 0, bytes: 0, notAudited: nil)
        let (exams, documents) = try copyDatabase(to)
        for (exam, files) in exams {
            result.exams += 1
            try Disk.makeFolder(to.exam(exam.folder))
            try Disk.makeInnerFolders(of: files.map(\.name), in: to.exam(exam.folder))
            for file in files {
                let path = paths.current(exam.folder) + "/" + file.name
                let found = try Disk.copy(path, to: to.exam(exam.folder) + "/" + file.name, atMost: .max)
                guard found.sha256.hexadecimal == file.sha256 else {
                    throw .damaged(path: path, reason: "its SHA-256 is not the one that was archived")
                }
                result.files += 1
                result.bytes += found.byteCount
            }
            try Disk.syncExamFolder(of: files.map(\.name), to.exam(exam.folder))
        }
        for document in documents {
            let path = paths.payload(document.sha256)
            let found = try Disk.copy(path, to: to.payload(document.sha256), atMost: .max)
            guard found.sha256.hexadecimal == document.sha256 else {
                throw .damaged(path: path, reason: "its SHA-256 is not the one that was sealed")
            }
            result.files += 1
            result.bytes += found.byteCount
        }
        for folder in [to.exams, to.incoming, to.outbox, to.root] { try Disk.syncFolder(folder) }
        return result
    }

    /// Copies the database by SQLite's online backup, and reads from the copy what files it names.
    private func copyDatabase(
        _ to: ArchivePaths
    ) throws(ArchiveError) -> (exams: [(ArchivedExam, [ArchivedFile])], documents: [SealedFile]) {
        do {
            let copy = try DatabaseQueue(path: to.database)
            try queue.backup(to: copy)
            let found = try copy.read { db in
                (
                    try self.exams(db, where: "").map { ($0, try self.files(db, of: $0.rowID)) },
                    try self.sealedDocuments(db)
                )
            }
            try copy.read { try AuditLog.head($0) }.store(to)
            try copy.close()
            try Disk.syncFile(to.database)
            return found
        } catch {
            throw ArchiveError(error, path: to.database)
        }
    }
}
