internal import CCSVIAnalysis
internal import Foundation
internal import GRDB

extension Archive {
    /// Looks at everything: the database's structure, references and audit log, every file's SHA-256, every recording's
    /// checksums, and what is there that the database does not know.
    ///
    /// - Parameters:
    ///   - reader: the recordings' own reader.
    ///   - progress: told how many of how many files are done.
    public func verify(
        reader: RecordingReader, progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws(ArchiveError) -> ArchiveVerification {
        var result = ArchiveVerification()
        try verifyDatabase(&result)
        let exams = try reading { db in try self.exams(db, where: "").map { ($0, try self.files(db, of: $0.rowID)) } }
        let total = exams.reduce(0) { $0 + $1.1.count }
        for (exam, files) in exams {
            result.exams += 1
            for file in files {
                try verify(file, of: exam, reader: reader, &result)
                progress(result.files, total)
            }
            try verifyDocument(exam, files, &result)
        }
        try verifyOutbox(&result)
        try verifyHistory(&result)
        try verifyAccounts(&result)
        try verifyNames(Dictionary(exams.map { ($0.0.folder, $0.1) }) { first, _ in first }, &result)
        return result
    }

    private func verifyDatabase(_ result: inout ArchiveVerification) throws(ArchiveError) {
        let (structure, references) = try reading { db in
            (
                try String.fetchAll(db, sql: "PRAGMA integrity_check"),
                try Row.fetchAll(db, sql: "PRAGMA foreign_key_check").map { "\($0["table"] ?? "a table")" }
            )
        }
        for line in structure where line != "ok" { result.find("archive.sqlite", line) }
        for table in Set(references).sorted() {
            result.find("archive.sqlite", "rows of `\(table)` refer to rows that are not there")
        }
        let audit = try checkAudit()
        for problem in audit.problems { result.find("audit log", problem) }
        result.auditHead = audit.head
    }

    private func verify(
        _ file: ArchivedFile, of exam: ArchivedExam, reader: RecordingReader, _ result: inout ArchiveVerification
    ) throws(ArchiveError) {
        let path = paths.current(exam.folder) + "/" + file.name
        result.files += 1
        let found: Disk.Fingerprint
        do throws(ArchiveError) { found = try Disk.fingerprint(path) } catch {
            // An update of an unsigned exam may have come in between.
            guard try isStillThere(exam) else { return }
            return result.find(path, "cannot be read: \(error.description)")
        }
        result.bytes += found.byteCount
        guard found.byteCount == file.byteCount, found.sha256.hexadecimal == file.sha256 else {
            return result.find(path, "its SHA-256 is not the one that was archived")
        }
        guard file.isRecording else { return }
        let condition = reader(path).text
        if condition != file.recording {
            result.find(path, "the recordings' reader says `\(condition)`; it was `\(file.recording ?? "not noted")`")
        } else if condition != RecordingCondition.whole.text {
            result.recordingsCutOff += 1
        }
    }

    private func isStillThere(_ exam: ArchivedExam) throws(ArchiveError) -> Bool {
        let count = try reading { db in
            try Int.fetchOne(db, sql: "SELECT count(*) FROM exam WHERE folder = ?", arguments: [exam.folder])
        }
        return count != 0
    }

    /// What the database says of an exam against its document, its list of files and the audit log.
    private func verifyDocument(
        _ exam: ArchivedExam, _ files: [ArchivedFile], _ result: inout ArchiveVerification
    ) throws(ArchiveError) {
        let place = "exam \(exam.examID), version \(exam.version)"
        if exam.state.isSigned {
            let digest = Self.digest(files)
            if digest.hexadecimal != exam.documentsSHA256 {
                result.find(place, "its list of files is not the signed one")
            }
            let signed = try reading { db in
                try String.fetchOne(
                    db, sql: "SELECT details FROM audit WHERE event = ? AND examID = ? AND version = ?",
                    arguments: [AuditEvent.examSigned.rawValue, exam.examID, exam.version])
            }
            if signed != Self.signature(digest) { result.find(place, "the audit log tells of no such signing") }
        }
        guard files.contains(where: { $0.name == "exam.json" }) else { return }
        let document: ExamHeading
        do {
            let bytes = try Disk.contents(paths.current(exam.folder) + "/exam.json", atMost: .max)
            document = try JSONDecoder().decode(ExamHeading.self, from: bytes)
        } catch {
            // That the file is not the archived one was found before.
            return
        }
        let isSame =
            document.examID == exam.examID && document.subjectCode == exam.subjectCode
            && document.startedAt == exam.startedAt && document.isSimulated == exam.isSimulated
            && document.verdict(isOpened: files.contains { $0.name == ExamIntake.unblindingFile }) == exam.verdict
        if !isSame { result.find(place, "the database says otherwise than its exam.json") }
    }

    /// The fields of `exam.json` that the list shows.
    private struct ExamHeading: Decodable {
        struct Finding: Decodable { var verdict: Verdict }

        var examID: String
        var subjectCode: String
        var startedAt: String
        var isSimulated: Bool
        var assessment: Finding
        var blinding: Blinding?

        /// What the list shows for the verdict.
        func verdict(isOpened: Bool) -> String {
            blinding == nil || isOpened ? assessment.verdict.rawValue : ArchivedExam.withheld
        }
    }

    /// What is in the folders that the database does not know.
    private func verifyNames(
        _ known: [String: [ArchivedFile]], _ result: inout ArchiveVerification
    ) throws(ArchiveError) {
        for name in try Disk.names(in: paths.root) where !ArchivePaths.names.contains(name) {
            result.find(paths.root + "/" + name, "is no part of an archive")
        }
        for name in try Disk.names(in: paths.exams) {
            guard let files = known[name] else {
                if try isNew(name) { continue }
                result.find(paths.exam(name), "is a folder that the database does not know")
                continue
            }
            try verifyNames(in: name, Set(files.map(\.name)), &result)
        }
        let unfinished = try Disk.names(in: paths.incoming).filter { known[$0] == nil }
        if !unfinished.isEmpty {
            result.remarks.append(
                "\(unfinished.count) folders in `incoming` are being taken in, or left over from a process that was ended; "
                    + "the next opening for writing removes them.")
        }
    }

    /// Whether a folder came, or went, since the list was read.
    private func isNew(_ folder: String) throws(ArchiveError) -> Bool {
        try reading { db in
            try Bool.fetchOne(
                db,
                sql: """
                    SELECT EXISTS (SELECT 1 FROM exam WHERE folder = ?1)
                    OR EXISTS (SELECT 1 FROM discardedFolder WHERE folder = ?1)
                    """,
                arguments: [folder]) ?? false
        }
    }

    private func verifyNames(
        in folder: String, _ files: Set<String>, _ result: inout ArchiveVerification
    ) throws(ArchiveError) {
        let path = paths.exam(folder)
        guard Disk.kind(path) == .folder else { return result.find(path, "is not a folder") }
        for name in try Disk.names(in: path) {
            guard ArchiveNames.innerFolders.contains(name), Disk.kind(path + "/" + name) == .folder else {
                if !files.contains(name) {
                    result.find(path + "/" + name, "is a file that the database does not know")
                }
                continue
            }
            for inner in try Disk.names(in: path + "/" + name) where !files.contains(name + "/" + inner) {
                result.find(path + "/" + name + "/" + inner, "is a file that the database does not know")
            }
        }
    }
}
