import CCSVIAnalysis
import ClinicRecord
import ExamArchive
import ExamSession
import Foundation
import RecordDocuments
import VHISSReport

/// What an exam that is about to be signed sends to the clinic.
struct SignedDispatch {
    let archive: Archive
    let settings: RecordSettings
    let secret: IdentitySecret
    let act: ArchiveAct

    /// The documents for the outbox.
    func deliveries(of examID: String) throws -> [NewDelivery] {
        let archived = try archiving { () throws(ArchiveError) in try archive.exam(examID) }
        let folder = try examination { () throws(ExamSessionError) in
            try ExamFolder(existing: archive.folder(of: archived))
        }
        let exam = try openExam(folder)
        guard let pdf = FileManager.default.contents(atPath: folder.file(ReportWriter.fileName)) else {
            throw Failure(.data, "\(folder.path): it has no report: run `dopplerbridge report` on the exam first")
        }
        var context = try context(of: archived, exam)
        // One for all destinations: an object has one identifier, and so the same bytes wherever it goes.
        context.namesPerformedStep = settings.destinations.contains { destination in
            guard destination.isOn, case .dicom(let service) = destination.service else { return false }
            return service.tellsSteps
        }
        let spectrograms = try spectrograms(of: exam, folder)
        var documents: [String: [RecordDocument]] = [:]
        for destination in settings.destinations where destination.isOn {
            var own = context
            if case .hl7(_, let message) = destination.service { own.message = message }
            documents[destination.name] = try documenting { () throws(RecordDocumentError) in
                try RecordDocuments.make(
                    destination.documents, of: exam, pdf: [UInt8](pdf), spectrograms: spectrograms, context: own)
            }
        }
        let (date, time) = try Self.moment(exam.startedAt)
        let step = ProcedureStep(
            instanceUID: context.identifiers.performedStep, stepID: context.identifiers.performedStepID,
            stationTitle: settings.station.stationAETitle, startDate: date, startTime: time, order: context.order)
        let end = try Self.moment(context.createdAt)
        return try recording { () throws(ClinicRecordError) in
            try ExamDispatch.deliveries(
                of: documents, to: settings.destinations, step: step, subject: context.subject, end: end)
        }
    }

    /// The pictures that the report shows, of the recordings that are there.
    private func spectrograms(of exam: Exam, _ folder: ExamFolder) throws -> [RecordSpectrogram] {
        try CriteriaReport.picturesWanted(for: exam).prefix(RecordIdentifiers.mostImages).compactMap { id in
            guard let recording = exam.recordings.first(where: { $0.recordingID == id }) else { return nil }
            let spectrogram = try examination { () throws(ExamSessionError) in try folder.spectrogram(of: recording) }
            return RecordSpectrogram(recordingID: id, spectrogram: spectrogram)
        }
    }

    private func context(of archived: ArchivedExam, _ exam: Exam) throws -> RecordContext {
        let identity = try archiving { () throws(ArchiveError) in
            try archive.showIdentity(of: archived.subjectCode, secret: secret, act: act)
        }
        guard let patientID = identity.patientID else {
            throw Failure(
                .usage,
                "subject \(archived.subjectCode): has no patientID: a clinic's record cannot file it; "
                    + "store it with `archive identity set`")
        }
        let subject = RecordSubject(
            name: RecordPersonName(
                family: identity.familyName, given: identity.givenName,
                ideographic: Self.parts(identity.ideographicFamilyName, identity.ideographicGivenName),
                phonetic: Self.parts(identity.phoneticFamilyName, identity.phoneticGivenName)), patientID: patientID,
            issuer: identity.issuer, birthDate: identity.birthDate,
            sex: identity.sex.flatMap { RecordSex(rawValue: $0.lowercased()) ?? Self.sexes[$0.uppercased()] })
        var station = settings.station
        station.softwareVersion = DopplerBridge.software
        return RecordContext(
            subject: subject, order: try order(of: archived.examID),
            identifiers: try identifiers(of: archived.examID, archived.version), station: station,
            createdAt: act.at.text.replacing(/\.\d+Z/, with: "+00:00"),
            predecessor: try archived.amendsVersion.flatMap { try stored(archived.examID, $0) })
    }

    /// A name in one more script; `nil` where neither part is there.
    private static func parts(_ family: String?, _ given: String?) -> RecordNameParts? {
        guard family != nil || given != nil else { return nil }
        return RecordNameParts(family: family ?? "", given: given ?? "")
    }

    /// As worklists write it.
    private static let sexes: [String: RecordSex] = ["F": .female, "M": .male, "O": .other]

    /// What the clinic asked for, or one made here and kept.
    private func order(of examID: String) throws -> RecordOrder {
        if let bytes = try archiving({ () throws(ArchiveError) in try archive.order(of: examID, secret: secret) }) {
            return try decoded(bytes, "the order of exam \(examID)")
        }
        let order = RecordOrder(studyInstanceUID: RecordUID.make())
        let bytes = try encoded(order)
        try archiving { () throws(ArchiveError) in
            try archive.setOrder(bytes, of: examID, secret: secret, act: act)
        }
        return order
    }

    /// The identifiers of a version: those that were kept, or new ones, kept before they are used.
    private func identifiers(of examID: String, _ version: Int) throws -> RecordIdentifiers {
        if let stored = try stored(examID, version) { return stored }
        let uuidBytes = 16
        let random = (0..<RecordIdentifiers.randomByteCount / uuidBytes).flatMap { _ in
            withUnsafeBytes(of: UUID().uuid) { Array($0) }
        }
        let new = try documenting { () throws(RecordDocumentError) in try RecordIdentifiers(randomBytes: random) }
        let bytes = try encoded(new)
        try archiving { () throws(ArchiveError) in
            try archive.setRecordIdentifiers(bytes, of: examID, version: version, act: act)
        }
        return new
    }

    private func stored(_ examID: String, _ version: Int) throws -> RecordIdentifiers? {
        try archiving { () throws(ArchiveError) in try archive.recordIdentifiers(of: examID, version: version) }
            .map { try decoded($0, "the identifiers of exam \(examID)") }
    }

    private func encoded(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return [UInt8](try encoder.encode(value))
    }

    private func decoded<Value: Decodable>(_ bytes: [UInt8], _ what: String) throws -> Value {
        do { return try JSONDecoder().decode(Value.self, from: Data(bytes)) } catch {
            throw Failure(.data, "\(what): cannot be read: restore a backup")
        }
    }

    /// Date and time as DICOM writes them, of ISO 8601; the offset stays away.
    private static func moment(_ text: String) throws -> (date: String, time: String) {
        guard let parts = text.wholeMatch(of: /(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d).*/)?.output else {
            throw Failure(.data, "the exam's time is not ISO 8601: correct exam.json")
        }
        return ("\(parts.1)\(parts.2)\(parts.3)", "\(parts.4)\(parts.5)\(parts.6)")
    }
}
