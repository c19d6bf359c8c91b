import CCSVIAnalysis
import ExamArchive
import ExamSession
import Foundation
import LiveView
import LocalServer
import ProbeLink
import Synchronization
import Testing

@testable import WebConsole

/// A desk over an archive of its own, with a clinic and a room of its own; removed afterwards.
final class DeskRig: Sendable {
    static let passphrase = "a long passphrase of theirs"
    static let cheap = PassphraseCost(rounds: 2, blockSize: 8, parallelism: 1)
    static let startMs: Int64 = 1_767_225_600_000

    let path: String
    let archive: Archive
    let shelf: ExamShelf
    let room = RigRoom()
    let clinic: RigClinic
    let desk: ConsoleDesk
    let ear = DeskEar()
    let now = RigClock()

    /// A rig with a browser that has come in.
    ///
    /// - Parameters:
    ///   - accounts: the archive's accounts; the first one is an administrator's.
    ///   - hasKey: whether names are kept.
    init(accounts: [(String, ArchiveRole)] = [], hasKey: Bool = true) throws {
        path = NSTemporaryDirectory() + "desk-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let act = Self.act(by: "maker")
        let archive = try Archive.make(at: path + "/archive", archiveID: "DESK", act: act)
        self.archive = archive
        let key = path + "/key"
        _ = FileManager.default.createFile(
            atPath: key, contents: Data(repeating: 7, count: 32), attributes: [.posixPermissions: 0o600])
        if let first = accounts.first {
            let (name, role) = first
            try archive.addAccount(name, role: role, passphrase: Self.passphrase, cost: Self.cheap, act: act)
            let keeper = try archive.checkSignIn(name, passphrase: Self.passphrase, act: act)
            try keeper.acting { () throws(ArchiveError) in
                let someone = PatientIdentity(familyName: "Nobody", givenName: "")
                if role == .administrator {
                    try archive.setIdentity(someone, of: "NOBODY", secret: .keyFile(path: key), act: act)
                }
                for (name, role) in accounts.dropFirst() {
                    try archive.addAccount(name, role: role, passphrase: Self.passphrase, cost: Self.cheap, act: act)
                }
            }
        }
        shelf = try ExamShelf(path: path + "/archive.console")
        clinic = try RigClinic()
        let now = now
        desk = try ConsoleDesk(
            ConsoleDesk.Means(
                archive: archive, secret: hasKey ? .keyFile(path: key) : nil, shelf: shelf, clinic: clinic,
                userName: "anna", language: "en", archiveWords: "archive", now: { now.time },
                liveClockMs: { Double(now.time.millisecondsSince1970) }), room: room, ear: ear)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    static func act(by name: String) -> ArchiveAct {
        ArchiveAct(by: name, at: ArchiveTime(millisecondsSince1970: startMs))
    }

    /// Sends a request and takes the answer.
    @discardableResult
    func ask(
        _ method: String, _ path: String, _ body: String = "", visitor: UInt64 = 1, query: [String: String] = [:]
    ) async -> WebAnswer {
        await desk.answer(
            WebRequest(
                method: method, path: path.split(separator: "/").map(String.init), query: query,
                body: [UInt8](body.utf8), visitor: VisitorID(number: visitor)))
    }

    /// The answer's document, after its status was looked at.
    func document(
        _ method: String, _ path: String, _ body: String = "", visitor: UInt64 = 1, query: [String: String] = [:],
        status: Int = 200, _ place: SourceLocation = #_sourceLocation
    ) async throws -> [String: Any] {
        let answer = await ask(method, path, body, visitor: visitor, query: query)
        #expect(answer.status == status, "\(String(decoding: answer.body, as: UTF8.self))", sourceLocation: place)
        return try #require(
            try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any], sourceLocation: place)
    }

    /// Signs a browser's person in.
    func signIn(_ name: String, visitor: UInt64) async {
        let answer = await ask(
            "POST", "api/session", #"{"name":"\#(name)","passphrase":"\#(Self.passphrase)"}"#, visitor: visitor)
        #expect(answer.status == 200)
    }

    /// The statement was read, as most tests want it.
    func readStatement(visitor: UInt64 = 1) async {
        let answer = await ask("POST", "api/statement", "{}", visitor: visitor)
        #expect(answer.status == 200)
    }

    /// Begins an exam.
    ///
    /// - Returns: its id.
    func begin(subject: String = "S001", visitor: UInt64 = 1, identity: String = "null") async throws -> String {
        let body = #"{"subjectCode":"\#(subject)","protocolID":"standard","indication":null,"identity":\#(identity)}"#
        let made = try await document("POST", "api/exams", body, visitor: visitor)
        return try #require(made["examID"] as? String)
    }

    /// Ends the exam that is open, with its documents, as the room does.
    func endExam(isCompleted: Bool = true) async throws {
        let opening = try #require(room.opening)
        try opening.folder.write(RigProgress(opening.plan, isCompleted: isCompleted), as: "sessions.json")
        let text = try #require(opening.plan.protocolText)
        try opening.folder.write(bytes: [UInt8](text.utf8), as: "protocol.yaml")
        try opening.folder.write(
            RigClinic.exam(opening.plan.examID, subject: opening.plan.subjectCode, startedAt: opening.plan.startedAt),
            as: ExamFolder.examFileName)
        await ear.ended(EndedExam(folder: opening.folder))
        room.end()
    }
}

/// A clock that stands until it is set.
final class RigClock: Sendable {
    private let ms = Mutex(DeskRig.startMs)

    var time: ArchiveTime { ArchiveTime(millisecondsSince1970: ms.withLock { $0 }) }

    func advance(seconds: Int64) { ms.withLock { $0 += seconds * 1000 } }
}

