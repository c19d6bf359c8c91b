internal import CCSVIAnalysis
internal import Crypto
internal import Foundation
internal import GRDB

extension Archive {
    /// Takes an exam's folder in, whole or not at all.
    ///
    /// - Parameters:
    ///   - folder: the folder that `exam run` made; it stays as it is.
    ///   - subjectCode: where the folder holds no `exam.json` yet.
    ///   - examID: where the folder holds no `exam.json` yet; else it must be the one that stands there.
    ///   - reader: says in what condition the recordings are.
    @discardableResult
    public func add(
        _ folder: String, subjectCode: String? = nil, examID: String? = nil, reader: RecordingReader, act: ArchiveAct
    ) throws(ArchiveError) -> ArchivedExam {
        let act = try permitted(.acquire, act)
        let named = { (intake: ExamIntake) throws(ArchiveError) in
            try Self.agreed(intake.exam?.examID, examID, folder, "an exam's id", ArchiveNames.isExamID)
        }
        return try take(folder, reader: reader, id: named) { intake, staged throws(ArchiveError) in
            let subject = try Self.agreed(
                intake.exam?.subjectCode, subjectCode, folder, "a subject's code", ArchiveNames.isSubjectCode)
            let id = try named(intake)
            return try self.change { db in
                let there = try self.exams(db, where: "WHERE examID = ?", [id]).max { $0.version < $1.version }
                if let there { throw ArchiveError.alreadyArchived(examID: id, state: there.state) }
                let row = ExamRow(examID: id, version: 1, subjectCode: subject, intake: intake, act: act)
                try self.insert(row, intake, staged: staged, in: db)
                try AuditLog.append(
                    .examAdded, act: act, examID: id, version: 1, details: Self.words(intake), in: db)
                return try self.exam(db, id)
            }
        }
    }

    /// Puts newer documents in the place of an unsigned exam's; recordings may come, none may go or change.
    @discardableResult
    public func update(
        _ examID: String, from folder: String, reader: RecordingReader, act: ArchiveAct
    ) throws(ArchiveError) -> ArchivedExam {
        try replace(examID, with: folder, reader: reader, act: try permitted(.acquire, act))
    }

    /// Puts a person's marks beside an unsigned exam: nothing of the folder but that one document may be new.
    ///
    /// - Parameter name: the document that holds the marks.
    @discardableResult
    public func mark(
        _ examID: String, from folder: String, document name: String, reader: RecordingReader, act: ArchiveAct
    ) throws(ArchiveError) -> ArchivedExam {
        try replace(examID, with: folder, onlyNew: name, reader: reader, act: try permitted(.mark, act))
    }

    private func replace(
        _ examID: String, with folder: String, onlyNew name: String? = nil, reader: RecordingReader, act: ArchiveAct
    ) throws(ArchiveError) -> ArchivedExam {
        let old = try exam(examID)
        let updated = try take(folder, reader: reader, id: { _ in examID }) { intake, staged throws(ArchiveError) in
            try self.change { db in
                let old = try self.exam(db, examID)
                try self.checkSuccessor(intake, of: old, folder: folder, in: db)
                if let name { try self.checkUnchanged(intake, but: name, of: old, folder: folder, in: db) }
                guard old.state.allows(intake.state) else {
                    throw ArchiveError.wrongState(
                        examID: examID, version: old.version, state: old.state,
                        what: old.state.isSigned ? "it is never changed" : "this folder holds less",
                        remedy: old.state.isSigned ? "use `archive amend`" : "give the folder of the finished exam")
                }
                try db.execute(sql: "DELETE FROM examFile WHERE exam = ?", arguments: [old.rowID])
                try db.execute(sql: "INSERT INTO discardedFolder (folder) VALUES (?)", arguments: [old.folder])
                let row = ExamRow(
                    examID: examID, version: old.version, subjectCode: old.subjectCode, intake: intake, act: act)
                try row.update(old.rowID, folder: staged, in: db)
                try self.insertFiles(intake, of: old.rowID, in: db)
                try AuditLog.append(
                    .examUpdated, act: act, examID: examID, version: old.version, details: Self.words(intake), in: db)
                return try self.exam(db, examID)
            }
        }
        try removeDiscarded([old.folder])
        return updated
    }

