import CCSVIAnalysis

/// What all DICOM objects of an exam say alike: patient, study, equipment, order (PS3.3 C.7.1, C.7.2, C.7.5, C.12.1).
struct CommonModules {
    private let context: RecordContext
    private let isSimulated: Bool
    private let started: RecordTime
    private let created: RecordTime

    /// The study's description where the order has none (project choice).
    static let studyDescription = "Venous Doppler exam of head and neck"

    /// The modules of an exam.
    ///
    /// - Throws: `RecordDocumentError` for a time that is none.
    init(_ exam: Exam, _ context: RecordContext) throws(RecordDocumentError) {
        self.context = context
        isSimulated = exam.isSimulated
        started = try RecordTime(exam.startedAt, "start of the exam")
        created = try RecordTime(context.createdAt, "time of the documents")
    }

    /// What an object is within its study.
    struct Place {
        var sopClassUID: String
        var sopInstanceUID: String
        var seriesInstanceUID: String
        var seriesNumber: Int
        var instanceNumber: Int
        var modality: String
        var seriesDescription: String
        /// Whether the content is as old as the exam; otherwise it is as old as the document.
        var isAcquired = false
    }

    /// Puts the modules.
    func put(into object: borrowing DICOMObject, _ place: Place) throws(RecordDocumentError) {
        try putInstance(object, place)
        try putPatient(object)
        try putStudy(object)
        try putEquipment(object)
        if context.namesPerformedStep {
            try object.begin(.referencedPerformedStepSequence)
            try object.put(.referencedSOPClassUID, RecordSOPClass.performedProcedureStep)
            try object.put(.referencedSOPInstanceUID, context.identifiers.performedStep)
            try object.end()
        }
    }

    private func putInstance(_ object: borrowing DICOMObject, _ place: Place) throws(RecordDocumentError) {
        let content = place.isAcquired ? started : created
        try object.put(.sopClassUID, place.sopClassUID)
        try object.put(.sopInstanceUID, place.sopInstanceUID)
        try object.put(.seriesInstanceUID, place.seriesInstanceUID)
        try object.put(.seriesNumber, "\(place.seriesNumber)")
        try object.put(.instanceNumber, "\(place.instanceNumber)")
        try object.put(.modality, place.modality)
        try object.put(.seriesDescription, marked(place.seriesDescription))
        try object.put(.instanceCreationDate, created.dicomDate)
        try object.put(.instanceCreationTime, created.dicomTime)
        try object.put(.contentDate, content.dicomDate)
        try object.put(.contentTime, content.dicomTime)
        try object.put(.seriesDate, content.dicomDate)
        try object.put(.seriesTime, content.dicomTime)
        try object.put(.timezoneOffsetFromUTC, content.offset)
    }

    private func putPatient(_ object: borrowing DICOMObject) throws(RecordDocumentError) {
        let subject = context.subject
        try object.put(.patientName, try subject.name.dicomText("patient name"))
        try object.put(.patientID, try RecordText.required(subject.patientID, "patient number"))
        if let issuer = subject.issuer, !issuer.isEmpty {
            try object.put(.issuerOfPatientID, try RecordText.line(issuer, "issuer of the patient number"))
        }
        let birthDate = try subject.birthDate.map { date throws(RecordDocumentError) in
            try RecordDate(date, "date of birth").digits
        }
        try object.put(.patientBirthDate, birthDate ?? "")
        switch subject.sex {
        case .female: try object.put(.patientSex, "F")
        case .male: try object.put(.patientSex, "M")
        case .other: try object.put(.patientSex, "O")
        case nil: try object.put(.patientSex, "")
        }
    }

    private func putStudy(_ object: borrowing DICOMObject) throws(RecordDocumentError) {
        let order = context.order
        try RecordIdentifiers.validate(uid: order.studyInstanceUID, "Study Instance UID")
        try object.put(.studyInstanceUID, order.studyInstanceUID)
        try object.put(.studyDate, started.dicomDate)
        try object.put(.studyTime, started.dicomTime)
        try object.put(.studyID, context.identifiers.studyID)
        try object.put(.studyDescription, try studyDescription)
        try object.put(
            .accessionNumber,
            try RecordText.line(order.accessionNumber, "accession number", atMost: RecordText.shortString))
        let physician = try order.referringPhysician.map { name throws(RecordDocumentError) in
            try name.dicomText("referring physician")
        }
        try object.put(.referringPhysicianName, physician ?? "")
    }

