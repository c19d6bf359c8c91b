import CCSVIAnalysis
import CDICOM

/// The exam as a Comprehensive SR by TID 5100 (PS3.3 A.35.3, PS3.16 TID 5100).
enum StructuredReportObject {
    /// The template's number.
    static let template = "5100"
    /// Number of the series (project choice).
    static let seriesNumber = 10

    /// The object.
    static func document(
        _ exam: Exam, _ content: ExamContent, _ context: RecordContext, _ codes: CodeTable,
        _ pictures: [RecordPicture]
    ) throws(RecordDocumentError) -> RecordDocument {
        let tree = try ReportTree(content, context, codes, pictures)
        let object = try DICOMObject(.structuredReport)
        let texts = CTexts()
        let facts = try self.facts(context, texts)
        try object.put(report: facts, tree.items.map { $0.cItem(texts) })
        let identifiers = context.identifiers
        let common = try CommonModules(exam, context)
        try common.put(
            into: object,
            CommonModules.Place(
                sopClassUID: RecordSOPClass.comprehensiveSR, sopInstanceUID: identifiers.structuredReport,
                seriesInstanceUID: identifiers.structuredReportSeries, seriesNumber: seriesNumber, instanceNumber: 1,
                modality: "SR", seriesDescription: "Venous Doppler measurements"))
        try common.putReferencedRequest(into: object)
        withExtendedLifetime(texts) {}
        return RecordDocument(
            kind: .structuredReport, identifier: identifiers.structuredReport, bytes: try object.bytes())
    }

    private static func facts(
        _ context: RecordContext, _ texts: CTexts
    ) throws(RecordDocumentError) -> cdicom_report {
        var facts = cdicom_report()
        facts.template_id = texts.copy(template)
        facts.study_uid = texts.copy(context.order.studyInstanceUID)
        facts.scheme = texts.copy(PrivateScheme.designator)
        facts.scheme_uid = texts.copy(PrivateScheme.uid)
        facts.scheme_name = texts.copy(PrivateScheme.name)
        facts.scheme_version = texts.copy(PrivateScheme.version)
        facts.scheme_organisation = texts.copy(PrivateScheme.organisation)
        if let earlier = context.predecessor {
            facts.predecessor_study = facts.study_uid
            facts.predecessor_series = texts.copy(earlier.structuredReportSeries)
            facts.predecessor_uid = texts.copy(earlier.structuredReport)
        }
        if let verification = context.verification {
            let name = try verification.observer.dicomText("verifying observer")
            facts.observer = texts.copy(try RecordText.required(name, "verifying observer", atMost: Self.longestName))
            facts.observer_organisation = texts.copy(
                try RecordText.required(verification.organisation, "verifying organisation"))
            facts.verified_at = texts.copy(
                try RecordTime(verification.at, "time of verification").dicomDateTime)
        }
        return facts
    }

    /// Three groups of 64 characters with the two signs between them (PS3.5 6.2).
    private static let longestName = 194
}
