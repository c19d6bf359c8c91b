internal import Foundation
internal import RecordDocuments

/// The part of `CONFORMANCE.md` that tells of the delivery: its tables come from what is asked, told and decided.
public enum NetworkConformance {
    /// The part, as Markdown.
    public static var text: String {
        [
            contexts, associations, worklist, steps, commitment, statuses, messages, web, repetition, security,
        ].joined(separator: "\n\n")
    }

    // MARK: DICOM

    private static var contexts: String {
        let store = [
            ("US Image Storage", RecordSOPClass.ultrasoundImage),
            ("Comprehensive SR Storage", RecordSOPClass.comprehensiveSR),
            ("Encapsulated PDF Storage", RecordSOPClass.encapsulatedPDF),
        ]
        let rows =
            [["Verification", NetworkSOPClass.verification, "SCU and SCP"]]
            + store.map { [$0.0, $0.1, "SCU"] } + [
                ["Modality Worklist, FIND", NetworkSOPClass.worklist, "SCU"],
                ["Modality Performed Procedure Step", RecordSOPClass.performedProcedureStep, "SCU"],
                [
                    "Storage Commitment Push Model", NetworkSOPClass.storageCommitment,
                    "SCU; takes N-EVENT-REPORT on the same association or as acceptor",
                ],
            ]
        return "## Network: SOP classes\n\n" + table(["SOP class", "UID", "role"], rows)
            + "\n\nTransfer syntaxes, in this order: Explicit VR Little Endian (1.2.840.10008.1.2.1), Implicit VR Little "
            + "Endian (1.2.840.10008.1.2). Nothing is compressed."
    }

    private static var associations: String {
        """
        ## Network: associations

        AE titles, hosts and ports are settings: the station's own title, and one for each destination. Each call opens an \
        association and releases it; the objects of an exam go in one association. An answer is waited for \
        \(DICOMPeer.usualTimeoutSeconds) s unless set otherwise. The listener accepts its own title and, where they are \
        set, known calling titles only; one caller after the other, and a caller may be silent for \
        \(ListenerSettings(title: "", port: 0).timeoutSeconds) s. Implementation class UID and version name are DCMTK's.
        """
    }

    private static var worklist: String {
        let keys = DICOMPeer.keys(Self.query)
        let rows = keys.entries.map { entry in
            [
                tag(entry.path), AttributeNames.name(entry.path),
                entry.value.isEmpty ? "asked back" : matching(entry.value),
            ]
        }
        return "## Network: worklist\n\n" + table(["tag", "attribute", "key"], rows)
            + "\n\nAn answer without Specific Character Set is read by the default of the settings; one that cannot be read "
            + "so is counted and not shown. After \(WorklistQuery().mostAnswers) answers the query is cancelled. An answer "
            + "without Patient ID or Study Instance UID is counted and not used. From given names prefix and suffix are left "
            + "out."
    }

    /// A query with every key, whose values say what stands there.
    private static var query: WorklistQuery {
        var query = WorklistQuery()
        query.stationTitle = "station's AE title, or all"
        query.date = "a day, days from to, or all"
        return query
    }

    private static func matching(_ value: String) -> String {
        value == "US" || value == "ISO_IR 192" ? value : "matching: \(value)"
    }

    private static var steps: String {
        let begun = Example.step.creation(of: Example.subject).entries.map { entry in
            [
                tag(entry.path), AttributeNames.name(entry.path),
                entry.value.isEmpty ? "empty" : entry.value == "IN PROGRESS" ? entry.value : "given", "",
            ]
        }
        let object = ProcedureStep.Reference(sopClassUID: "class", sopInstanceUID: "instance")
        let series = ProcedureStep.Series(
            instanceUID: "series", protocolName: "protocol", images: [object], others: [object])
        let ended = ProcedureStep.ending(.completed(series: [series]), date: "date", time: "time").entries.map {
            entry in
            [
                tag(entry.path), AttributeNames.name(entry.path), "",
                entry.value.isEmpty ? "empty" : entry.value == "COMPLETED" ? "COMPLETED or DISCONTINUED" : "given",
            ]
        }
        return "## Network: performed procedure step\n\n"
            + table(["tag", "attribute", "N-CREATE", "N-SET"], begun + ended)
            + "\n\nN-CREATE goes when the exam is signed, N-SET COMPLETED after every object of the exam was taken. "
            + "DISCONTINUED carries a reason of CID 9300. A repeated N-CREATE that is answered with 0x0111 counts as done."
    }

    private static var commitment: String {
        """
        ## Network: storage commitment

        After the objects of an exam were taken, N-ACTION names them with a transaction UID that is used once. The report is \
        taken on the same association for as long as the settings say, or by the listener. What was not kept goes to a \
        person; so does a request without a report after the time that the settings give.
        """
    }

    // MARK: Statuses