    private func putEquipment(_ object: borrowing DICOMObject) throws(RecordDocumentError) {
        let station = context.station
        try object.put(.manufacturer, try RecordText.required(station.manufacturer, "manufacturer"))
        try object.put(.manufacturerModelName, try RecordText.required(station.model, "model"))
        try object.put(.deviceSerialNumber, try RecordText.required(station.serial, "serial number"))
        try object.put(.softwareVersions, try RecordText.required(station.softwareVersion, "software version"))
        if !station.institution.isEmpty {
            try object.put(.institutionName, try RecordText.line(station.institution, "institution"))
        }
        if !station.stationName.isEmpty {
            let name = try RecordText.line(station.stationName, "station name", atMost: RecordText.shortString)
            try object.put(.stationName, name)
        }
    }

    /// The order's description, marked where the exam is simulated; ours where the mark leaves no room for it.
    private var studyDescription: String {
        get throws(RecordDocumentError) {
            guard let asked = context.order.requestedProcedureDescription, !asked.isEmpty else {
                return marked(Self.studyDescription)
            }
            let own = marked(try RecordText.line(asked, "requested procedure description"))
            return own.unicodeScalars.count <= RecordText.longString ? own : marked(Self.studyDescription)
        }
    }

    private func marked(_ description: String) -> String {
        isSimulated ? "\(ExamContent.simulatedMark) \(description)" : description
    }

    /// Puts what was ordered into the series: Request Attributes Sequence, where there is an order.
    func putRequestAttributes(into object: borrowing DICOMObject) throws(RecordDocumentError) {
        let order = context.order
        guard order.requestedProcedureID != nil || order.scheduledStepID != nil else { return }
        try object.begin(.requestAttributesSequence)
        try object.put(.studyInstanceUID, order.studyInstanceUID)
        try putAccession(object)
        try putProcedure(object, isRequired: false)
        if let id = order.scheduledStepID {
            let text = try RecordText.line(id, "scheduled step", atMost: RecordText.shortString)
            try object.put(.scheduledStepID, text)
        }
        if let description = order.scheduledStepDescription {
            try object.put(.scheduledStepDescription, try RecordText.line(description, "scheduled step description"))
        }
        try object.end()
    }

    /// Puts what was ordered into a report: Referenced Request Sequence, where there is an order (PS3.3 C.17.2).
    func putReferencedRequest(into object: borrowing DICOMObject) throws(RecordDocumentError) {
        guard context.order.requestedProcedureID != nil else { return }
        try object.begin(.referencedRequestSequence)
        try object.put(.studyInstanceUID, context.order.studyInstanceUID)
        try object.put(.referencedStudySequence, "")
        try putAccession(object)
        try object.put(.placerOrderNumber, try RecordText.line(context.order.placerOrderNumber ?? "", "placer order"))
        try object.put(.fillerOrderNumber, try RecordText.line(context.order.fillerOrderNumber ?? "", "filler order"))
        try object.put(.requestedProcedureCodeSequence, "")
        try putProcedure(object, isRequired: true)
        try object.end()
    }

    private func putAccession(_ object: borrowing DICOMObject) throws(RecordDocumentError) {
        let number = context.order.accessionNumber
        try object.put(
            .accessionNumber, try RecordText.line(number, "accession number", atMost: RecordText.shortString))
    }

    private func putProcedure(
        _ object: borrowing DICOMObject, isRequired: Bool
    ) throws(RecordDocumentError) {
        let order = context.order
        if isRequired || order.requestedProcedureID != nil {
            let id = order.requestedProcedureID ?? ""
            let text = try RecordText.line(id, "requested procedure", atMost: RecordText.shortString)
            try object.put(.requestedProcedureID, text)
        }
        if isRequired || order.requestedProcedureDescription != nil {
            let text = order.requestedProcedureDescription ?? ""
            try object.put(
                .requestedProcedureDescription, try RecordText.line(text, "requested procedure description"))
        }
    }
}
