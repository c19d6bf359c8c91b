public import CCSVIAnalysis

/// An exam as the clinic's record takes it.
public enum RecordDocuments {
    /// The documents of an exam, in the order in which they are best sent: pictures, report, PDF, FHIR, HL7.
    ///
    /// The same arguments give the same bytes. The structured report names the pictures of all spectrograms that are
    /// given, whatever kinds are asked for, so that it is the same object for every destination.
    ///
    /// - Parameters:
    ///   - kinds: Which documents.
    ///   - exam: The exam; its texts may be anything, and what a document cannot carry is refused.
    ///   - pdf: The report, as `CriteriaReport` wrote it; it is in the PDF object, in FHIR and in the message.
    ///   - spectrograms: One for each picture, of recordings of the exam, at most `RecordIdentifiers.mostImages`.
    ///   - context: Everything else.
    /// - Throws: `RecordDocumentError` with what, where and what to do; it never holds the subject's data.
    public static func make(
        _ kinds: Set<RecordDocumentKind>, of exam: Exam, pdf: [UInt8], spectrograms: [RecordSpectrogram],
        context: RecordContext
    ) throws(RecordDocumentError) -> [RecordDocument] {
        let codes = try CodeTable.builtIn()
        try context.identifiers.validate()
        try context.predecessor?.validate()
        guard pdf.starts(with: Array("%PDF-".utf8)) else { throw .notAPDF }
        let pictures = try RecordPicture.all(of: spectrograms, exam: exam, context.identifiers)
        let content = try ExamContent(exam, isAmendment: context.predecessor != nil)
        var documents: [RecordDocument] = []
        for kind in RecordDocumentKind.allCases where kinds.contains(kind) {
            switch kind {
            case .usImage:
                for (picture, given) in zip(pictures, spectrograms) {
                    documents.append(try UltrasoundImageObject.document(exam, picture, given, context, codes))
                }
            case .structuredReport:
                documents.append(try StructuredReportObject.document(exam, content, context, codes, pictures))
            case .encapsulatedPDF:
                documents.append(try EncapsulatedPDFObject.document(exam, pdf: pdf, context, codes))
            case .fhirBundle:
                documents.append(try FHIRTransaction(exam, content, context, codes, pictures).document(pdf: pdf))
            case .observationMessage:
                documents.append(try ObservationMessage(exam, content, context, codes).document(pdf: pdf))
            }
        }
        return documents
    }
}
