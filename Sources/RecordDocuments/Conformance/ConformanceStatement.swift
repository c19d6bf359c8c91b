/// The part of `CONFORMANCE.md` that tells of the documents: its tables come from the values that the documents are
/// written with.
///
/// The whole file is what `whole(network:)` gives; the delivery's tables come from the module that delivers.
public enum ConformanceStatement {
    /// The file, with the delivery's tables after the documents'.
    ///
    /// - Parameter network: Markdown of the delivery: AE titles, SOP classes, statuses, worklist, security.
    /// - Throws: `RecordDocumentError.codeTable` for the first line of the table of codes that breaks its rules.
    public static func whole(network: String) throws(RecordDocumentError) -> String {
        let head = """
            # DopplerBridge: DICOM conformance statement, HL7 and FHIR profiles

            Made by `dopplerbridge record conformance` from the tables that the program works with; a test compares.
            """
        return ([head, try documents()] + (network.isEmpty ? [] : [network])).joined(separator: "\n\n") + "\n"
    }

    /// The documents' part.
    ///
    /// - Throws: `RecordDocumentError.codeTable` for the first line of the table of codes that breaks its rules.
    public static func documents() throws(RecordDocumentError) -> String {
        let codes = try CodeTable.builtIn()
        return [
            objects, try ConformanceTables.template(codes), ConformanceTables.codingScheme(codes),
            ConformanceTables.codes(codes), region, characterSets, message, transaction, limits,
        ].joined(separator: "\n\n")
    }

    private static var objects: String {
        let kinds = ConformanceTables.table(
            ["document", "standard"],
            [
                ["US Image", "SOP class \(RecordSOPClass.ultrasoundImage)"],
                [
                    "Comprehensive SR",
                    "SOP class \(RecordSOPClass.comprehensiveSR), TID \(StructuredReportObject.template)",
                ],
                ["Encapsulated PDF", "SOP class \(RecordSOPClass.encapsulatedPDF)"],
                ["FHIR", "R4 (4.0.1) transaction"], ["HL7 v2", "v2.5.1 ORU^R01^ORU_R01"],
            ])
        let attributes =
            [("All objects", ObjectAttribute.common)] + [
                ("US Image", ObjectAttribute.own(.usImage)),
                ("Comprehensive SR", ObjectAttribute.own(.structuredReport)),
                ("Encapsulated PDF", ObjectAttribute.own(.encapsulatedPDF)),
            ]
        let tables = attributes.map { title, rows in
            "### Attributes: \(title)\n\n"
                + ConformanceTables.table(
                    ["tag", "attribute", "presence", "value"],
                    rows.map { ["(\($0.tag))", $0.name, $0.isAlways ? "always" : "where known", $0.origin] })
        }
        let file =
            "Files are explicit VR little endian, uncompressed. File meta information carries DCMTK's implementation "
            + "class UID and version name."
        return (["## Documents", kinds, file] + tables).joined(separator: "\n\n")
    }

    private static var region: String {
        "## Ultrasound regions\n\n"
            + ConformanceTables.table(
                ["attribute", "value"],
                [
                    ["Region Spatial Format (0018,6012)", "\(UltrasoundImageObject.spectralFormat), spectral"],
                    ["Region Data Type (0018,6014)", "\(UltrasoundImageObject.pulsedDoppler), PW spectral Doppler"],
                    ["Region Flags (0018,6016)", "0"],
                    ["Physical Units X Direction (0018,6024)", "\(UltrasoundImageObject.seconds), seconds"],
                    ["Physical Units Y Direction (0018,6026)", "\(UltrasoundImageObject.centimetresPerSecond), cm/s"],
                    ["Reference Pixel Y0 (0018,6022)", "row of velocity 0"],
                    ["Physical Delta Y (0018,602E)", "negative: velocity towards the transducer is up"],
                    ["Transducer Frequency (0018,6030)", "kHz"], ["Pulse Repetition Frequency (0018,6032)", "Hz"],
                    ["Doppler Correction Angle (0018,6034)", "degrees"],
                ])
    }

    private static let characterSets = """
        ## Character sets

        Documents are written in UTF-8: ISO_IR 192 in DICOM, `UNICODE UTF-8` in MSH-18, JSON. A name has up to three \
        component groups in DICOM, repetitions of PID-5 (A, I, P) in HL7 and `HumanName` with \
        `iso21090-EN-representation` in FHIR.
        """

    private static var message: String {
        "## HL7 v2.5.1: ORU^R01\n\n"
            + ConformanceTables.table(
                ["segment", "content"],
                [
                    ["MSH", "MSH-10 made once for each version, kept; MSH-11 T for a simulated exam, otherwise P"],
                    ["PID", "PID-3 number and issuer, PID-5 name in its written forms, PID-7, PID-8"],
                    ["ORC", "RE, placer's and filler's number"],
                    ["OBR", "OBR-4 title, OBR-7, OBR-16, OBR-18 accession, OBR-22, OBR-24 VUS, OBR-25, OBR-32"],
                    ["NTE", "that the exam is simulated"],
                    ["OBX HD", "Study Instance UID, 113014 DCM"],
                    ["OBX NM, CWE, TX", "the content of the structured report; OBX-4 is the place in its tree"],
                    ["OBX ED", "the PDF; its first four components are a setting"],
                ])
            + "\n\nOBX-11 and OBR-25: F verified, P not verified, C correction. OBX-11 N: not examined or not measured; X: "
            + "not assessable. `| ^ & ~ \\` are escaped as \\F\\ \\S\\ \\T\\ \\R\\ \\E\\, CR, LF and tabulator as "
            + "\\X0D\\ \\X0A\\ \\X09\\."
    }

    private static var transaction: String {
        "## FHIR R4: transaction\n\n"
            + ConformanceTables.table(
                ["resource", "request", "identifier"],
                [
                    ["Patient", "POST, ifNoneExist", "number in the issuer's system, a setting"],
                    ["Device", "POST, ifNoneExist", "`\(FHIRNamespace.dicomUID)`, the station's UID"],
                    ["ImagingStudy", "POST, ifNoneExist", "`\(FHIRNamespace.dicomUID)`, Study Instance UID"],
                    ["Observation", "POST, ifNoneExist", "`\(FHIRNamespace.documents)`, report's UUID and place"],
                    ["DiagnosticReport", "POST, ifNoneExist", "`\(FHIRNamespace.documents)`, report's UUID"],
                    ["Provenance", "PUT, the same id on every repetition", "none"],
                ])
            + "\n\nAbsent values: `dataAbsentReason` not-performed for what was not examined or not measured, unknown for "
            + "what was tried and cannot be judged. Simulated exams carry the security label HTEST. Our codes: CodeSystem "
            + "`\(CodingSystem.ours.uri)`, version \(PrivateScheme.version)."
    }

    private static var limits: String {
        "## What is refused\n\nNothing is cut. Refused with the field's name are control characters but tabulator and line "
            + "ends; in single values backslashes; in names `^` and `=`; names longer than \(RecordText.longString) "
            + "characters a component group, other values longer than DICOM's \(RecordText.longString) and "
            + "\(RecordText.shortString) characters; figures that are not finite; more than "
            + "\(RecordIdentifiers.mostImages) pictures."
    }
}
