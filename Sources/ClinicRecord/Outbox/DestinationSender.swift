internal import ExamArchive
internal import RecordDocuments

/// Sends documents to one destination and says what became of each; used by one thread.
final class DestinationSender {
    private let destination: Destination
    private var connection: MLLPConnection?

    init(_ destination: Destination) { self.destination = destination }

    /// One document of the outbox, opened.
    struct Document {
        var delivery: Delivery
        var bytes: [UInt8]
    }

    /// How many documents go at a time: what one association or request takes.
    var batch: Int {
        switch destination.service {
        // Project choice: an exam has at most 24 pictures, a report and a PDF.
        case .dicom, .dicomWeb: 32
        case .hl7, .fhir: 1
        }
    }

    /// Sends documents of one exam.
    ///
    /// - Parameter boundary: an UID that was never used.
    /// - Returns: an error for each that was not taken.
    func send(_ documents: [Document], boundary: String) -> [Int64: ClinicRecordError] {
        var errors: [Int64: ClinicRecordError] = [:]
        let note = { (document: Document, body: () throws(ClinicRecordError) -> Void) in
            do throws(ClinicRecordError) { try body() } catch { errors[document.delivery.id] = error }
        }
        switch destination.service {
        case .dicom(let service):
            let objects = documents.filter { !$0.isStep }
            for (document, answer) in zip(objects, service.peer.store(objects.map(\.bytes))) {
                errors[document.delivery.id] = answer.error
            }
            for document in documents where document.isStep {
                // The end of a step names its objects: it waits until they are there.
                guard errors.isEmpty else {
                    errors[document.delivery.id] = .waiting
                    continue
                }
                note(document) { () throws(ClinicRecordError) in
                    try StepDocument(document.bytes).send(to: service.peer)
                }
            }
        case .dicomWeb(let peer):
            store(documents, at: peer, boundary, &errors)
        case .fhir(let peer):
            for document in documents {
                note(document) { () throws(ClinicRecordError) in try peer.transact(document.bytes) }
            }
        case .hl7(let peer, _):
            let open = connection ?? MLLPConnection(peer)
            connection = open
            for document in documents {
                note(document) { () throws(ClinicRecordError) in
                    try open.send(document.bytes, messageID: document.delivery.identifier)
                }
            }
        }
        return errors
    }

    private func store(
        _ documents: [Document], at peer: HTTPPeer, _ boundary: String, _ errors: inout [Int64: ClinicRecordError]
    ) {
        do throws(ClinicRecordError) {
            let answers = try peer.store(
                documents.map { (instanceUID: $0.delivery.identifier, bytes: $0.bytes) }, boundary: boundary)
            for document in documents {
                if let error = answers[document.delivery.identifier] { errors[document.delivery.id] = error }
            }
        } catch {
            for document in documents { errors[document.delivery.id] = error }
        }
    }

    /// Whether the destination answers and speaks what it should.
    static func check(_ destination: Destination) throws(ClinicRecordError) {
        switch destination.service {
        case .dicom(let service): try service.peer.echo()
        case .dicomWeb(let peer): try peer.checkDICOMweb()
        case .fhir(let peer): try peer.checkFHIR()
        case .hl7(let peer, _): try MLLPConnection(peer).open()
        }
    }
}

extension DestinationSender.Document {
    fileprivate var isStep: Bool {
        delivery.kind == StepDocument.beginningKind || delivery.kind == StepDocument.endKind
    }
}
