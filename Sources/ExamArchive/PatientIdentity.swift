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
    /// Sex as the clinic's record writes it; `nil` where it is not known.
    public var sex: String?
    /// Number in the clinic's record; `nil` where there is none.
    public var patientID: String?
    /// Who gave that number; `nil` where it is not known.
    public var issuer: String?

    /// An identity from its fields.
    public init(
        familyName: String, givenName: String, birthDate: String? = nil, sex: String? = nil, patientID: String? = nil,
        issuer: String? = nil
    ) {
        self.familyName = familyName
        self.givenName = givenName
        self.birthDate = birthDate
        self.sex = sex
        self.patientID = patientID
        self.issuer = issuer
    }
}