    /// Takes a folder in as a new version of a signed exam; the signed one stays as it is.
    ///
    /// - Parameter reason: why, in words.
    @discardableResult
    public func amend(
        _ examID: String, with folder: String, reason: String, reader: RecordingReader, act: ArchiveAct
    ) throws(ArchiveError) -> ArchivedExam {
        guard !reason.isEmpty else {
            throw .badArgument(what: "an amendment without a reason", remedy: "say why the exam is amended")
        }
        let act = try permitted(.sign, act)
        return try take(folder, reader: reader, id: { _ in examID }) { intake, staged throws(ArchiveError) in
            try self.change { db in
                let old = try self.exam(db, examID)
                try self.checkSuccessor(intake, of: old, folder: folder, in: db)
                guard old.state == .signed, intake.exam != nil else {
                    throw ArchiveError.wrongState(
                        examID: examID, version: old.version, state: old.state,
                        what: old.state == .signed
                            ? "the amendment holds no exam.json" : "only a signed exam is amended",
                        remedy: old.state == .signed ? "give the folder of the finished exam" : "use `archive update`")
                }
                let version = old.version + 1
                var row = ExamRow(
                    examID: examID, version: version, subjectCode: old.subjectCode, intake: intake, act: act)
                row.amends = old.rowID
                row.reason = reason
                try self.insert(row, intake, staged: staged, in: db)
                try AuditLog.append(
                    .examAmended, act: act, examID: examID, version: version,
                    details: "amends version \(old.version): \(reason); \(Self.words(intake))", in: db)
                return try self.exam(db, examID)
            }
        }
    }

    /// Signs the newest version of an exam: its files are checked, and never changed from here on.
    ///
    /// The version that it amends becomes `amended`. What is to be sent comes into the outbox in the same transaction:
    /// there is no signed exam whose documents are forgotten.
    ///
    /// - Parameters:
    ///   - deliveries: what is to be sent.
    ///   - secret: seals them; needed where there are any.
    @discardableResult
    public func sign(
        _ examID: String, deliveries: [NewDelivery] = [], secret: IdentitySecret? = nil, act: ArchiveAct
    ) throws(ArchiveError) -> ArchivedExam {
        let act = try permitted(.sign, act)
        let (exam, files) = try signable(examID)
        let digest = Self.digest(files)
        return try queueing(deliveries, secret: secret, act: act) { insert throws(ArchiveError) in
            try self.change { db in
                try db.execute(
                    sql: """
                        UPDATE exam SET state = 'signed', signedAtMs = ?, signedBy = ?, documentsSHA256 = ?
                        WHERE id = ? AND state = 'analysed'
                        """,
                    arguments: [act.at.millisecondsSince1970, act.by, digest, exam.rowID])
                try db.execute(
                    sql: "UPDATE exam SET state = 'amended' WHERE id = (SELECT amends FROM exam WHERE id = ?)",
                    arguments: [exam.rowID])
                try AuditLog.append(
                    .examSigned, act: act, examID: examID, version: exam.version,
                    details: Self.signature(digest), in: db)
                _ = try insert(exam, db)
                return try self.exam(db, examID)
            }
        }
    }

    /// The newest version of an exam with its files, checked; throws where it cannot be signed.
    private func signable(_ examID: String) throws(ArchiveError) -> (ArchivedExam, [ArchivedFile]) {
        let exam = try exam(examID)
        guard exam.state == .analysed else {
            throw .wrongState(
                examID: examID, version: exam.version, state: exam.state, what: "only an analysed exam is signed",
                remedy: exam.state.isSigned ? "use `archive amend` to correct it" : "analyse it, then `archive update`")
        }
        let files = try files(of: exam)
        guard files.contains(where: { $0.name == "report.pdf" }) else {
            throw .wrongState(
                examID: examID, version: exam.version, state: exam.state, what: "it has no report.pdf",
                remedy: "run `dopplerbridge report` on its folder, then `archive update`")
        }
        for file in files { try check(file, of: exam) }
        return (exam, files)
    }

    /// How the audit log tells what was signed.
    static func signature(_ digest: Data) -> String { "documents SHA-256 \(digest.hexadecimal)" }

    /// SHA-256 over the list of an exam's files: `SHA256 BYTES NAME` a line, by name.
    static func digest(_ files: [ArchivedFile]) -> Data {
        let list = files.sorted { $0.name < $1.name }.map { "\($0.sha256) \($0.byteCount) \($0.name)\n" }.joined()
        return Data(SHA256.hash(data: Data(list.utf8)))
    }

    /// Throws where a file is not the one that was archived.
    func check(_ file: ArchivedFile, of exam: ArchivedExam) throws(ArchiveError) {
        let path = paths.current(exam.folder) + "/" + file.name
        let found = try Disk.fingerprint(path)
        guard found.byteCount == file.byteCount, found.sha256.hexadecimal == file.sha256 else {
            throw .damaged(path: path, reason: "its SHA-256 is not the one that was archived")
        }
    }
}

