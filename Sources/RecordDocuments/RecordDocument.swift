/// One document of an exam, ready to be sent: bytes that never change, and the identifier under which it is known.
///
/// A repetition sends the same bytes under the same identifier, so that the receiver can tell that it has it already.
public struct RecordDocument: Sendable, Hashable {
    /// What it is.
    public var kind: RecordDocumentKind
    /// The identifier that travels with it: SOP Instance UID, MSH-10 or the FHIR identifier of the report.
    public var identifier: String
    /// The document: a DICOM file (PS3.10), a FHIR transaction (JSON) or an HL7 message with CR between segments.
    public var bytes: [UInt8]

    /// A document from its parts.
    public init(kind: RecordDocumentKind, identifier: String, bytes: [UInt8]) {
        self.kind = kind
        self.identifier = identifier
        self.bytes = bytes
    }
}

/// The documents that an exam becomes.
public enum RecordDocumentKind: String, Sendable, Hashable, Codable, CaseIterable {
    /// DICOM Ultrasound Image with calibrated spectral regions.
    case usImage = "us-image"
    /// DICOM Comprehensive SR by TID 5100.
    case structuredReport = "structured-report"
    /// DICOM Encapsulated PDF.
    case encapsulatedPDF = "encapsulated-pdf"
    /// FHIR R4 transaction bundle.
    case fhirBundle = "fhir-bundle"
    /// HL7 v2.5.1 ORU^R01 with the PDF inside.
    case observationMessage = "oru-message"

    /// Whether it is a DICOM object.
    public var isDICOM: Bool {
        switch self {
        case .usImage, .structuredReport, .encapsulatedPDF: true
        case .fhirBundle, .observationMessage: false
        }
    }
}
