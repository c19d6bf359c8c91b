import CCSVIAnalysis
import ClinicRecord
import DopplerQA
import ExamArchive
import ExamSession
import Foundation
import RecordDocuments
import WebConsole

/// The clinic of the console: the rules, documents, worklist and computer that the other verbs use.
struct ProgramClinic: ConsoleClinic {
    let software = DopplerBridge.software
    let protocols: [OfferedProtocol]
    let definition: CriteriaDefinition
    let table: VHISSTable
    private let probe: ConsoleProbe
    private let settings: RecordSettings?
    private let liveGates: Int

    init(_ rules: ScoringOptions, probe: ConsoleProbe, settings: RecordSettings?, liveGates: Int) throws {
        self.liveGates = liveGates
        self.probe = probe
        self.settings = settings
        definition = try rules.loadedDefinition()
        table = try rules.loadedTable()
        var files = try ExamProtocol.builtInIDs.map { try ProtocolFile(named: $0) }
        if let name = rules.protocolName {
            let own = try ProtocolFile(named: name)
            files.removeAll { $0.examProtocol.reference.id == own.examProtocol.reference.id }
            files.insert(own, at: 0)
        } else if let usual = files.firstIndex(where: { $0.examProtocol.reference.id == ProtocolFile.usualID }) {
            files.swapAt(0, usual)
        }
        protocols = files.map { OfferedProtocol(examProtocol: $0.examProtocol, text: $0.text, sha256: $0.sha256) }
    }

    var hasWorklist: Bool { settings?.worklist != nil }
    var sendsDocuments: Bool { settings?.destinations.contains(where: \.isOn) ?? false }

    func worklist() throws(DeskRefusal) -> WorklistAnswer {
        guard let settings else { return WorklistAnswer(entries: []) }
        let found: Worklist
        do throws(ClinicRecordError) { found = try settings.askWorklist(date: nil) } catch {
            throw DeskRefusal(Failure(error))
        }
        var problems: [String] = []
        if found.unreadableCount > 0 {
            problems.append(
                "\(found.unreadableCount) answers are not of the character set that they name and are not shown.")
        }
        if found.incompleteCount > 0 {
            problems.append("\(found.incompleteCount) answers hold no patient's number or no study.")
        }
        var entries: [WorklistEntry] = []
        for (number, item) in found.items.enumerated() { entries.append(try Self.entry(item, number)) }
        return WorklistAnswer(entries: entries, problem: problems.isEmpty ? nil : problems.joined(separator: " "))
    }

    private static func entry(_ item: WorklistItem, _ number: Int) throws(DeskRefusal) -> WorklistEntry {
        let name = item.subject.name
        let order: [UInt8]
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            order = [UInt8](try encoder.encode(item.order))
        } catch {
            throw DeskRefusal(.unavailable, "an order cannot be kept: \(error)", next: "Report this.")
        }
        return WorklistEntry(
            key: "\(item.order.studyInstanceUID)/\(item.order.scheduledStepID ?? "\(number)")",
            identity: PatientIdentity(
                familyName: name.family, givenName: name.given, birthDate: item.subject.birthDate,
                sex: item.subject.sex?.rawValue, patientID: item.subject.patientID, issuer: item.subject.issuer,
                ideographicFamilyName: name.ideographic?.family, ideographicGivenName: name.ideographic?.given,
                phoneticFamilyName: name.phonetic?.family, phoneticGivenName: name.phonetic?.given),
            accession: item.order.accessionNumber.isEmpty ? nil : item.order.accessionNumber,
            scheduledAt: moment(item.startDate, item.startTime),
            description: item.order.scheduledStepDescription ?? item.order.requestedProcedureDescription, order: order)
    }

    /// `2026-01-31T10:15` of DICOM's date and time.
    private static func moment(_ date: String?, _ time: String?) -> String? {
        guard let date, date.utf8.count == 8 else { return nil }
        let day = "\(date.prefix(4))-\(date.dropFirst(4).prefix(2))-\(date.suffix(2))"
        guard let time, time.utf8.count >= 4 else { return day }
        return "\(day)T\(time.prefix(2)):\(time.dropFirst(2).prefix(2))"
    }

    func opening(of plan: ExamPlan, in folder: ExamFolder, name: String?) throws(DeskRefusal) -> ExamOpening {
        try atProgram {
            let opened = try probe.open()
            var opening = ExamOpening(
                plan: plan, folder: folder, probe: opened.probe, limits: opened.limits, name: name)
            opening.restsByTheClock = opened.restsByTheClock
            opening.liveGates = liveGates
            return opening
        }
    }

    func quality() -> QualityStatement { QAStateFile(path: nil).statement(now: Date()) }

    func device() -> DeviceFacts {
        var facts = probe.facts
        // What stands in the way of the records is told by `quality`.
        do { facts.qualityDate = try QAStateFile(path: nil).read().lastWhole?.date.formatted(.iso8601) } catch {}
        return facts
    }

    func findings() throws(DeskRefusal) -> [DeviceFinding] {
        try atProgram {
            try Doctor.findings().filter { !$0.isGood }.map {
                DeviceFinding(what: $0.what, next: $0.remedy ?? "Run `dopplerbridge doctor`.")
            }
        }
    }

    func writeReport(in folder: ExamFolder) throws(DeskRefusal) {
        try atProgram { _ = try ReportWriter(folder: folder).write() }
    }

    func deliveries(
        of examID: String, in archive: Archive, secret: IdentitySecret?, act: ArchiveAct
    ) throws(DeskRefusal) -> [NewDelivery] {
        guard let settings else { return [] }
        guard let secret else {
            throw DeskRefusal(
                .notNow, "nobody is known by name, so the clinic's record cannot file exam \(examID)",
                next: "Store who it is with `archive identity set`.")
        }
        return try atProgram {
            try SignedDispatch(archive: archive, settings: settings, secret: secret, act: act).deliveries(of: examID)
        }
    }
}

/// Runs something of the program for the desk.
func atProgram<Value>(_ body: () throws -> Value) throws(DeskRefusal) -> Value {
    do { return try body() } catch let failure as Failure {
        throw DeskRefusal(failure)
    } catch let refusal as DeskRefusal {
        throw refusal
    } catch {
        throw DeskRefusal(.unavailable, "\(error)", next: "Try again, and report it if it stays.")
    }
}

extension DeskRefusal {
    /// A failure of the program as the desk says it.
    init(_ failure: Failure) {
        let status: Status =
            switch failure.status {
            case .storage: .unavailable
            case .done, .incomplete, .usage, .device, .data: .notNow
            }
        guard let colon = failure.message.range(of: ": ", options: .backwards) else {
            self.init(status, failure.message, next: "Try again.")
            return
        }
        self.init(
            status, String(failure.message[..<colon.lowerBound]), next: String(failure.message[colon.upperBound...]))
    }
}
