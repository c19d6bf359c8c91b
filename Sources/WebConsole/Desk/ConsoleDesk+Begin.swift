internal import CCSVIAnalysis
internal import ExamArchive
internal import ExamSession
internal import Foundation
internal import LocalServer
internal import Synchronization

extension ConsoleDesk {
    /// The longest subject's code and id, bytes (the archive's).
    private static let longestCode = 64
    /// The longest indication, bytes (project choice: a paragraph).
    private static let longestIndication = 2000
    /// How often another id is tried where an exam of the same second is there (project choice).
    private static let mostTries = 100

    /// What a new exam is asked for with.
    private struct NewExam: Sendable {
        var subjectCode: String
        var offered: OfferedProtocol
        var request: ExamShelf.Request
        var identity: PatientIdentity?
        var order: [UInt8]?
    }

    // MARK: Begin

    /// `POST /api/exams`: begins an exam.
    func begin(_ call: DeskCall) async throws(DeskRefusal) -> WebAnswer {
        let new = try newExam(call.request.body)
        guard state.withLock({ $0.statement != nil }) else {
            throw DeskRefusal(
                .notNow, "the statement of intended use was not read", next: "Read it and say that you have.")
        }
        try requireEmptyRoom()
        if new.identity != nil { try require(.identify, call.actor) }
        let actor = call.actor
        let opening = try await onDeskThread { [self] () throws(DeskRefusal) -> ExamOpening in try made(new, actor) }
        do throws(DeskRefusal) { try enter(opening, actor) } catch {
            means.shelf.remove(opening.plan.examID)
            throw error
        }
        return try .json(["examID": opening.plan.examID, "subjectCode": new.subjectCode])
    }

    /// The opening of a new exam, whose folder is made and whose patient is kept.
    ///
    /// Blocks.
    private func made(_ new: NewExam, _ actor: DeskActor) throws(DeskRefusal) -> ExamOpening {
        let examID = try unusedID(at: actor.at)
        try keepIdentity(of: new, examID, actor)
        let folder = try means.shelf.make(examID, request: new.request)
        do throws(DeskRefusal) {
            let plan = plan(new.offered, examID, new.subjectCode, startedAt: Self.startedAt(actor.at))
            return try opening(plan, folder, name: new.identity)
        } catch {
            means.shelf.remove(examID)
            throw error
        }
    }

    private func newExam(_ body: [UInt8]) throws(DeskRefusal) -> NewExam {
        var fields = try JSONFields(body)
        let subjectCode = try fields.text("subjectCode", atMost: Self.longestCode)
        let protocolID = try fields.text("protocolID", atMost: Self.longestCode)
        let indication = try fields.optionalText("indication", atMost: Self.longestIndication)
        var identity = try fields.optionalFields("identity").map(DeskPersonName.identity)
        let worklistKey = try fields.optionalText("worklistKey")
        try fields.end()
        guard ExamShelf.isName(subjectCode) else {
            throw DeskRefusal(
                .wrongInput, "`subjectCode` cannot be a subject's code",
                next: "Use A-Z a-z 0-9 . _ and -, at most \(Self.longestCode); never a name.")
        }
        guard let offered = means.clinic.protocols.first(where: { $0.examProtocol.reference.id == protocolID }) else {
            let known = means.clinic.protocols.map(\.examProtocol.reference.id).joined(separator: ", ")
            throw DeskRefusal(.wrongInput, "there is no protocol of this id", next: "Choose one of \(known).")
        }
        var order: [UInt8]?
        if let worklistKey {
            guard let entry = state.withLock({ $0.worklist.entries.first { $0.key == worklistKey } }) else {
                throw DeskRefusal(
                    .notThere, "this entry is not on the worklist any more", next: "Ask the worklist again.")
            }
            identity = identity ?? entry.identity
            order = entry.order
        }
        return NewExam(
            subjectCode: subjectCode, offered: offered, request: ExamShelf.Request(indication: indication),
            identity: identity, order: order)
    }

    private func requireEmptyRoom() throws(DeskRefusal) {
        guard let open = room.state else { return }
        if open.phase == .ended { return }
        throw DeskRefusal(RoomRefusal.examOpen(examID: open.examID))
    }

    /// An id from the time, to the second.
    ///
    /// Blocks.
    private func unusedID(at now: ArchiveTime) throws(DeskRefusal) -> String {
        let secondsDigits = 14
        let stem = "EX-" + now.text.filter(\.isNumber).prefix(secondsDigits)
        let archive = means.archive
        let known = Set(try atArchive { () throws(ArchiveError) in try archive.exams() }.map(\.examID))
        for number in 1...Self.mostTries {
            let id = number == 1 ? stem : "\(stem)-\(number)"
            if !known.contains(id), !means.shelf.holds(id) { return id }
        }
        throw DeskRefusal(.notNow, "too many exams in one second", next: "Try again.")
    }

