import CCSVIAnalysis
internal import Foundation

/// The exam as ORU^R01 of HL7 v2.5.1 with the PDF inside (v2.5.1 7.3.1).
struct ObservationMessage {
    typealias Component = HL7Message.Component
    typealias Field = HL7Message.Field
    typealias Segment = HL7Message.Segment

    private let exam: Exam
    private let content: ExamContent
    private let context: RecordContext
    private let codes: CodeTable
    private let started: RecordTime
    private let created: RecordTime

    init(
        _ exam: Exam, _ content: ExamContent, _ context: RecordContext, _ codes: CodeTable
    ) throws(RecordDocumentError) {
        self.exam = exam
        self.content = content
        self.context = context
        self.codes = codes
        started = try RecordTime(exam.startedAt, "start of the exam")
        created = try RecordTime(context.createdAt, "time of the documents")
    }

    /// The document.
    func document(pdf: [UInt8]) throws(RecordDocumentError) -> RecordDocument {
        var segments = [try header, try patient, try commonOrder, try request]
        if exam.isSimulated {
            segments.append(Segment(name: "NTE", fields: ["1", "", Field(ExamContent.simulatedSentence)]))
        }
        var rows = ObservationRows(codes: codes, status: status)
        rows.addStudy(context.order.studyInstanceUID)
        rows.add(items: content.summary, under: "1")
        for (index, group) in content.groups.enumerated() { rows.add(group, under: "\(index + 2)") }
        rows.add(items: content.conclusions, under: "\(content.groups.count + 2)")
        rows.addPDF(pdf, head: try encapsulatedHead, under: "\(content.groups.count + 3)")
        let message = HL7Message(segments: segments + rows.segments)
        return RecordDocument(
            kind: .observationMessage, identifier: context.identifiers.messageControlID, bytes: message.bytes)
    }

    /// Result status (table 0085): final, preliminary, correction.
    private var status: String {
        guard context.predecessor == nil else { return "C" }
        return context.isVerified ? "F" : "P"
    }

    private var header: Segment {
        get throws(RecordDocumentError) {
            let settings = context.message
            var names: [Field] = []
            for (field, text) in [
                ("sending application", settings.sendingApplication), ("sending facility", settings.sendingFacility),
                ("receiving application", settings.receivingApplication),
                ("receiving facility", settings.receivingFacility),
            ] { names.append(Field(try RecordText.block(text, field))) }
            return Segment(
                name: "MSH",
                fields: names + [
                    Field(created.hl7), "", Field(["ORU", "R01", "ORU_R01"]),
                    Field(context.identifiers.messageControlID), Field(exam.isSimulated ? "T" : "P"), "2.5.1", "", "",
                    "", "", "", "UNICODE UTF-8",
                ])
        }
    }

    private var patient: Segment {
        get throws(RecordDocumentError) {
            let subject = context.subject
            let number = Component(try RecordText.required(subject.patientID, "patient number"))
            let issuer = Component(try RecordText.line(subject.issuer ?? "", "issuer of the patient number"))
            let names = try subject.name.forms("patient name").map { form in
                [Component(form.parts.family), Component(form.parts.given), "", "", "", "", "L"]
                    + [Component(form.representation)]
            }
            let birthDate = try subject.birthDate.map { date throws(RecordDocumentError) in
                try RecordDate(date, "date of birth").digits
            }
            let sex: Field
            switch subject.sex {
            case .female: sex = "F"
            case .male: sex = "M"
            case .other: sex = "O"
            case nil: sex = "U"
            }
            return Segment(
                name: "PID",
                fields: [
                    "1", "", Field([number, "", "", issuer, "MR"]), "", Field(repetitions: names), "",
                    Field(birthDate ?? ""), sex,
                ])
        }
    }

    /// Placer's and filler's number; the filler's stands always.
    private var orderNumbers: (placer: String, filler: String) {
        get throws(RecordDocumentError) {
            let order = context.order
            let filler = [order.fillerOrderNumber, order.accessionNumber].compactMap(\.self).first { !$0.isEmpty }
            return (
                try RecordText.line(order.placerOrderNumber ?? "", "placer order"),
                try RecordText.line(filler ?? context.identifiers.studyID, "filler order")
            )
        }
    }

    private var commonOrder: Segment {
        get throws(RecordDocumentError) {
            let numbers = try orderNumbers
            return Segment(name: "ORC", fields: ["RE", Field(numbers.placer), Field(numbers.filler)])
        }
    }

    private var request: Segment {
        get throws(RecordDocumentError) {
            let numbers = try orderNumbers
            let report = codes[.veinReport]
            var fields = [Field](repeating: .empty, count: 32)
            func put(_ place: Int, _ field: Field) { fields[place - 1] = field }
            put(1, "1")
            put(2, Field(numbers.placer))
            put(3, Field(numbers.filler))
            put(4, Field(report.components))
            put(7, Field(started.hl7))
            if let physician = try context.order.referringPhysician?.forms("referring physician").first {
                put(16, Field(["", Component(physician.parts.family), Component(physician.parts.given)]))
            }
            put(18, Field(try RecordText.line(context.order.accessionNumber, "accession number")))
            put(22, Field(created.hl7))
            put(24, "VUS")
            put(25, Field(status))
            if let verification = context.verification {
                let observer = try verification.observer.forms("verifying observer")[0].parts
                let at = try RecordTime(verification.at, "time of verification").hl7
                put(32, Field([Component(["", observer.family, observer.given]), Component(at)]))
            }
            return Segment(name: "OBR", fields: fields)
        }
    }

    private var encapsulatedHead: [Component] {
        get throws(RecordDocumentError) {
            let head = context.message.encapsulatedHead
            guard head.count == ObservationMessageSettings().encapsulatedHead.count else {
                throw .text(field: "head of the encapsulated PDF", what: "not application, type, subtype and encoding")
            }
            var parts: [Component] = []
            for part in head { parts.append(Component(try RecordText.block(part, "head of the encapsulated PDF"))) }
            return parts
        }
    }
}

extension RecordCode {
    /// The code as CE and CWE: code, meaning, system (v2.5.1 2.A.3).
    var components: [HL7Message.Component] {
        [HL7Message.Component(code), HL7Message.Component(meaning), HL7Message.Component(system)]
    }
}
