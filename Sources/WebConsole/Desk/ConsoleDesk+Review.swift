internal import Acquisition
internal import CCSVIAnalysis
internal import ExamArchive
internal import ExamSession
internal import FollowUp
internal import Foundation
internal import LiveView
internal import LocalServer
internal import Synchronization

extension ConsoleDesk {
    /// Where an exam's documents stand: on the shelf while it is unsigned and made here, else in the archive.
    struct ExamPlace: Sendable {
        var examID: String
        var folder: ExamFolder
        var archived: ArchivedExam?
        /// Whether it stands on the shelf and the last session did not come to the protocol's end.
        var isUnfinished: Bool
    }

    /// Where an exam is found.
    ///
    /// Blocks.
    func place(of examID: String) throws(DeskRefusal) -> ExamPlace {
        guard ExamShelf.isName(examID) else {
            throw DeskRefusal(.notThere, "there is no such exam", next: "Look at the list of exams.")
        }
        let archived = try archived(examID)
        if let archived, archived.state.isSigned || !means.shelf.holds(examID) {
            let path = means.archive.folder(of: archived)
            let folder = try atExam { () throws(ExamSessionError) in try ExamFolder(existing: path) }
            return ExamPlace(examID: examID, folder: folder, archived: archived, isUnfinished: false)
        }
        let folder = try means.shelf.folder(examID)
        let isUnfinished = means.shelf.entries().first { $0.examID == examID }.map { !$0.isCompleted } ?? false
        return ExamPlace(examID: examID, folder: folder, archived: archived, isUnfinished: isUnfinished)
    }

    /// The result of an exam that may be seen.
    ///
    /// Blocks.
    private func result(_ place: ExamPlace) throws(DeskRefusal) -> Exam {
        guard place.folder.holds(ExamFolder.examFileName) else {
            throw DeskRefusal(
                .notNow, "exam \(place.examID) has no result yet", next: "Go on with it, or leave it in order.")
        }
        let exam = try atExam { () throws(ExamSessionError) in try place.folder.exam() }
        guard exam.blinding != nil else { return exam }
        let opened = try atExam { () throws(ExamSessionError) in try place.folder.unblindings() }
        guard !opened.isEmpty else {
            throw DeskRefusal(
                .notAllowed, "exam \(place.examID) is blinded: its result is withheld",
                next: "Open it with `dopplerbridge exam show --unblind`, which is logged.")
        }
        return exam
    }

    // MARK: The review

    private struct ReviewDocument: Encodable {
        struct Definition: Encodable {
            var id: String
            var title: String
            var verdict: String
            var criteria: [Judged]
        }

        struct Judged: Encodable {
            var id: String
            var title: String
            var status: String
            var because: String
            var evidence: [String]
            var evidenceWords: [String]
            var missing: [String]
        }

        struct Earlier: Encodable {
            var examID: String
            var startedAt: String?
        }

        var exam: Exam
        var name: String?
        var indication: String?
        var definitions: [Definition]
        var missing: [String]
        var warnings: [String]
        var earlier: [Earlier]
        var comparison: ComparisonDocument?
        var comparisonProblem: String?
        var state: String
        var isUnfinished: Bool
        var canSign: Bool
        var whyNotSign: String?
        var needsPassphrase: Bool
        var marks: [ReviewedMarks]
    }

    /// `GET /api/exams/*/review`.
    func review(_ call: DeskCall) async throws(DeskRefusal) -> WebAnswer {
        if let other = call.request.query.keys.sorted().first(where: { $0 != "earlier" }) {
            throw DeskRefusal(.wrongInput, "`\(other.prefix(40))` is not known here", next: "Leave it out.")
        }
        let bytes = try await onDeskThread { [self] () throws(DeskRefusal) in
            try DeskJSON.bytes(try reviewDocument(call))
        }
        return WebAnswer(status: 200, contentType: "application/json", body: bytes)
    }