    /// Keeps who is examined, and what the clinic asked for.
    ///
    /// Blocks.
    private func keepIdentity(of new: NewExam, _ examID: String, _ actor: DeskActor) throws(DeskRefusal) {
        guard new.identity != nil || new.order != nil else { return }
        guard let secret = means.secret else {
            throw DeskRefusal(
                .notNow, "names are not kept: there is no key to seal them with",
                next: "Leave the name away, or start the console with --key-file.")
        }
        let archive = means.archive
        try actor.acting { () throws(ArchiveError) in
            if let identity = new.identity {
                try archive.setIdentity(identity, of: new.subjectCode, secret: secret, act: actor.act)
            }
            if let order = new.order { try archive.setOrder(order, of: examID, secret: secret, act: actor.act) }
        }
        state.withLock { $0.people.forget(new.subjectCode) }
    }

    private static func startedAt(_ now: ArchiveTime) -> String {
        // To the second, as `exam run` writes it.
        now.text.replacing(/\.\d+Z/, with: "Z")
    }

    private func plan(
        _ offered: OfferedProtocol, _ examID: String, _ subjectCode: String, startedAt: String
    ) -> ExamPlan {
        let now = means.now
        var plan = ExamPlan(
            examProtocol: offered.examProtocol, definition: means.clinic.definition, table: means.clinic.table,
            examID: examID, subjectCode: subjectCode, startedAt: startedAt, software: means.clinic.software,
            quality: means.clinic.quality(), timestamp: { Self.startedAt(now()) })
        plan.protocolText = offered.text
        plan.protocolSHA256 = offered.sha256
        return plan
    }

    private func opening(
        _ plan: ExamPlan, _ folder: ExamFolder, name identity: PatientIdentity?
    ) throws(DeskRefusal) -> ExamOpening {
        let name = identity.map { DeskPersonName($0).text }
        return try means.clinic.opening(of: plan, in: folder, name: name)
    }

    private func enter(_ opening: ExamOpening, _ actor: DeskActor) throws(DeskRefusal) {
        let examID = opening.plan.examID
        let before = state.withLock { state in
            defer { (state.examActor, state.openExamID) = (actor, examID) }
            return (state.examActor, state.openExamID)
        }
        do throws(RoomRefusal) { try room.begin(opening) } catch {
            // Another exam was quicker, and is the one that is open.
            state.withLock { ($0.examActor, $0.openExamID) = before }
            throw DeskRefusal(error)
        }
        fanOut.offer(#"{"event":"patients"}"#)
    }

    // MARK: Go on

    /// `POST /api/exams/*/continue`: goes on with an exam that an earlier session left.
    func goOn(_ call: DeskCall) async throws(DeskRefusal) -> WebAnswer {
        try JSONFields(call.request.body).end()
        let examID = call.names[0]
        try requireEmptyRoom()
        let opening = try await onDeskThread { [self] () throws(DeskRefusal) in try continued(examID, call) }
        try enter(opening, call.actor)
        return try .json(["examID": examID])
    }

    /// The opening of an exam that goes on.
    ///
    /// Blocks.
    private func continued(_ examID: String, _ call: DeskCall) throws(DeskRefusal) -> ExamOpening {
        if let archived = try archived(examID) {
            guard !archived.state.isSigned else {
                throw DeskRefusal(.notNow, "exam \(examID) is signed", next: "Make a new exam.")
            }
            try means.shelf.bring(archived, from: means.archive)
        }
        let folder = try means.shelf.folder(examID)
        let progress = try atExam { () throws(ExamSessionError) in
            try ExamFolder(continuing: folder.path).progress()
        }
        guard !progress.isCompleted else {
            throw DeskRefusal(.notNow, "exam \(examID) came to its end", next: "Review it.")
        }
        let offered = try protocolFile(of: folder, progress)
        let plan = plan(offered, examID, progress.subjectCode, startedAt: progress.startedAt)
        let identity = try names(of: [progress.subjectCode], for: call)[progress.subjectCode] ?? nil
        return try opening(plan, folder, name: identity)
    }

    /// The protocol that an exam was begun with: the file in its folder.
    ///
    /// Blocks.
    func protocolFile(of folder: ExamFolder, _ progress: ExamProgress?) throws(DeskRefusal) -> OfferedProtocol {
        let name = ExamFolder.protocolFileName
        guard let bytes = FileManager.default.contents(atPath: folder.file(name)),
            let text = String(bytes: bytes, encoding: .utf8)
        else {
            throw DeskRefusal(
                .unavailable, "the exam's protocol cannot be read", next: "Go on with `exam run --continue`.")
        }
        if let offered = means.clinic.protocols.first(where: { $0.text == text }) { return offered }
        do throws(AnalysisError) {
            return OfferedProtocol(
                examProtocol: try ExamProtocol.parseSite(text, file: name), text: text, sha256: nil)
        } catch {
            throw DeskRefusal(
                .unavailable, "the exam's protocol cannot be read: \(error.description)",
                next: "Go on with the version of the program that it was begun with.")
        }
    }

    /// An exam of the archive, its newest version; `nil` where the archive has none.
    ///
    /// Blocks.
    func archived(_ examID: String) throws(DeskRefusal) -> ArchivedExam? {
        let archive = means.archive
        do throws(ArchiveError) { return try archive.exam(examID) } catch {
            if case .unknownExam = error { return nil }
            throw DeskRefusal(error)
        }
    }
}
