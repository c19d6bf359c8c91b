internal import CCSVIAnalysis
internal import ExamArchive
internal import Foundation
internal import LocalServer
internal import Synchronization

extension ConsoleDesk {
    /// The most exams that one answer lists (project choice); a search finds the others.
    static let mostExamsListed = 500
    /// The longest text that is searched for, bytes (project choice).
    private static let longestSearch = 200

    /// One exam of the list.
    struct ListedExam: Encodable, Sendable {
        /// How its documents fare.
        struct Sending: Encodable, Sendable {
            var waiting = 0
            var sent = 0
            var needsPerson = 0
        }

        var examID: String
        var version: Int
        var state: String
        var subjectCode: String
        var name: String?
        var patientID: String?
        var startedAt: String?
        var isSimulated: Bool?
        var verdict: String?
        var vhissLow: Int?
        var vhissHigh: Int?
        var isUnfinished: Bool
        var isOpen: Bool
        var sending: Sending
    }

    private struct ListedEntry: Encodable {
        var key: String
        var name: String
        var patientID: String?
        var birthDate: String?
        var sex: String?
        var accession: String?
        var scheduledAt: String?
        var description: String?
    }

    private struct ListedWorklist: Encodable {
        var isConfigured: Bool
        var isAsking: Bool
        var problem: String?
        var entries: [ListedEntry]
    }

    private struct PatientsDocument: Encodable {
        var worklist: ListedWorklist
        var exams: [ListedExam]
        var total: Int
    }

    /// `GET /api/patients`.
    func patients(_ call: DeskCall) async throws(DeskRefusal) -> WebAnswer {
        let search = call.request.query["search"] ?? ""
        guard search.utf8.count <= Self.longestSearch else {
            throw DeskRefusal(.wrongInput, "the search is too long", next: "Search for a shorter text.")
        }
        if let other = call.request.query.keys.sorted().first(where: { $0 != "search" }) {
            throw DeskRefusal(.wrongInput, "`\(other.prefix(40))` is not known here", next: "Leave it out.")
        }
        let all = try await onDeskThread { [self] () throws(DeskRefusal) in try listedExams(call) }
        let found = Self.matching(all, search.lowercased())
        let document = PatientsDocument(
            worklist: listedWorklist(for: call), exams: Array(found.prefix(Self.mostExamsListed)), total: found.count)
        return try .json(document)
    }

    private static func matching(_ exams: [ListedExam], _ search: String) -> [ListedExam] {
        guard !search.isEmpty else { return exams }
        return exams.filter { exam in
            [exam.examID, exam.subjectCode, exam.name ?? "", exam.patientID ?? ""]
                .contains { $0.lowercased().contains(search) }
        }
    }

    private func listedWorklist(for call: DeskCall) -> ListedWorklist {
        let (worklist, isAsking) = state.withLock { ($0.worklist, $0.isAskingWorklist) }
        return ListedWorklist(
            isConfigured: means.clinic.hasWorklist, isAsking: isAsking, problem: worklist.problem,
            entries: (showsNames(to: call.visitor) ? worklist.entries : []).map { entry in
                ListedEntry(
                    key: entry.key, name: DeskPersonName(entry.identity).text, patientID: entry.identity.patientID,
                    birthDate: entry.identity.birthDate, sex: DeskPersonName.letter(ofSex: entry.identity.sex),
                    accession: entry.accession, scheduledAt: entry.scheduledAt, description: entry.description)
            })
    }

    /// The archive's exams and those on the shelf, the newest first.
    ///
    /// Blocks.
    private func listedExams(_ call: DeskCall) throws(DeskRefusal) -> [ListedExam] {
        let archive = means.archive
        let (archived, deliveries) = try atArchive { () throws(ArchiveError) in
            (try archive.exams(), try archive.deliveries())
        }
        let shelved = means.shelf.entries()
        let openExamID = state.withLock { $0.openExamID }
        let byID = Dictionary(shelved.map { ($0.examID, $0) }) { first, _ in first }
        var sending: [String: ListedExam.Sending] = [:]
        for delivery in deliveries { sending[delivery.examID, default: .init()].count(delivery.state) }
        let codes = archived.map(\.subjectCode) + shelved.map(\.subjectCode)
        let names = try names(of: Set(codes), for: call)
        var listed = archived.map { exam in
            ListedExam(
                exam, shelf: exam.state.isSigned ? nil : byID[exam.examID], identity: names[exam.subjectCode] ?? nil,
                isOpen: exam.examID == openExamID, sending: sending[exam.examID] ?? .init())
        }
        let known = Set(archived.map(\.examID))
        listed += shelved.filter { !known.contains($0.examID) }.map { entry in
            ListedExam(entry, identity: names[entry.subjectCode] ?? nil, isOpen: entry.examID == openExamID)
        }
        return listed.sorted { ($0.startedAt ?? "", $0.examID) > ($1.startedAt ?? "", $1.examID) }
    }

