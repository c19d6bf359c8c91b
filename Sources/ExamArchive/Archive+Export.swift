internal import Foundation

/// What was copied out of an archive.
public struct ArchiveExport: Sendable, Hashable, Encodable {
    /// Where it is.
    public var path: String
    /// The exam's id.
    public var examID: String
    /// The exam's version.
    public var version: Int
    /// Files, without the list of their sums.
    public var files: Int
    /// Their bytes.
    public var bytes: Int64
}

extension Archive {
    /// The list of sums in an export, as `sha256sum --check` reads it.
    private static let sums = "SHA256SUMS"

    /// Copies one version of an exam out, every file hashed on its way, with the list of their SHA-256.
    ///
    /// Until it is whole it stands under the name with `.incomplete` behind it. The audit log tells of it before it is
    /// there.
    ///
    /// - Parameters:
    ///   - version: the newest without a number.
    ///   - target: the export's folder, which must not be there.
    public func export(
        _ examID: String, version: Int? = nil, to target: String, act: ArchiveAct
    ) throws(ArchiveError) -> ArchiveExport {
        let act = try permitted(.export, act)
        let exam = try exam(examID, version: version)
        let place = try outsidePlace(target)
        let unfinished = place + ".incomplete"
        if Disk.kind(unfinished) != .nothing, try !Self.isUnfinishedExport(unfinished) {
            throw .alreadyThere(path: unfinished)
        }
        try Disk.remove(unfinished)
        do throws(ArchiveError) {
            var result = ArchiveExport(path: place, examID: examID, version: exam.version, files: 0, bytes: 0)
            try fill(unfinished, with: exam, &result)
            try change { db in
                try AuditLog.append(
                    .examExported, act: act, examID: examID, version: exam.version,
                    details: "\(result.files) files, \(result.bytes) bytes", in: db)
            }
            try Disk.rename(unfinished, to: place)
            return result
        } catch {
            try Disk.remove(unfinished)
            throw error
        }
    }

    private func fill(
        _ folder: String, with exam: ArchivedExam, _ result: inout ArchiveExport
    ) throws(ArchiveError) {
        try Disk.makeFolder(folder)
        let files = try files(of: exam)
        try Disk.makeInnerFolders(of: files.map(\.name), in: folder)
        var list = ""
        for file in files {
            let from = paths.current(exam.folder) + "/" + file.name
            let found = try Disk.copy(from, to: folder + "/" + file.name, atMost: .max)
            guard found.sha256.hexadecimal == file.sha256 else {
                throw .damaged(path: from, reason: "its SHA-256 is not the one that was archived")
            }
            list += "\(file.sha256)  \(file.name)\n"
            result.files += 1
            result.bytes += found.byteCount
        }
        try Disk.create(folder + "/" + Self.sums, with: Data(list.utf8))
        try Disk.syncExamFolder(of: files.map(\.name), folder)
    }

    /// A place for a new folder outside the archive, absolute.
    func outsidePlace(_ given: String) throws(ArchiveError) -> String {
        let url = URL(fileURLWithPath: given)
        let parent = try Self.absolute(url.deletingLastPathComponent().path)
        let target = parent + "/" + url.lastPathComponent
        guard Disk.kind(target) == .nothing else { throw .alreadyThere(path: target) }
        guard !(parent + "/").hasPrefix(path + "/") else {
            throw .badArgument(what: "\(target): lies in the archive itself", remedy: "give a folder on another disk")
        }
        return target
    }

    /// Whether a folder is what an export that was cut off left: nothing but names of an exam.
    private static func isUnfinishedExport(_ path: String) throws(ArchiveError) -> Bool {
        guard Disk.kind(path) == .folder else { return false }
        return try Disk.names(in: path).allSatisfy {
            ArchiveNames.innerFolders.contains($0) || $0 == sums || ArchiveNames.isExamFile($0)
        }
    }
}
