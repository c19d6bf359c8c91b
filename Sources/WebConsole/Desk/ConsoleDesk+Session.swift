internal import CCSVIAnalysis
internal import ExamArchive
internal import ExamSession
internal import Foundation
internal import LocalServer
internal import Synchronization

/// Who read the statement of intended use, kept beside the archive.
struct StatementRecord: Codable, Sendable {
    /// The statement's version.
    var version: String
    /// Who read it.
    var by: String
    /// When.
    var at: ArchiveTime
}

extension ExamShelf {
    private static let statementFileName = ".statement.json"

    /// Who read the statement; `nil` where nobody has read this version of it.
    func statement() -> StatementRecord? {
        guard let bytes = FileManager.default.contents(atPath: path + "/" + Self.statementFileName) else { return nil }
        do {
            let record = try JSONDecoder().decode(StatementRecord.self, from: bytes)
            return record.version == ExamStatement.version ? record : nil
        } catch {
            // A record that cannot be read is none: the statement is shown once more.
            return nil
        }
    }

    /// Keeps who read the statement.
    func keep(_ record: StatementRecord) throws(DeskRefusal) {
        let path = path
        try atExam { () throws(ExamSessionError) in
            try ExamFolder(existing: path).write(record, as: Self.statementFileName)
        }
    }
}

extension ConsoleDesk {
    /// How things stand for one browser.
    private struct SessionDocument: Encodable {
        struct Operator: Encodable {
            var name: String
            var role: String?
            var rights: [String]
        }

        var software: String
        var language: String
        var `operator`: Operator?
        var needsSignIn: Bool
        var hasAccounts: Bool
        var isOperating: Bool
        var isFree: Bool
        var statementSeen: Bool
        var statement: [String]
        var isSimulated: Bool
        var archive: String
        var clockMs: Double
        var lockAfterSeconds: Int64
        var sendsDocuments: Bool
    }

    /// `GET /api/session`.
    func session(_ call: DeskCall) -> WebAnswer { sessionAnswer(call.visitor, call.actor) }

    private func sessionAnswer(_ visitor: VisitorID, _ actor: DeskActor) -> WebAnswer {
        let needsSignIn = hasAccounts && actor.signIn == nil
        let rights = ArchiveRight.allCases.filter { actor.signIn?.role.allows($0) ?? true }.map(\.rawValue)
        let person =
            needsSignIn
            ? nil
            : SessionDocument.Operator(name: actor.name, role: actor.signIn?.role.rawValue, rights: rights)
        let (operating, statementSeen) = state.withLock { ($0.people.operating, $0.statement != nil) }
        let millisecondsPerSecond: Int64 = 1000
        let document = SessionDocument(
            software: means.clinic.software, language: means.language, operator: person, needsSignIn: needsSignIn,
            hasAccounts: hasAccounts, isOperating: operating == visitor, isFree: operating == nil,
            statementSeen: statementSeen,
            statement: ExamStatement.sentences, isSimulated: means.clinic.device().plugged == .simulated,
            archive: means.archiveWords, clockMs: means.liveClockMs(),
            lockAfterSeconds: DeskPeople.lockAfterMs / millisecondsPerSecond,
            sendsDocuments: means.clinic.sendsDocuments)
        do throws(DeskRefusal) { return try .json(document) } catch { return .refusal(error) }
    }

    /// `POST /api/session`: signs in.
    func signIn(_ call: DeskCall) async throws(DeskRefusal) -> WebAnswer {
        guard hasAccounts else {
            throw DeskRefusal(.notNow, "this archive has no accounts", next: "Go on without signing in.")
        }
        var fields = try JSONFields(call.request.body)
        let name = try fields.text("name", atMost: Self.longestAccountName)
        let passphrase = try fields.text("passphrase", atMost: Self.longestPassphrase)
        try fields.end()
        let (archive, act) = (means.archive, ArchiveAct(by: name, at: call.actor.at))
        let signIn = try await onDeskThread { () throws(DeskRefusal) in
            try atArchive { () throws(ArchiveError) in
                try archive.checkSignIn(name, passphrase: passphrase, act: act)
            }
        }
        let visitor = call.visitor
        let now = means.now()
        state.withLock { $0.people.sign(visitor, in: signIn, at: now) }
        fanOut.allow(visitor, true)
        tellSeat(to: visitor)
        if let event = examEvent(for: visitor) { fanOut.offer(event, to: visitor) }
        if state.withLock({ $0.people.operating == visitor && $0.people.isOperatorThere }) { room.operatorBack() }
        return sessionAnswer(visitor, DeskActor(name: signIn.name, signIn: signIn, at: now))
    }

    /// The longest name of an account, bytes (the archive's).
    private static let longestAccountName = 64
    /// The longest passphrase, bytes (project choice).
    static let longestPassphrase = 1024

    /// `DELETE /api/session`: signs out, and leaves the operator's seat.
    func signOut(_ call: DeskCall) -> WebAnswer {
        let (visitor, now) = (call.visitor, call.actor.at)
        let wasOperating = state.withLock { state in
            defer { state.people.leaveSeat(visitor) }
            state.people.sign(visitor, in: nil, at: now)
            return state.people.operating == visitor
        }
        if wasOperating { room.operatorLost() }
        if hasAccounts { shut(visitor) }
        tellSeats()
        return .done
    }

    /// `POST /api/operate`: takes the operator's seat, from whoever has it.
    func operate(_ call: DeskCall) throws(DeskRefusal) -> WebAnswer {
        try JSONFields(call.request.body).end()
        sit(call.visitor)
        return .done
    }

    /// `POST /api/statement`: the statement of intended use was read.
    func readStatement(_ call: DeskCall) async throws(DeskRefusal) -> WebAnswer {
        try JSONFields(call.request.body).end()
        let record = StatementRecord(version: ExamStatement.version, by: call.actor.name, at: call.actor.at)
        let shelf = means.shelf
        try await onDeskThread { () throws(DeskRefusal) in try shelf.keep(record) }
        state.withLock { $0.statement = record }
        return .done
    }
}