    /// Who the subjects are, where the person who asks may know it; told in the audit log once for each sign-in.
    ///
    /// Blocks.
    func names(of codes: Set<String>, for call: DeskCall) throws(DeskRefusal) -> [String: PatientIdentity?] {
        guard means.secret != nil, call.actor.signIn?.role.allows(.seeIdentity) ?? true else { return [:] }
        let visitor = call.visitor
        let shown = state.withLock { state in
            if state.people.person(visitor) == nil { state.people.note(visitor, at: call.actor.at) }
            return state.people.person(visitor)?.shown ?? [:]
        }
        let wanted = codes.filter { shown[$0] == nil }
        guard !wanted.isEmpty, let secret = try openedSecret() else { return shown }
        let archive = means.archive
        let found = try call.actor.acting { () throws(ArchiveError) in
            try archive.showIdentities(of: Array(wanted), secret: secret, act: call.actor.act)
        }
        var new: [String: PatientIdentity?] = [:]
        for code in wanted { new[code] = .some(found[code]) }
        state.withLock { $0.people.show(new, to: visitor) }
        return shown.merging(new) { _, new in new }
    }

    /// The key of the identities, opened once; `nil` where no identity was ever stored.
    ///
    /// Blocks.
    func openedSecret() throws(DeskRefusal) -> IdentitySecret? {
        if let opened = state.withLock({ $0.openedSecret }) { return opened }
        guard let secret = means.secret else { return nil }
        let archive = means.archive
        do throws(ArchiveError) {
            let opened = try archive.opened(secret)
            state.withLock { $0.openedSecret = opened }
            return opened
        } catch {
            if case .wrongKey(let reason, _) = error, reason.contains("no key yet") { return nil }
            throw DeskRefusal(error)
        }
    }

    // MARK: The worklist

    /// `POST /api/worklist`: asks the clinic again.
    func askWorklist(_ call: DeskCall) async throws(DeskRefusal) -> WebAnswer {
        try JSONFields(call.request.body).end()
        guard means.clinic.hasWorklist else {
            throw DeskRefusal(
                .notNow, "no worklist is configured", next: "Start the console with --settings that name one.")
        }
        await refreshWorklist()
        return try .json(listedWorklist(for: call))
    }

    /// Asks the worklist who comes; what is wrong with it stands in the list.
    ///
    /// One question at a time.
    public func refreshWorklist() async {
        let isFirst = state.withLock { state in
            defer { state.isAskingWorklist = true }
            return !state.isAskingWorklist
        }
        guard means.clinic.hasWorklist, isFirst else { return state.withLock { $0.isAskingWorklist = false } }
        let clinic = means.clinic
        do throws(DeskRefusal) {
            let answer = try await onDeskThread { () throws(DeskRefusal) in try clinic.worklist() }
            state.withLock { $0.worklist = answer }
        } catch {
            // Who was expected is still expected when the clinic does not answer.
            state.withLock { $0.worklist.problem = error.description }
        }
        state.withLock { $0.isAskingWorklist = false }
        fanOut.offer(#"{"event":"patients"}"#)
    }

    // MARK: Protocols

    private struct ProtocolDocument: Encodable {
        var id: String
        var version: String
        var title: String
        var steps: Int
        var areas: Int
        var minutesRecorded: Double
    }

    /// `GET /api/protocols`.
    func protocolList() throws(DeskRefusal) -> WebAnswer {
        let secondsPerMinute = 60.0
        return try .json(
            means.clinic.protocols.map { offered in
                let plan = offered.examProtocol
                return ProtocolDocument(
                    id: plan.reference.id, version: plan.reference.version, title: plan.reference.title,
                    steps: plan.steps.count, areas: plan.areas.count,
                    minutesRecorded: plan.recordedSeconds / secondsPerMinute)
            })
    }
}

extension ConsoleDesk.ListedExam.Sending {
    /// Counts one delivery.
    fileprivate mutating func count(_ state: DeliveryState) {
        switch state {
        case .queued, .sending: waiting += 1
        case .sent, .committed: sent += 1
        case .needsAPerson: needsPerson += 1
        case .cancelled: break
        }
    }
}

extension ConsoleDesk.ListedExam {
    fileprivate init(
        _ exam: ArchivedExam, shelf: ExamShelf.Entry?, identity: PatientIdentity?, isOpen: Bool, sending: Sending
    ) {
        self.init(
            examID: exam.examID, version: exam.version, state: exam.state.rawValue, subjectCode: exam.subjectCode,
            name: identity.map { DeskPersonName($0).text }, patientID: identity?.patientID, startedAt: exam.startedAt,
            isSimulated: exam.isSimulated, verdict: exam.verdict, vhissLow: exam.vhissLow, vhissHigh: exam.vhissHigh,
            isUnfinished: shelf.map { !$0.isCompleted } ?? false, isOpen: isOpen, sending: sending)
    }

    fileprivate init(_ entry: ExamShelf.Entry, identity: PatientIdentity?, isOpen: Bool) {
        let state: ExamArchive.ExamState = entry.hasResult ? .analysed : entry.hasRecordings ? .acquired : .draft
        self.init(
            examID: entry.examID, version: 1, state: state.rawValue, subjectCode: entry.subjectCode,
            name: identity.map { DeskPersonName($0).text }, patientID: identity?.patientID, startedAt: entry.startedAt,
            isSimulated: entry.isSimulated, isUnfinished: !entry.isCompleted, isOpen: isOpen, sending: Sending())
    }
}