    private func reviewDocument(_ call: DeskCall) throws(DeskRefusal) -> ReviewDocument {
        let place = try taken(try place(of: call.names[0]), call.actor)
        let exam = try result(place)
        let definitions = try definitions(of: exam, in: place)
        let earlier = try earlierExams(than: exam)
        let (comparison, problem) = comparison(of: exam, with: call.request.query["earlier"], among: earlier)
        let whyNot = whyNotSign(place, call.actor)
        let own = definitions.first { $0.definition.id == exam.assessment.definition.id } ?? exam.assessment
        var missing: [String] = []
        for item in own.criteria.flatMap(\.missing) {
            let words = item.reason.map { "\(item.text): \($0)" } ?? item.text
            if !missing.contains(words) { missing.append(words) }
        }
        let identity = try names(of: [exam.subjectCode], for: call)[exam.subjectCode] ?? nil
        return ReviewDocument(
            exam: exam, name: identity.map { DeskPersonName($0).text },
            indication: try ExamShelf.request(in: place.folder).indication,
            definitions: definitions.map(Self.listed), missing: missing, warnings: own.warnings.map(\.words),
            earlier: earlier.map { .init(examID: $0.examID, startedAt: $0.startedAt) }, comparison: comparison,
            comparisonProblem: problem,
            state: place.archived?.state.isSigned == true ? "signed" : place.isUnfinished ? "open" : "complete",
            isUnfinished: place.isUnfinished, canSign: whyNot == nil, whyNotSign: whyNot, needsPassphrase: hasAccounts,
            marks: ReviewedMarks.all(
                try atExam { () throws(ExamSessionError) in try OperatorMarks(in: place.folder) }, of: exam))
    }

    /// The exam under its own definition and all that are built in.
    ///
    /// Blocks.
    private func definitions(of exam: Exam, in place: ExamPlace) throws(DeskRefusal) -> [Assessment] {
        let offered = try protocolFile(of: place.folder, nil)
        do throws(AnalysisError) {
            var all = try CriteriaDefinition.allBuiltIn()
            let own = means.clinic.definition
            if own.reference.id == exam.assessment.definition.id,
                !all.contains(where: { $0.reference.id == own.reference.id })
            {
                all.insert(own, at: 0)
            }
            let comparison = try DefinitionComparison(
                exam.measurements, under: all, examProtocol: offered.examProtocol, table: means.clinic.table)
            // What the exam itself says is shown as it was written.
            return comparison.assessments.map { assessment in
                assessment.definition == exam.assessment.definition ? exam.assessment : assessment
            }
        } catch {
            throw DeskRefusal(.unavailable, "the exam cannot be scored: \(error.description)", next: "See its report.")
        }
    }

    private static func listed(_ assessment: Assessment) -> ReviewDocument.Definition {
        ReviewDocument.Definition(
            id: assessment.definition.id, title: assessment.definition.title, verdict: assessment.verdict.rawValue,
            criteria: assessment.criteria.map { finding in
                var recordings: [String] = []
                for id in finding.evidence.compactMap(\.recordingID) where !recordings.contains(id) {
                    recordings.append(id)
                }
                return ReviewDocument.Judged(
                    id: finding.criterion.rawValue, title: finding.criterion.title, status: finding.outcome.rawValue,
                    because: finding.rule, evidence: recordings, evidenceWords: finding.evidence.map(\.text),
                    missing: finding.missing.map(\.text))
            })
    }

    // MARK: The exams before

    /// Analysed exams of the same subject that began earlier, the newest first.
    ///
    /// Blocks.
    private func earlierExams(than exam: Exam) throws(DeskRefusal) -> [ArchivedExam] {
        let archive = means.archive
        guard let start = ExamInstant(exam.startedAt) else { return [] }
        return try atArchive { () throws(ArchiveError) in try archive.exams() }.filter { other in
            guard other.subjectCode == exam.subjectCode, other.examID != exam.examID,
                let verdict = other.verdict, verdict != ArchivedExam.withheld,
                let began = other.startedAt.flatMap(ExamInstant.init)
            else { return false }
            return began < start
        }
    }

