/// Who a subject is.
///
/// It is stored sealed, apart from everything clinical, which knows the subject's code alone.
public struct PatientIdentity: Sendable, Hashable, Codable {
    /// Family name.
    public var familyName: String
    /// Given names.
    public var givenName: String
    /// Date of birth, `1961-04-30`; `nil` where it is not known.
    public var birthDate: String?
    /// Administrative sex, one of `sexes`; `nil` where it is not known.
    public var sex: String?
    /// Number in the clinic's record; `nil` where there is none.
    public var patientID: String?
    /// Who gave that number; `nil` where it is not known.
    public var issuer: String?
    /// The family name in ideographic characters; `nil` where there is none.
    public var ideographicFamilyName: String?
    /// The given names in ideographic characters; `nil` where there are none.
    public var ideographicGivenName: String?
    /// The family name as it is spoken, in phonetic characters; `nil` where there is none.
    public var phoneticFamilyName: String?
    /// The given names as they are spoken, in phonetic characters; `nil` where there are none.
    public var phoneticGivenName: String?

    /// The words for the administrative sex, as FHIR writes them (administrative-gender, R4).
    public static let sexes = ["female", "male", "other"]

    /// An identity from its fields.
    public init(
        familyName: String, givenName: String, birthDate: String? = nil, sex: String? = nil, patientID: String? = nil,
        issuer: String? = nil, ideographicFamilyName: String? = nil, ideographicGivenName: String? = nil,
        phoneticFamilyName: String? = nil, phoneticGivenName: String? = nil
    ) {
        self.familyName = familyName
        self.givenName = givenName
        self.birthDate = birthDate
        self.sex = sex
        self.patientID = patientID
        self.issuer = issuer
        self.ideographicFamilyName = ideographicFamilyName
        self.ideographicGivenName = ideographicGivenName
        self.phoneticFamilyName = phoneticFamilyName
        self.phoneticGivenName = phoneticGivenName
    }
}
