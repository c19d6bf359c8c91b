/// Who was examined, as the clinic's record knows the subject.
///
/// Stands in documents for the clinic only; an exam itself knows a code.
public struct RecordSubject: Sendable, Hashable {
    /// The name in its written forms.
    public var name: RecordPersonName
    /// Number in the clinic's record.
    public var patientID: String
    /// Who gave that number; `nil` where it is not known.
    public var issuer: String?
    /// Date of birth, `1961-04-30`; `nil` where it is not known.
    public var birthDate: String?
    /// Administrative sex; `nil` where it is not known.
    public var sex: RecordSex?

    /// A subject from its fields.
    public init(
        name: RecordPersonName, patientID: String, issuer: String? = nil, birthDate: String? = nil,
        sex: RecordSex? = nil
    ) {
        self.name = name
        self.patientID = patientID
        self.issuer = issuer
        self.birthDate = birthDate
        self.sex = sex
    }
}

/// Administrative sex, as DICOM (0010,0040) and FHIR know it.
public enum RecordSex: String, Sendable, Hashable, Codable {
    case female, male, other
}

/// A person's name, any script: DICOM's three component groups (PS3.5 6.2.1.1).
public struct RecordPersonName: Sendable, Hashable, Codable {
    /// Family name.
    public var family: String
    /// Given names.
    public var given: String
    /// The same name in ideographic characters, family and given name; `nil` where there is none.
    public var ideographic: RecordNameParts?
    /// The same name as it is spoken, in phonetic characters; `nil` where there is none.
    public var phonetic: RecordNameParts?

    /// A name from its parts.
    public init(
        family: String, given: String, ideographic: RecordNameParts? = nil, phonetic: RecordNameParts? = nil
    ) {
        self.family = family
        self.given = given
        self.ideographic = ideographic
        self.phonetic = phonetic
    }
}

/// Family and given name in one script.
public struct RecordNameParts: Sendable, Hashable, Codable {
    /// Family name.
    public var family: String
    /// Given names.
    public var given: String

    /// A name from its parts.
    public init(family: String, given: String) {
        self.family = family
        self.given = given
    }
}
