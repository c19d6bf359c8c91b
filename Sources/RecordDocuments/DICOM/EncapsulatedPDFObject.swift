import CCSVIAnalysis

/// The report's PDF as a DICOM object (PS3.3 A.45.1).
enum EncapsulatedPDFObject {
    /// Number of the series (project choice).
    static let seriesNumber = 11
    private static let title = "Report of the venous Doppler exam"

    /// The object.
    static func document(
        _ exam: Exam, pdf: [UInt8], _ context: RecordContext, _ codes: CodeTable
    ) throws(RecordDocumentError) -> RecordDocument {
        let object = try DICOMObject(.encapsulatedPDF)
        let common = try CommonModules(exam, context)
        let identifiers = context.identifiers
        try common.put(
            into: object,
            CommonModules.Place(
                sopClassUID: RecordSOPClass.encapsulatedPDF, sopInstanceUID: identifiers.encapsulatedPDF,
                seriesInstanceUID: identifiers.encapsulatedPDFSeries, seriesNumber: seriesNumber, instanceNumber: 1,
                modality: "DOC", seriesDescription: "Report (PDF)"))
        try common.putRequestAttributes(into: object)
        try object.put(.conversionType, "WSD")
        try object.put(.burnedInAnnotation, "YES")
        try object.put(.acquisitionDateTime, try RecordTime(exam.startedAt, "start of the exam").dicomDateTime)
        try object.put(.conceptNameCodeSequence, code: codes[.veinReport])
        let mark = exam.isSimulated ? "\(ExamContent.simulatedMark) " : ""
        let version = context.predecessor == nil ? "" : ", amended"
        try object.put(.documentTitle, mark + title + version)
        try object.put(.verificationFlag, context.isVerified ? "VERIFIED" : "UNVERIFIED")
        try object.put(.mimeType, "application/pdf")
        try object.put(.encapsulatedDocument, bytes: pdf)
        try object.put(.encapsulatedDocumentLength, integer: pdf.count)
        return RecordDocument(
            kind: .encapsulatedPDF, identifier: identifiers.encapsulatedPDF, bytes: try object.bytes())
    }
}