    /// The comparison with one of the earlier exams; what cannot be compared is said.
    ///
    /// Blocks.
    private func comparison(
        of exam: Exam, with wanted: String?, among earlier: [ArchivedExam]
    ) -> (ComparisonDocument?, problem: String?) {
        guard let other = wanted.map({ id in earlier.first { $0.examID == id } }) ?? earlier.first else {
            return (nil, wanted == nil ? nil : "there is no such earlier exam of this subject")
        }
        do throws(DeskRefusal) {
            let path = means.archive.folder(of: other)
            let folder = try atExam { () throws(ExamSessionError) in try ExamFolder(existing: path) }
            let before = try result(
                ExamPlace(examID: other.examID, folder: folder, archived: other, isUnfinished: false))
            do throws(FollowUpError) {
                return (ComparisonDocument(try ExamComparison(before, exam)), nil)
            } catch {
                return (nil, error.description)
            }
        } catch {
            return (nil, error.description)
        }
    }

    // MARK: What the archive has of it

    /// Whether the archive has everything that the shelf has of an exam.
    ///
    /// Blocks.
    private func isTaken(_ place: ExamPlace) throws(DeskRefusal) -> Bool {
        guard let archived = place.archived else { return false }
        guard !archived.state.isSigned, means.shelf.holds(place.examID) else { return true }
        guard archived.state == .analysed else { return false }
        let archive = means.archive
        let (kept, files) = try atArchive { () throws(ArchiveError) in
            (try archive.document(ExamFolder.examFileName, of: archived), try archive.files(of: archived).map(\.name))
        }
        let recordings = try atExam { () throws(ExamSessionError) in try place.folder.recordingFileNames() }
        let own = FileManager.default.contents(atPath: place.folder.file(ExamFolder.examFileName))
        return own.map { [UInt8]($0) } == kept && Set(recordings).isSubset(of: files)
    }

    /// Lets the archive take what it could not take when the session ended, where the person who asks may do that.
    ///
    /// Blocks.
    private func taken(_ place: ExamPlace, _ actor: DeskActor) throws(DeskRefusal) -> ExamPlace {
        let isOpen = state.withLock { $0.openExamID } == place.examID
        guard !isOpen, !place.isUnfinished, place.folder.holds(ExamFolder.examFileName),
            actor.signIn?.role.allows(.acquire) ?? true, try !isTaken(place)
        else { return place }
        try takeIn(place.folder, actor)
        return try self.place(of: place.examID)
    }

    // MARK: Signing

    /// Why an exam cannot be signed now; `nil` where it can.
    ///
    /// Blocks.
    func whyNotSign(_ place: ExamPlace, _ actor: DeskActor) -> String? {
        do throws(DeskRefusal) { try require(.sign, actor) } catch { return error.description }
        if state.withLock({ $0.openExamID }) == place.examID { return "the exam is being made" }
        guard let archived = place.archived else { return "the archive has not taken the exam yet" }
        do throws(DeskRefusal) {
            if try !isTaken(place) { return "its last session broke off, or the archive has not taken it yet" }
        } catch {
            return error.description
        }
        switch archived.state {
        case .analysed: return nil
        case .signed: return "it is signed"
        case .amended: return "a later version of it is signed"
        case .draft, .acquired: return "it has no result yet"
        }
    }

