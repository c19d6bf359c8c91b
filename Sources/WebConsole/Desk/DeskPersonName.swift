internal import ExamArchive

/// A person's name as the interface writes it: DICOM's, `Family^Given=ideographic=phonetic` (PS3.5 6.2.1.1).
struct DeskPersonName {
    /// The name's text.
    var text: String

    /// The name of an identity.
    init(_ identity: PatientIdentity) {
        func group(_ family: String?, _ given: String?) -> String {
            guard let given, !given.isEmpty else { return family ?? "" }
            return "\(family ?? "")^\(given)"
        }
        var groups = [
            group(identity.familyName, identity.givenName),
            group(identity.ideographicFamilyName, identity.ideographicGivenName),
            group(identity.phoneticFamilyName, identity.phoneticGivenName),
        ]
        while groups.count > 1, groups.last?.isEmpty == true { groups.removeLast() }
        text = groups.joined(separator: "=")
    }

    /// The most groups of a name, and the most parts of one (PS3.5 6.2.1.1).
    private static let mostGroups = 3
    private static let mostParts = 5
    /// The longest name, bytes (project choice: three groups of 64 characters of up to 4 bytes).
    private static let longest = 768
    /// The longest number of a patient, and of who gave it, bytes (DICOM's long string, 64 characters).
    private static let longestID = 256

    /// The letter of a sex, as DICOM writes it; `nil` where it is not known.
    static func letter(ofSex sex: String?) -> String? {
        switch sex {
        case "female": "F"
        case "male": "M"
        case "other": "O"
        default: nil
        }
    }

    private enum Sex: String, CaseIterable {
        case female = "F"
        case male = "M"
        case other = "O"
    }

    /// The identity that a request holds: `{name, patientID, birthDate, sex, issuer}`.
    static func identity(_ given: JSONFields) throws(DeskRefusal) -> PatientIdentity {
        var fields = given
        let name = try fields.text("name", atMost: longest)
        let patientID = try fields.optionalText("patientID", atMost: longestID)
        let issuer = try fields.optionalText("issuer", atMost: longestID)
        let birthDate = try fields.optionalText("birthDate", atMost: longestID)
        let sex = try fields.optionalWord("sex", Sex.self)
        try fields.end()
        let groups = name.split(separator: "=", omittingEmptySubsequences: false).map { group in
            group.split(separator: "^", omittingEmptySubsequences: false).map(String.init)
        }
        guard groups.count <= mostGroups, groups.allSatisfy({ $0.count <= mostParts }), !groups[0][0].isEmpty else {
            throw DeskRefusal(.wrongInput, "`identity.name` is no person's name", next: "Write Family^Given.")
        }
        if let birthDate, !isDate(birthDate) {
            throw DeskRefusal(.wrongInput, "`identity.birthDate` is no date", next: "Write it as 1961-04-30.")
        }
        func part(_ group: Int, _ index: Int) -> String? {
            guard groups.indices.contains(group), groups[group].indices.contains(index) else { return nil }
            return groups[group][index].isEmpty ? nil : groups[group][index]
        }
        return PatientIdentity(
            familyName: part(0, 0) ?? "", givenName: part(0, 1) ?? "", birthDate: birthDate,
            sex: sex.map { "\($0)" }, patientID: patientID.flatMap { $0.isEmpty ? nil : $0 },
            issuer: issuer.flatMap { $0.isEmpty ? nil : $0 }, ideographicFamilyName: part(1, 0),
            ideographicGivenName: part(1, 1), phoneticFamilyName: part(2, 0), phoneticGivenName: part(2, 1))
    }

    /// Whether a text is a day of the calendar: `1961-04-30`.
    private static func isDate(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [4, 2, 2], parts.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } }),
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]), (1...12).contains(month)
        else { return false }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return year > 0 && (1...days[month - 1]).contains(day)
    }
}
