/// A code with its system and meaning.
public struct RecordCode: Sendable, Hashable {
    /// The coding scheme designator (PS3.16 table 8-1): `SCT`, `LN`, `DCM`, `UCUM`, `99CCSVI`.
    public var system: String
    /// The code, at most 16 characters.
    public var code: String
    /// What it means, at most 64 characters.
    public var meaning: String

    /// A code from its parts.
    public init(system: String, code: String, meaning: String) {
        self.system = system
        self.code = code
        self.meaning = meaning
    }
}

/// One row of the code table.
public struct CodeTableRow: Sendable, Hashable {
    /// Whether a source confirms a code.
    public enum Status: String, Sendable, Hashable, CaseIterable {
        /// A published source has the code with this meaning.
        case verified
        /// No source confirms one: the code is the project's own.
        case `private`
    }

    /// The concept's name in the program.
    public var concept: String
    /// The code.
    public var code: RecordCode
    /// Whether a source confirms it.
    public var status: Status
    /// Where it comes from.
    public var source: String
}

/// The coding scheme of the project's own codes, declared in every object that uses it (PS3.3 C.12.1.1, (0008,0110)).
public enum PrivateScheme {
    /// The designator: `99` marks a private one (PS3.16 8.2).
    public static let designator = "99CCSVI"
    /// The scheme's UID, made once for the project.
    public static let uid = "2.25.267583855305357462348650941306917084941"
    /// The scheme's name.
    public static let name = "DopplerBridge venous haemodynamic findings"
    /// The version of the list of codes.
    public static let version = "2026-1"
    /// Who is responsible.
    public static let organisation = "DopplerBridge project"
}

/// The coding systems that the table may name.
public enum CodingSystem: String, Sendable, Hashable, CaseIterable {
    case loinc = "LN"
    case dicom = "DCM"
    case snomed = "SCT"
    case units = "UCUM"
    case nci = "NCIt"
    case anatomy = "FMA"
    case language = "RFC5646"
    case ours = "99CCSVI"

    /// The same system in FHIR, a URI (PS3.16 table 8-1; HL7 terminology).
    public var uri: String {
        switch self {
        case .loinc: "http://loinc.org"
        case .dicom: "http://dicom.nema.org/resources/ontology/DCM"
        case .snomed: "http://snomed.info/sct"
        case .units: "http://unitsofmeasure.org"
        case .nci: "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl"
        case .anatomy: "urn:oid:2.16.840.1.113883.6.119"
        case .language: "urn:ietf:bcp:47"
        case .ours: "urn:oid:" + PrivateScheme.uid
        }
    }
}