    /// `POST /api/exams/*/sign`: signs, and queues the clinic's documents in the same transaction.
    func sign(_ call: DeskCall) async throws(DeskRefusal) -> WebAnswer {
        var fields = try JSONFields(call.request.body)
        let passphrase = try fields.optionalText("passphrase", atMost: Self.longestPassphrase)
        try fields.end()
        let queued = try await onDeskThread { [self] () throws(DeskRefusal) in
            try signed(call.names[0], passphrase: passphrase, call.actor)
        }
        fanOut.offer(#"{"event":"patients"}"#)
        fanOut.offer(#"{"event":"outbox"}"#)
        return try .json(["queued": queued])
    }

    /// Whether the passphrase is the signer's; a wrong one signs nothing, and leaves who works here signed in.
    private func checkSignature(_ name: String, _ passphrase: String, _ actor: DeskActor) throws(DeskRefusal) {
        do throws(ArchiveError) {
            _ = try means.archive.checkSignIn(name, passphrase: passphrase, act: actor.act)
        } catch .signInRefused {
            throw DeskRefusal(
                .notAllowed, "that is not the passphrase of \(name): nothing was signed", next: "Enter it again.")
        } catch {
            throw DeskRefusal(error)
        }
    }

    private func signed(_ examID: String, passphrase: String?, _ actor: DeskActor) throws(DeskRefusal) -> Int {
        let archive = means.archive
        if let signIn = actor.signIn {
            guard let passphrase else {
                throw DeskRefusal(.wrongInput, "`passphrase` is missing", next: "Sign with your passphrase.")
            }
            try checkSignature(signIn.name, passphrase, actor)
        }
        return try means.shelf.alone { () throws(DeskRefusal) in
            let place = try place(of: examID)
            if let why = whyNotSign(place, actor) {
                throw DeskRefusal(.notNow, "exam \(examID) cannot be signed: \(why)", next: "Look at its review.")
            }
            let secret = try openedSecret()
            let deliveries =
                means.clinic.sendsDocuments
                ? try actor.actingAtDesk { () throws(DeskRefusal) in
                    try means.clinic.deliveries(of: examID, in: archive, secret: secret, act: actor.act)
                } : []
            _ = try actor.acting { () throws(ArchiveError) in
                try archive.sign(examID, deliveries: deliveries, secret: secret, act: actor.act)
            }
            means.shelf.removeSigned(examID)
            return deliveries.count
        }
    }

    // MARK: Files

    /// `GET /api/exams/*/report.pdf`.
    func report(_ call: DeskCall) async throws(DeskRefusal) -> WebAnswer {
        let examID = call.names[0]
        let bytes = try await onDeskThread { [self] () throws(DeskRefusal) in
            let place = try place(of: examID)
            _ = try result(place)
            guard let archived = place.archived else {
                throw DeskRefusal(
                    .notNow, "exam \(examID) has no report yet", next: "End the exam, or leave it in order.")
            }
            let archive = means.archive
            return try atArchive { () throws(ArchiveError) in try archive.document("report.pdf", of: archived) }
        }
        return WebAnswer(status: 200, contentType: "application/pdf", body: bytes)
    }

    /// `GET /api/exams/*/recordings/*/columns`.
    func columns(_ call: DeskCall) async throws(DeskRefusal) -> WebAnswer {
        let bytes = try await onDeskThread { [self] () throws(DeskRefusal) in
            let place = try place(of: call.names[0])
            let exam = try result(place)
            guard let recording = exam.recordings.first(where: { $0.recordingID == call.names[1] }) else {
                throw DeskRefusal(
                    .notThere, "the exam has no such recording", next: "Choose one of those that its review names.")
            }
            return try Self.columns(of: recording, in: place.folder)
        }
        return WebAnswer(status: 200, contentType: "application/octet-stream", body: bytes)
    }

    /// The columns of a recording, computed again from its samples, after its file was held against the exam's SHA-256.
    ///
    /// Blocks.
    private static func columns(of recording: VeinRecording, in folder: ExamFolder) throws(DeskRefusal) -> [UInt8] {
        let path = folder.file(recording.fileName)
        let kept: Recording
        do throws(RecordingError) {
            guard try RecordingFingerprint.sha256(ofFile: path) == recording.sha256 else {
                throw RecordingError.notReadable(
                    file: recording.fileName, reason: "its SHA-256 is not the one in exam.json: the file was changed")
            }
            kept = try Recording(path: path)
        } catch {
            throw DeskRefusal(.unavailable, error.description, next: "Run `dopplerbridge archive verify`.")
        }
        do throws(LiveViewError) {
            return try RecordedColumns.piece(of: kept, spectral: recording.spectral).bytes
        } catch {
            throw DeskRefusal(.unavailable, error.description, next: "Look at the exam's report.")
        }
    }
}
