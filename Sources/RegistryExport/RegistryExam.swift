public import CCSVIAnalysis

/// An exam on its way to the registry, with what the clinic keeps apart from it.
public struct RegistryExam: Sendable {
    /// The exam.
    public var exam: Exam
    /// Its version, from 1.
    public var version: Int
    /// Whether it is signed.
    public var isSigned: Bool
    /// What stands for the exam.
    public var pseudonym: RegistryPseudonym
    /// What stands for the subject: the same in all exams of one.
    public var subjectPseudonym: RegistryPseudonym
    /// By how many days all dates of this subject are put back.
    public var shiftDays: Int
    /// Date of birth; `nil` where it is not known or not to be used.
    public var birthDate: RegistryDate?
    /// Administrative sex; `nil` where it is not known or not to be used.
    public var sex: RegistrySex?

    /// An exam with its pseudonyms.
    public init(
        _ exam: Exam, version: Int, isSigned: Bool, pseudonym: RegistryPseudonym,
        subjectPseudonym: RegistryPseudonym, shiftDays: Int, birthDate: RegistryDate? = nil, sex: RegistrySex? = nil
    ) {
        self.exam = exam
        self.version = version
        self.isSigned = isSigned
        self.pseudonym = pseudonym
        self.subjectPseudonym = subjectPseudonym
        self.shiftDays = shiftDays
        self.birthDate = birthDate
        self.sex = sex
    }

    /// Ages from here on are given as this one (HIPAA 45 CFR 164.514(b)(2)(i)(C): all over 89 in one group).
    public static let cappedAgeYears = 90

    /// Age at the exam, years, capped; `nil` where it is not known.
    var ageYears: Int? {
        guard let birthDate, let day = RegistryDate(exam.startedAt) else { return nil }
        return day.age(bornOn: birthDate).map { min($0, Self.cappedAgeYears) }
    }

    /// The exam's day, put back.
    var shiftedDay: RegistryDate? { RegistryDate(exam.startedAt)?.earlier(byDays: shiftDays) }
}

/// Administrative sex.
public enum RegistrySex: String, Sendable, Hashable, CaseIterable {
    case female, male, other
}