/// The file of an exam's sessions, as the exam's session writes it.
struct RigProgress: Encodable {
    var schema = "dopplerbridge-sessions-1"
    var examID: String
    var subjectCode: String
    var startedAt: String
    var protocolReference: Reference
    var sessions: [SessionRecord]

    init(_ plan: ExamPlan, isCompleted: Bool) {
        examID = plan.examID
        subjectCode = plan.subjectCode
        startedAt = plan.startedAt
        protocolReference = plan.examProtocol.reference
        var session = SessionRecord(
            number: 1, startedAt: plan.startedAt, probe: "rig", specifier: "sim:rig", isSimulated: true,
            software: "test", qualityAssurance: "never")
        session.end = isCompleted ? .completed : .stopped
        sessions = [session]
    }
}

/// A clinic with a worklist of one, one destination and a report of a few bytes.
final class RigClinic: ConsoleClinic {
    let software = "DopplerBridge test"
    let protocols: [OfferedProtocol]
    let definition: CriteriaDefinition
    let table: VHISSTable
    let hasWorklist = true
    let sendsDocuments = true

    init() throws {
        definition = try CriteriaDefinition.zamboni2009()
        table = try VHISSTable.segmentsV1()
        let text = try #require(ExamProtocol.builtInText("standard"))
        protocols = [
            OfferedProtocol(examProtocol: try ExamProtocol.parse(text, file: "standard"), text: text, sha256: nil)
        ]
    }

    func worklist() throws(DeskRefusal) -> WorklistAnswer {
        let identity = PatientIdentity(
            familyName: "Rossi", givenName: "Maria", birthDate: "1961-04-30", sex: "female", patientID: "P-1",
            issuer: "CLINIC")
        let entry = WorklistEntry(
            key: "1.2.3/A", identity: identity, accession: "A1", scheduledAt: "2026-01-01T10:00",
            description: "neck veins", order: [UInt8](#"{"studyInstanceUID":"1.2.3"}"#.utf8))
        return WorklistAnswer(entries: [entry], problem: "1 answer could not be read")
    }

    func opening(of plan: ExamPlan, in folder: ExamFolder, name: String?) throws(DeskRefusal) -> ExamOpening {
        ExamOpening(plan: plan, folder: folder, probe: RigProbe(), name: name)
    }

    func quality() -> QualityStatement { QualityStatement(line: "never run", isWarning: true) }

    func device() -> DeviceFacts { DeviceFacts(probe: "rig", transport: "none", plugged: .simulated) }

    func findings() throws(DeskRefusal) -> [DeviceFinding] { [DeviceFinding(what: "no rule", next: "add one")] }

    func writeReport(in folder: ExamFolder) throws(DeskRefusal) {
        try atExam { () throws(ExamSessionError) in try folder.write(bytes: [UInt8]("%PDF-1".utf8), as: "report.pdf") }
    }

    func deliveries(
        of examID: String, in archive: Archive, secret: IdentitySecret?, act: ArchiveAct
    ) throws(DeskRefusal) -> [NewDelivery] {
        guard secret != nil else { return [] }
        return [
            NewDelivery(
                destination: "pacs", kind: "report", identifier: "1.2.\(examID.filter(\.isNumber))", bytes: [1, 2, 3])
        ]
    }

    /// An exam without measurements.
    static func exam(_ id: String, subject: String, startedAt: String) throws -> Exam {
        let text = try #require(ExamProtocol.builtInText("standard"))
        let standard = try ExamProtocol.parse(text, file: "standard")
        let scorer = CriteriaScorer(
            definition: try CriteriaDefinition.zamboni2009(), examProtocol: standard, table: try VHISSTable.segmentsV1()
        )
        return Exam(
            examID: id, subjectCode: subject, startedAt: startedAt, software: "test", algorithms: [],
            protocolReference: standard.reference, sourceDescription: "none", sourceSpecifier: "sim:rig",
            isSimulated: true, outputDeclaration: "not available", qualityAssurance: "never", recordings: [],
            measurements: ExamMeasurements(), assessment: try scorer.assess(ExamMeasurements()),
            limitations: [], statement: [])
    }
}

/// A probe that is never held.
struct RigProbe: HandHeldProbe {
    var origin: SourceOrigin {
        SourceOrigin(specifier: "sim:rig", device: "rig", profileID: nil, isSimulated: true)
    }

    func held(at planned: PlannedRecording) throws(ExamSessionError) -> HeldProbe {
        throw .source(.link(.disconnected(device: "rig")))
    }

    func heldAgain(after failure: SourceError?, stop: StopSignal) throws(ExamSessionError) -> HeldProbe? { nil }
}

/// A browser that keeps what it is offered.
final class RigListener: LiveListener {
    let id: UInt64
    let visitor: VisitorID
    private let heard = Mutex<(events: [String], pieces: Int, missed: UInt64)>(([], 0, 0))

    init(_ id: UInt64, visitor: UInt64) {
        self.id = id
        self.visitor = VisitorID(number: visitor)
    }

    func offer(event: String) { heard.withLock { $0.events.append(event) } }

    func offer(piece: [UInt8]) -> Bool {
        heard.withLock { $0.pieces += 1 }
        return true
    }

    var missedPieces: UInt64 { heard.withLock { $0.missed } }
    var events: [String] { heard.withLock { $0.events } }
    var pieces: Int { heard.withLock { $0.pieces } }

    func miss(_ count: UInt64) { heard.withLock { $0.missed += count } }

    /// What it heard since it was last asked.
    func take() -> [String] {
        heard.withLock { heard in
            defer { heard.events = [] }
            return heard.events
        }
    }
}