    private static var statuses: String {
        let codes: [UInt16] = [
            0x0000, 0x0001, 0x0105, 0x0106, 0x0107, 0x0110, 0x0111, 0x0112, 0x0116, 0x0118, 0x0119, 0x0120, 0x0121,
            0x0122,
            0x0124, 0x0210, 0x0211, 0x0212, 0x0213, 0xA700, 0xA900, 0xB000, 0xB006, 0xB007, 0xC000,
        ]
        let rows = codes.map { code -> [String] in
            let status = DICOMStatus(code)
            let isStored = code == DICOMStatus.duplicate
            let outcome: DeliveryOutcome = isStored ? .delivered : status.outcome("")
            return [status.words, words(outcome) + (isStored ? " (C-STORE, N-CREATE)" : "")]
        }
        let rejections: [(String, AssociationRejection)] = [
            ("calling AE title not recognised", AssociationRejection(isTransient: false, cause: .callingTitleUnknown)),
            ("called AE title not recognised", AssociationRejection(isTransient: false, cause: .calledTitleUnknown)),
            ("temporary congestion, local limit exceeded", AssociationRejection(isTransient: true, cause: .busy)),
        ]
        let refused = rejections.map { name, rejection in
            ["association rejected: \(name)", words(DeliveryOutcome(.rejected(peer: "", rejection)))]
        }
        let ends: [(String, ClinicRecordError)] = [
            ("association aborted", .aborted(peer: "", what: "")),
            ("no answer in time", .timedOut(peer: "", what: "", seconds: 0)),
            ("connection lost", .connectionLost(peer: "", what: "")),
            ("presentation context refused", .notOffered(peer: "", what: "")),
            ("certificate not taken", .tlsFailed(peer: "", reason: "")),
        ]
        return "## Network: DICOM answers and what follows\n\n"
            + table(["answer", "what follows"], rows + refused + ends.map { [$0.0, words(DeliveryOutcome($0.1))] })
    }

    private static func words(_ outcome: DeliveryOutcome) -> String {
        switch outcome {
        case .delivered: "delivered"
        case .postponed: "tried again"
        case .needsAPerson: "shown to a person; the others go on"
        case .stopQueue: "shown to a person; nothing goes to this destination before"
        }
    }

    // MARK: HL7 and HTTP

    private static var messages: String {
        let rows = ["AA", "CA", "AE", "CE", "AR", "CR"].map { code -> [String] in
            let isTaken = code == "AA" || code == "CA"
            let error: ClinicRecordError? = isTaken ? nil : .notAcknowledged(peer: "", code: code, reason: "")
            return [code, words(DeliveryOutcome(error))]
        }
        return "## Network: MLLP\n\n" + table(["MSA-1", "what follows"], rows)
            + "\n\nOne message after the other on a connection that stays open. Without an answer whose MSA-2 is the "
            + "message's MSH-10 within \(MLLPPeer.usualTimeoutSeconds) s (a setting) the same message goes again, with the "
            + "same MSH-10."
    }

    private static var web: String {
        let codes = [200, 301, 400, 401, 403, 404, 405, 408, 409, 412, 413, 415, 422, 429, 500, 503]
        let rows = codes.map { code -> [String] in
            let status = HTTPStatus(code)
            let error: ClinicRecordError? = status.isSuccess ? nil : .http(peer: "", status: code)
            return [status.isSuccess ? "HTTP 2xx" : status.words, words(DeliveryOutcome(error))]
        }
        return "## Network: STOW-RS and FHIR\n\n" + table(["answer", "what follows"], rows)
            + "\n\nHTTP/1.1 with `Authorization: Bearer` from a file where it is set. Redirections are not followed. STOW-RS: "
            + "multipart/related; each object's own answer counts. FHIR: one transaction to the base address; an answer that "
            + "is no transaction-response is none."
    }

    private static var repetition: String {
        let policy = RetryPolicy.usual
        return """
            ## Network: repetition

            An exam's documents are put into the outbox in the transaction that signs the exam, and each keeps its \
            identifiers. What may be tried again is: after \(number(policy.firstSeconds)) s, doubling to \
            \(number(policy.longestSeconds)) s, of which up to half is left to chance; after \(policy.attempts) attempts a \
            person is asked. These are settings. One worker serves each destination.
            """
    }

    private static let security = """
        ## Network: security

        TLS 1.2 or later for every destination and for the listener. The authority's certificate is pinned by a file; a \
        certificate and key of the station's own are shown where they are set. MLLP, STOW-RS and FHIR compare the host's \
        name with the certificate; DICOM does not, so its authority should sign the archive alone.
        """

    // MARK: Form

    private static func table(_ heading: [String], _ rows: [[String]]) -> String {
        ConformanceTables.table(heading, rows)
    }

    /// `00400100[0].00080060` as `(0040,0100) > (0008,0060)`.
    private static func tag(_ path: String) -> String {
        path.split(separator: ".").map { part in "(\(part.prefix(4)),\(part.dropFirst(4).prefix(4)))" }
            .joined(separator: " > ")
    }

    private static func number(_ value: Double) -> String { String(Int(value.rounded())) }

    /// A step whose every attribute that may be known is known.
    private enum Example {
        static let step = ProcedureStep(
            instanceUID: "instance", stepID: "step", stationTitle: "station", startDate: "date", startTime: "time",
            order: RecordOrder(
                studyInstanceUID: "study", accessionNumber: "accession", requestedProcedureID: "procedure",
                requestedProcedureDescription: "description", scheduledStepID: "scheduled",
                scheduledStepDescription: "description"))
        static let subject = RecordSubject(
            name: RecordPersonName(family: "family", given: "given"), patientID: "number", issuer: "issuer",
            birthDate: "1961-04-30", sex: .female)
    }
}

/// The SOP classes of services without objects (PS3.4 annexes A, J and K; PS3.6 annex A).
enum NetworkSOPClass {
    static let verification = "1.2.840.10008.1.1"
    static let worklist = "1.2.840.10008.5.1.4.31"
    static let storageCommitment = "1.2.840.10008.1.20.1"
}
