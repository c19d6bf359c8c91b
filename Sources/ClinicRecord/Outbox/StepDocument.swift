internal import Foundation
public import ExamArchive
public import RecordDocuments

/// The beginning or the end of a procedure step, as the outbox keeps it.
///
/// The beginning holds later documents back, because they name the step; the end goes last.
public struct StepDocument: Sendable, Hashable, Codable {
    /// What the step is.
    public var step: ProcedureStep
    /// Who was examined; `nil` at the end, which does not repeat it.
    public var subject: Subject?
    /// How it ended; `nil` at the beginning.
    public var end: ProcedureStep.End?
    /// When it ended: date, as DICOM writes it; `nil` at the beginning.
    public var endDate: String?
    /// When it ended: time, as DICOM writes it; `nil` at the beginning.
    public var endTime: String?

    /// The kinds that the outbox knows them by.
    public static let beginningKind = "step-begin"
    /// The kinds that the outbox knows them by.
    public static let endKind = "step-end"

    /// A subject as it is kept in the outbox, sealed.
    public struct Subject: Sendable, Hashable, Codable {
        var name: RecordPersonName
        var patientID: String
        var issuer: String?
        var birthDate: String?
        var sex: RecordSex?

        /// The subject's fields.
        public init(_ subject: RecordSubject) {
            name = subject.name
            patientID = subject.patientID
            issuer = subject.issuer
            birthDate = subject.birthDate
            sex = subject.sex
        }

        var subject: RecordSubject {
            RecordSubject(name: name, patientID: patientID, issuer: issuer, birthDate: birthDate, sex: sex)
        }
    }

    /// The beginning of a step.
    public static func beginning(_ step: ProcedureStep, of subject: RecordSubject) -> StepDocument {
        StepDocument(step: step, subject: Subject(subject), end: nil, endDate: nil, endTime: nil)
    }

    /// The end of a step.
    public static func ending(
        _ step: ProcedureStep, _ end: ProcedureStep.End, date: String, time: String
    ) -> StepDocument {
        StepDocument(step: step, subject: nil, end: end, endDate: date, endTime: time)
    }

    /// The document for a destination.
    public func delivery(to destination: String) throws(ClinicRecordError) -> NewDelivery {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let bytes: Data
        do { bytes = try encoder.encode(self) } catch { throw .badDocument(reason: "a step cannot be written") }
        return NewDelivery(
            destination: destination, kind: end == nil ? Self.beginningKind : Self.endKind,
            identifier: step.instanceUID, bytes: [UInt8](bytes), holdsLater: end == nil)
    }

    /// Reads what the outbox kept.
    init(_ bytes: [UInt8]) throws(ClinicRecordError) {
        do { self = try JSONDecoder().decode(StepDocument.self, from: Data(bytes)) } catch {
            throw .badDocument(reason: "it is no procedure step")
        }
    }

    init(step: ProcedureStep, subject: Subject?, end: ProcedureStep.End?, endDate: String?, endTime: String?) {
        self.step = step
        self.subject = subject
        self.end = end
        self.endDate = endDate
        self.endTime = endTime
    }

    /// Tells a peer of it.
    func send(to peer: DICOMPeer) throws(ClinicRecordError) {
        if let end, let endDate, let endTime {
            try peer.end(step.instanceUID, end, date: endDate, time: endTime)
        } else if let subject {
            try peer.begin(step, of: subject.subject)
        } else {
            throw .badDocument(reason: "it is no procedure step")
        }
    }
}
