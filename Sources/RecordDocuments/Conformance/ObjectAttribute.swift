/// One attribute of the DICOM objects, as the conformance statement prints it and a test holds the objects to it.
struct ObjectAttribute: Hashable {
    /// `0010,0010`.
    var tag: String
    /// Its name (PS3.6).
    var name: String
    /// Whether every object has it, if without a value.
    var isAlways: Bool
    /// Where its value comes from.
    var origin: String

    private init(_ tag: String, _ name: String, _ isAlways: Bool, _ origin: String) {
        self.tag = tag
        self.name = name
        self.isAlways = isAlways
        self.origin = origin
    }

    private static func always(_ tag: String, _ name: String, _ origin: String) -> ObjectAttribute {
        ObjectAttribute(tag, name, true, origin)
    }

    private static func maybe(_ tag: String, _ name: String, _ origin: String) -> ObjectAttribute {
        ObjectAttribute(tag, name, false, origin)
    }

    /// What all objects have.
    static let common = [
        always("0008,0005", "Specific Character Set", "ISO_IR 192"),
        always("0008,0012", "Instance Creation Date", "when the documents were made"),
        always("0008,0013", "Instance Creation Time", "when the documents were made"),
        always("0008,0016", "SOP Class UID", "as the table above"),
        always("0008,0018", "SOP Instance UID", "made once for each version of the exam, kept"),
        always("0008,0020", "Study Date", "start of the exam"), always("0008,0021", "Series Date", "as Content Date"),
        always("0008,0023", "Content Date", "start of the exam for images, otherwise when the documents were made"),
        always("0008,0030", "Study Time", "start of the exam"), always("0008,0031", "Series Time", "as Content Time"),
        always("0008,0033", "Content Time", "as Content Date"),
        always("0008,0050", "Accession Number", "worklist; empty without an order"),
        always("0008,0060", "Modality", "US, SR, DOC"), always("0008,0070", "Manufacturer", "settings"),
        maybe("0008,0080", "Institution Name", "settings"),
        always("0008,0090", "Referring Physician's Name", "worklist; empty without an order"),
        always("0008,0201", "Timezone Offset From UTC", "of the content's time"),
        maybe("0008,1010", "Station Name", "settings"),
        always("0008,1030", "Study Description", "requested procedure, or \"\(CommonModules.studyDescription)\""),
        always("0008,103E", "Series Description", "fixed words; begins with \(ExamContent.simulatedMark) if simulated"),
        always("0008,1090", "Manufacturer's Model Name", "settings"),
        always("0010,0010", "Patient's Name", "worklist or identity; up to three component groups"),
        always("0010,0020", "Patient ID", "worklist or identity"),
        maybe("0010,0021", "Issuer of Patient ID", "worklist or identity"),
        always("0010,0030", "Patient's Birth Date", "worklist or identity; may be empty"),
        always("0010,0040", "Patient's Sex", "worklist or identity; may be empty"),
        always("0018,1000", "Device Serial Number", "settings"),
        always("0018,1020", "Software Versions", "the program"),
        always("0020,000D", "Study Instance UID", "worklist, or made once and kept"),
        always("0020,000E", "Series Instance UID", "made once for each version of the exam, kept"),
        always("0020,0010", "Study ID", "made once for each version of the exam, kept"),
        always("0020,0011", "Series Number", "1 left, 2 right, 3 midline; 10 SR; 11 PDF"),
        always("0020,0013", "Instance Number", "counted in the series"),
    ]

    private static let requested = maybe("0040,0275", "Request Attributes Sequence", "worklist")
    private static let performed = maybe(
        "0008,1111", "Referenced Performed Procedure Step Sequence", "where a step is told to the clinic")

    /// What an object has beside what all have.
    static func own(_ kind: RecordDocumentKind) -> [ObjectAttribute] {
        switch kind {
        case .usImage: image
        case .structuredReport: report
        case .encapsulatedPDF: encapsulated
        case .fhirBundle, .observationMessage: []
        }
    }

    private static let image = [
        always("0008,0008", "Image Type", UltrasoundImageObject.imageType.replacing("\\", with: " / ")),
        always("0008,002A", "Acquisition DateTime", "start of the exam"), performed,
        maybe("0008,1070", "Operators' Name", "who made the exam"),
        always("0008,2218", "Anatomic Region Sequence", "the vein's code"),
        maybe("0018,0015", "Body Part Examined", "HEAD or CHEST, of a vein in the midline"),
        always("0018,6011", "Sequence of Ultrasound Regions", "one, the whole picture"),
        always("0020,0020", "Patient Orientation", "empty"),
        maybe("0020,0060", "Laterality", "L or R, of a paired vein"),
        always("0020,4000", "Image Comments", "the place and the recording's id"),
        always("0028,0002", "Samples per Pixel", "3"), always("0028,0004", "Photometric Interpretation", "RGB"),
        always("0028,0006", "Planar Configuration", "0"), always("0028,0010", "Rows", "bins of the spectrum"),
        always("0028,0011", "Columns", "spectra, \(SpectrumImage.mostColumns) at most"),
        always("0028,0014", "Ultrasound Color Data Present", "0"), always("0028,0100", "Bits Allocated", "8"),
        always("0028,0101", "Bits Stored", "8"), always("0028,0102", "High Bit", "7"),
        always("0028,0103", "Pixel Representation", "0"), always("0028,0301", "Burned In Annotation", "NO"),
        always("0028,2110", "Lossy Image Compression", "00"), requested,
        always("7FE0,0010", "Pixel Data", "grey by power over noise; blue where samples are missing"),
    ]

    private static let report = [
        always("0008,0110", "Coding Scheme Identification Sequence", "the private scheme below"),
        always("0008,1111", "Referenced Performed Procedure Step Sequence", "may be empty"),
        always("0040,A040", "Value Type", "CONTAINER"), always("0040,A043", "Concept Name Code Sequence", "the title"),
        always("0040,A050", "Continuity Of Content", "SEPARATE"),
        maybe("0040,A073", "Verifying Observer Sequence", "who verified the exam"),
        maybe("0040,A360", "Predecessor Documents Sequence", "the version that is amended"),
        maybe("0040,A370", "Referenced Request Sequence", "worklist"),
        always("0040,A372", "Performed Procedure Code Sequence", "empty"),
        maybe("0040,A375", "Current Requested Procedure Evidence Sequence", "every picture that is referred to"),
        always("0040,A491", "Completion Flag", "COMPLETE"),
        always("0040,A493", "Verification Flag", "VERIFIED with a verifying observer, otherwise UNVERIFIED"),
        always("0040,A496", "Preliminary Flag", "FINAL with a verifying observer, otherwise PRELIMINARY"),
        always("0040,A504", "Content Template Sequence", "\(StructuredReportObject.template), DCMR"),
        always("0040,A730", "Content Sequence", "as the template below"),
    ]

    private static let encapsulated = [
        always("0008,002A", "Acquisition DateTime", "start of the exam"),
        always("0008,0064", "Conversion Type", "WSD"), performed,
        always("0028,0301", "Burned In Annotation", "YES"), requested,
        always("0040,A043", "Concept Name Code Sequence", "the report's title"),
        always("0040,A493", "Verification Flag", "as in the structured report"),
        always("0042,0010", "Document Title", "fixed words"),
        always("0042,0011", "Encapsulated Document", "the report, PDF/A-1b"),
        always("0042,0012", "MIME Type of Encapsulated Document", "application/pdf"),
        always("0042,0015", "Encapsulated Document Length", "without the padding"),
    ]
}
