import CCSVIAnalysis
internal import Foundation

/// The exam as a transaction of FHIR R4 (4.0.1): sent again, it makes no second copy of anything.
struct FHIRTransaction {
    private let exam: Exam
    private let content: ExamContent
    private let context: RecordContext
    private let codes: CodeTable
    private let pictures: [RecordPicture]
    private let started: RecordTime
    private let created: RecordTime

    /// Entries whose numbers do not depend on the content: patient, device, study, report, provenance.
    static let reservedEntries = 8

    private enum Place: Int {
        case patient, device, study, report, provenance
    }

    init(
        _ exam: Exam, _ content: ExamContent, _ context: RecordContext, _ codes: CodeTable, _ pictures: [RecordPicture]
    ) throws(RecordDocumentError) {
        self.exam = exam
        self.content = content
        self.context = context
        self.codes = codes
        self.pictures = pictures
        started = try RecordTime(exam.startedAt, "start of the exam")
        created = try RecordTime(context.createdAt, "time of the documents")
    }

    /// A UUID for a place within a bundle: the report's, its last group replaced by a number.
    static func uuid(_ report: String, _ number: Int) -> String {
        let digits = String(number, radix: 16)
        return report.prefix(24) + String(repeating: "0", count: max(12 - digits.count, 0)) + digits
    }

    private func url(_ place: Place) -> String {
        "urn:uuid:" + Self.uuid(context.identifiers.fhirReport, place.rawValue)
    }

    /// The document.
    func document(pdf: [UInt8]) throws(RecordDocumentError) -> RecordDocument {
        let report = context.identifiers.fhirReport
        let observations = FHIRObservations(
            content,
            FHIRObservations.Frame(
                codes: codes, status: status, subject: FHIRParts.reference(url(.patient)),
                device: FHIRParts.reference(url(.device)), study: FHIRParts.reference(url(.study)),
                effective: started.fhir, issued: created.fhir, isSimulated: exam.isSimulated, report: report))
        let (patient, patientCondition) = try self.patient
        let (device, deviceCondition) = try self.device
        let study = try self.study
        var entries = [
            entry(.patient, "Patient", patient, patientCondition), entry(.device, "Device", device, deviceCondition),
            entry(
                .study, "ImagingStudy", study,
                FHIRParts.condition(
                    system: FHIRNamespace.dicomUID, value: "urn:oid:\(context.order.studyInstanceUID)")),
        ]
        entries += observations.entries.map { post($0.url, "Observation", $0.resource, $0.condition) }
        entries.append(
            entry(
                .report, "DiagnosticReport", try diagnosticReport(pdf, results: observations.top),
                FHIRParts.condition(system: FHIRNamespace.documents, value: report)))
        // Provenance has no identifier: it is put where it belongs, the same place on every repetition.
        entries.append([
            "fullUrl": .text(url(.provenance)), "resource": try provenance,
            "request": ["method": "PUT", "url": .text("Provenance/\(provenanceID)")],
        ])
        let bundle: JSONValue = [
            "resourceType": "Bundle", "meta": exam.isSimulated ? FHIRParts.simulated : nil, "type": "transaction",
            "entry": .list(entries),
        ]
        return RecordDocument(kind: .fhirBundle, identifier: report, bytes: bundle.bytes)
    }

    private func entry(_ place: Place, _ type: String, _ resource: JSONValue, _ condition: String) -> JSONValue {
        post(url(place), type, resource, condition)
    }

    private func post(_ url: String, _ type: String, _ resource: JSONValue, _ condition: String) -> JSONValue {
        [
            "fullUrl": .text(url), "resource": resource,
            "request": ["method": "POST", "url": .text(type), "ifNoneExist": .text(condition)],
        ]
    }

    private var provenanceID: String { Self.uuid(context.identifiers.fhirReport, Place.provenance.rawValue) }

    /// DiagnosticReport and Observation status.
    private var status: String {
        guard context.predecessor == nil else { return "corrected" }
        return context.isVerified ? "final" : "preliminary"
    }

    private var mark: JSONValue? { exam.isSimulated ? FHIRParts.simulated : nil }
}

// MARK: - Resources

extension FHIRTransaction {
    private var patient: (JSONValue, String) {
        get throws(RecordDocumentError) {
            let subject = context.subject
            let number = try RecordText.required(subject.patientID, "patient number")
            let issuer = try RecordText.line(subject.issuer ?? "", "issuer of the patient number")
            let own = FHIRNamespace.patients + (issuer.isEmpty ? "" : "#" + FHIRParts.percentEncoded(issuer))
            let system = context.patientNumberSystem ?? own
            let birthDate = try subject.birthDate.map { date throws(RecordDocumentError) in
                JSONValue.text(try RecordDate(date, "date of birth").iso)
            }
            let resource: JSONValue = [
                "resourceType": "Patient",
                "identifier": [FHIRParts.identifier(system: system, value: number, type: "MR")],
                "name": try FHIRParts.names(subject.name, "patient name"),
                "gender": subject.sex.map { .text($0.rawValue) }, "birthDate": birthDate,
            ]
            return (resource, FHIRParts.condition(system: system, value: number))
        }
    }