extension Archive {
    /// Stages a folder, lets it be entered into the database, and brings it to its place.
    private func take(
        _ folder: String, reader: RecordingReader, id: (ExamIntake) throws(ArchiveError) -> String,
        _ enter: (ExamIntake, _ folder: String) throws(ArchiveError) -> ArchivedExam
    ) throws(ArchiveError) -> ArchivedExam {
        guard isWritable else { throw .openForReading(path: path) }
        guard Disk.kind(folder) != .nothing else { throw .storage(path: folder, reason: "there is no such folder") }
        let source = try Self.absolute(folder)
        guard !(source + "/").hasPrefix(path + "/"), !(path + "/").hasPrefix(source + "/") else {
            throw .notAnExam(path: folder, reason: "it is a part of the archive, or the archive a part of it")
        }
        // One process writes, so one name is enough. No exam's folder begins with a dot.
        var staged = paths.staged(".taking")
        let entered: ArchivedExam
        do throws(ArchiveError) {
            try Disk.remove(staged)
            let intake = try ExamIntake.stage(source, to: staged, reader: reader)
            let name = try unusedName(try id(intake))
            try Disk.rename(staged, to: paths.staged(name))
            staged = paths.staged(name)
            entered = try enter(intake, name)
        } catch {
            // What is left of it is removed at the next opening at the latest.
            do throws(ArchiveError) { try Disk.remove(staged) } catch { throw error }
            throw error
        }
        // The exam is in: its folder is found where it is, and the next opening tries again to bring it to its place.
        do throws(ArchiveError) { try settle(entered.folder) } catch { return entered }
        return entered
    }

    private func settle(_ folder: String) throws(ArchiveError) {
        try Disk.rename(paths.staged(folder), to: paths.exam(folder))
    }

    /// A name that no folder has: the exam's id, with a number behind it from the second on.
    private func unusedName(_ id: String) throws(ArchiveError) -> String {
        try reading { db in
            var name = id
            var number = 1
            while try self.isUsed(name, in: db) {
                number += 1
                name = "\(id)+\(number)"
            }
            return name
        }
    }

    private func isUsed(_ name: String, in db: Database) throws -> Bool {
        let sql =
            "SELECT EXISTS (SELECT 1 FROM exam WHERE folder = ?1) OR EXISTS (SELECT 1 FROM discardedFolder WHERE folder = ?1)"
        if try Bool.fetchOne(db, sql: sql, arguments: [name]) == true { return true }
        return Disk.kind(paths.exam(name)) != .nothing || Disk.kind(paths.staged(name)) != .nothing
    }

    /// The one of two texts that is given; both must be the same where both are.
    private static func agreed(
        _ stored: String?, _ given: String?, _ folder: String, _ what: String, _ isAllowed: (String) -> Bool
    ) throws(ArchiveError) -> String {
        if let stored, let given, stored != given {
            throw .badArgument(
                what: "\(folder): its exam.json says `\(stored)`, not `\(given)`", remedy: "leave \(what) out")
        }
        guard let text = stored ?? given else {
            throw .badArgument(what: "\(folder): holds no exam.json, so \(what) is not known", remedy: "give it")
        }
        guard isAllowed(text) else {
            throw .badArgument(
                what: "`\(text.prefix(64))` cannot be \(what)", remedy: "use A-Z a-z 0-9 . _ and -, no spaces")
        }
        return text
    }

    /// Throws where a folder does not go on from a version: another exam or subject, or a recording that is lost.
    private func checkSuccessor(
        _ intake: ExamIntake, of old: ArchivedExam, folder: String, in db: Database
    ) throws {
        if let exam = intake.exam, exam.examID != old.examID || exam.subjectCode != old.subjectCode {
            throw ArchiveError.badArgument(
                what:
                    "\(folder): is exam \(exam.examID) of subject \(exam.subjectCode), not \(old.examID) of \(old.subjectCode)",
                remedy: "give the folder of this exam")
        }
        let now = Dictionary(intake.files.map { ($0.name, $0.sha256) }) { first, _ in first }
        for file in try files(db, of: old.rowID) where file.isRecording && now[file.name] != file.sha256 {
            throw ArchiveError.recordingLost(examID: old.examID, name: file.name)
        }
    }

    /// Throws where a folder differs from a version in more than one document.
    private func checkUnchanged(
        _ intake: ExamIntake, but name: String, of old: ArchivedExam, folder: String, in db: Database
    ) throws {
        func others(_ files: [ArchivedFile]) -> [String: String] {
            Dictionary(files.filter { $0.name != name }.map { ($0.name, $0.sha256) }) { first, _ in first }
        }
        guard others(intake.files) == others(try files(db, of: old.rowID)) else {
            throw ArchiveError.badArgument(
                what: "\(folder): differs from exam \(old.examID) in more than \(name)",
                remedy: "use `archive update` for what is more than marks")
        }
    }

    private func insert(_ row: ExamRow, _ intake: ExamIntake, staged: String, in db: Database) throws {
        try insertFiles(intake, of: try row.insert(folder: staged, in: db), in: db)
    }

    private func insertFiles(_ intake: ExamIntake, of exam: Int64, in db: Database) throws {
        for file in intake.files {
            try db.execute(
                sql: "INSERT INTO examFile (exam, name, byteCount, sha256, recording) VALUES (?, ?, ?, ?, ?)",
                arguments: [exam, file.name, file.byteCount, Data(hexadecimal: file.sha256), file.recording])
        }
    }

    private static func words(_ intake: ExamIntake) -> String {
        "\(intake.state.rawValue), \(intake.files.count) files, SHA-256 \(digest(intake.files).hexadecimal)"
    }
}
