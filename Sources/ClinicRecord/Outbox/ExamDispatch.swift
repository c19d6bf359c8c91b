public import ExamArchive
public import RecordDocuments

/// The documents of one exam on their way to all destinations.
public enum ExamDispatch {
    /// What the outbox gets when an exam is signed, in the order in which it is sent.
    ///
    /// A destination that is told of procedure steps gets the beginning of one, the objects, and its end with the list of
    /// them.
    ///
    /// - Parameters:
    ///   - documents: for each destination by name, as `RecordDocuments.make` gave them.
    ///   - step: the procedure step; its order and station go with it.
    ///   - subject: who was examined.
    ///   - end: when the step ended: date and time as DICOM writes them.
    public static func deliveries(
        of documents: [String: [RecordDocument]], to destinations: [Destination], step: ProcedureStep,
        subject: RecordSubject, end: (date: String, time: String)
    ) throws(ClinicRecordError) -> [NewDelivery] {
        var all: [NewDelivery] = []
        for destination in destinations where destination.isOn {
            let own = documents[destination.name] ?? []
            guard !own.isEmpty else { continue }
            let parts = own.map {
                NewDelivery(
                    destination: destination.name, kind: $0.kind.rawValue, identifier: $0.identifier, bytes: $0.bytes)
            }
            guard case .dicom(let service) = destination.service, service.tellsSteps else {
                all += parts
                continue
            }
            all.append(try StepDocument.beginning(step, of: subject).delivery(to: destination.name))
            all += parts
            let series = try Self.series(of: own)
            all.append(
                try StepDocument.ending(step, .completed(series: series), date: end.date, time: end.time)
                    .delivery(to: destination.name))
        }
        return all
    }

    /// The series that documents make, in their order.
    private static func series(of documents: [RecordDocument]) throws(ClinicRecordError) -> [ProcedureStep.Series] {
        var series: [ProcedureStep.Series] = []
        for document in documents where document.kind.isDICOM {
            guard let facts = ObjectFacts(document.bytes) else {
                throw .badDocument(reason: "\(document.kind.rawValue) is no DICOM object in explicit little endian")
            }
            let reference = ProcedureStep.Reference(
                sopClassUID: facts.sopClassUID, sopInstanceUID: facts.sopInstanceUID)
            let index =
                series.firstIndex { $0.instanceUID == facts.seriesInstanceUID }
                ?? {
                    series.append(.init(instanceUID: facts.seriesInstanceUID, protocolName: protocolName))
                    return series.count - 1
                }()
            if document.kind == .usImage {
                series[index].images.append(reference)
            } else {
                series[index].others.append(reference)
            }
        }
        return series
    }

    /// Protocol Name (0018,1030), type 1 in a performed series.
    private static let protocolName = "Venous Doppler"
}