    private var device: (JSONValue, String) {
        get throws(RecordDocumentError) {
            let station = context.station
            let uid = "urn:oid:\(station.deviceUID)"
            try RecordIdentifiers.validate(uid: station.deviceUID, "device")
            let resource: JSONValue = [
                "resourceType": "Device",
                "identifier": [FHIRParts.identifier(system: FHIRNamespace.dicomUID, value: uid)],
                "manufacturer": .text(try RecordText.required(station.manufacturer, "manufacturer")),
                "serialNumber": .text(try RecordText.required(station.serial, "serial number")),
                "deviceName": [
                    ["name": .text(try RecordText.required(station.model, "model")), "type": "model-name"]
                ],
                "version": [["value": .text(try RecordText.required(station.softwareVersion, "software version"))]],
            ]
            return (resource, FHIRParts.condition(system: FHIRNamespace.dicomUID, value: uid))
        }
    }

    private var accession: JSONValue? {
        get throws(RecordDocumentError) {
            let number = try RecordText.line(context.order.accessionNumber, "accession number")
            guard !number.isEmpty else { return nil }
            return [
                "type": ["coding": [["system": .text(FHIRNamespace.identifierType), "code": "ACSN"]]],
                "value": .text(number),
            ]
        }
    }

    private var study: JSONValue {
        get throws(RecordDocumentError) {
            let uid = context.order.studyInstanceUID
            try RecordIdentifiers.validate(uid: uid, "Study Instance UID")
            let series = FHIRStudy.series(pictures, context.identifiers)
            return [
                "resourceType": "ImagingStudy", "meta": mark,
                "identifier": .list(
                    [FHIRParts.identifier(system: FHIRNamespace.dicomUID, value: "urn:oid:\(uid)"), try accession]
                        .compactMap(\.self)),
                "status": "available", "subject": FHIRParts.reference(url(.patient)), "started": .text(started.fhir),
                "numberOfSeries": .number("\(series.count)"),
                "numberOfInstances": .number("\(series.reduce(0) { $0 + $1.instances })"),
                "description": .text(
                    (exam.isSimulated ? "\(ExamContent.simulatedMark) " : "") + CommonModules.studyDescription),
                "series": .list(series.map(\.json)),
            ]
        }
    }

    private func diagnosticReport(
        _ pdf: [UInt8], results: [JSONValue]
    ) throws(RecordDocumentError) -> JSONValue {
        let identifiers = context.identifiers
        let conclusions = content.conclusions.compactMap { item in
            if case .text(let text) = item.value { text } else { nil }
        }
        let institution = JSONValue.optional(try RecordText.line(context.station.institution, "institution"))
        let interpreter = try context.verification.map { verification throws(RecordDocumentError) in
            try FHIRParts.words(verification.observer, "verifying observer")
        }
        let title = (exam.isSimulated ? "\(ExamContent.simulatedMark) " : "") + "Report of the venous Doppler exam"
        let form: JSONValue = [
            "contentType": "application/pdf", "language": "en", "data": .text(Data(pdf).base64EncodedString()),
            "size": .number("\(pdf.count)"), "title": .text(title), "creation": .text(created.fhir),
        ]
        return [
            "resourceType": "DiagnosticReport", "meta": mark,
            "identifier": [
                FHIRParts.identifier(system: FHIRNamespace.documents, value: identifiers.fhirReport)
            ],
            "basedOn": try accession.map { [["type": "ServiceRequest", "identifier": $0]] },
            "status": .text(status),
            "category": [
                [
                    "coding": [
                        [
                            "system": "http://terminology.hl7.org/CodeSystem/v2-0074", "code": "VUS",
                            "display": "Vascular Ultrasound",
                        ]
                    ]
                ]
            ],
            "code": FHIRParts.concept(codes[.veinReport]), "subject": FHIRParts.reference(url(.patient)),
            "effectiveDateTime": .text(started.fhir), "issued": .text(created.fhir),
            "performer": institution.map { [["type": "Organization", "display": $0]] },
            "resultsInterpreter": (interpreter ?? nil).map { [["type": "Practitioner", "display": $0]] },
            "result": .list(results), "imagingStudy": [FHIRParts.reference(url(.study))],
            "conclusion": .text(conclusions.joined(separator: "\n")), "presentedForm": [form],
        ]
    }

    private var provenance: JSONValue {
        get throws(RecordDocumentError) {
            func agent(_ type: String, _ display: String, who: JSONValue) -> JSONValue {
                let system = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
                let coding: JSONValue = ["system": .text(system), "code": .text(type), "display": .text(display)]
                return ["type": ["coding": [coding]], "who": who]
            }
            var agents = [agent("assembler", "Assembler", who: FHIRParts.reference(url(.device)))]
            if let name = try context.operatorName.map({ name throws(RecordDocumentError) in
                try FHIRParts.words(name, "operator")
            }) ?? nil {
                agents.append(agent("performer", "Performer", who: ["type": "Practitioner", "display": name]))
            }
            if let name = try context.verification.map({ verification throws(RecordDocumentError) in
                try FHIRParts.words(verification.observer, "verifying observer")
            }) ?? nil {
                agents.append(agent("verifier", "Verifier", who: ["type": "Practitioner", "display": name]))
            }
            let earlier = context.predecessor.map { earlier -> JSONValue in
                let identifier = FHIRParts.identifier(system: FHIRNamespace.documents, value: earlier.fhirReport)
                return ["role": "revision", "what": ["type": "DiagnosticReport", "identifier": identifier]]
            }
            return [
                "resourceType": "Provenance", "id": .text(provenanceID), "meta": mark,
                "target": [FHIRParts.reference(url(.report))], "occurredDateTime": .text(started.fhir),
                "recorded": .text(created.fhir), "agent": .list(agents),
                "entity": .list([earlier].compactMap(\.self)),
            ]
        }
    }
}
