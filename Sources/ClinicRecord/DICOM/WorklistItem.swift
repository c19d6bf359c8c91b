public import RecordDocuments

/// One scheduled step of a worklist: who comes, and what for.
public struct WorklistItem: Sendable, Hashable {
    /// Who comes.
    public var subject: RecordSubject
    /// What was asked for.
    public var order: RecordOrder
    /// The station that it is planned for.
    public var stationTitle: String
    /// The modality, `US`.
    public var modality: String
    /// When, as DICOM writes a date: `20260131`; `nil` where it is not planned.
    public var startDate: String?
    /// When, as DICOM writes a time: `101500`; `nil` where it is not planned.
    public var startTime: String?

    /// An item from its fields.
    public init(
        subject: RecordSubject, order: RecordOrder, stationTitle: String, modality: String, startDate: String? = nil,
        startTime: String? = nil
    ) {
        self.subject = subject
        self.order = order
        self.stationTitle = stationTitle
        self.modality = modality
        self.startDate = startDate
        self.startTime = startTime
    }
}

/// What a worklist answered.
public struct Worklist: Sendable, Hashable {
    /// The items that could be read.
    public var items: [WorklistItem] = []
    /// How many answers could not be read in their character set: none of their names would be right.
    public var unreadableCount = 0
    /// How many answers held no patient's number or no study: they cannot be examined by.
    public var incompleteCount = 0

    /// An empty one.
    public init() {}
}

/// What is asked a worklist for.
public struct WorklistQuery: Sendable, Hashable {
    /// Only for this station; `nil`: for all.
    public var stationTitle: String?
    /// Only of this day, `20260131`, or of days from to, `20260131-20260202`; `nil`: of all.
    public var date: String?
    /// Only this modality.
    public var modality = "US"
    /// How the answers are written where they do not say so, as DICOM names it (`ISO_IR 100`); `nil`: ASCII.
    public var defaultCharacterSet: String?
    /// After so many answers the query is cancelled (project choice: more are not looked through).
    public var mostAnswers = 500

    /// A query for everything.
    public init() {}
}

extension WorklistItem {
    /// The first item of the sequence of scheduled steps.
    private static let step = "00400100[0]."

    /// An item from an answer; `nil` where the patient's number or the study is missing.
    init?(_ answer: DICOMAttributes) {
        let text = { (path: String) in answer.text(path) }
        guard let patientID = text("00100020"), let study = text("0020000D") else { return nil }
        let sex: RecordSex? =
            switch text("00100040") {
            case "F": .female
            case "M": .male
            case "O": .other
            default: nil
            }
        let born = text("00100030").flatMap(Self.isoDate)
        let subject = RecordSubject(
            name: RecordPersonName(dicom: text("00100010") ?? ""), patientID: patientID, issuer: text("00100021"),
            birthDate: born, sex: sex)
        let order = RecordOrder(
            studyInstanceUID: study, accessionNumber: text("00080050") ?? "", requestedProcedureID: text("00401001"),
            requestedProcedureDescription: text("00321060"), scheduledStepID: text(Self.step + "00400009"),
            scheduledStepDescription: text(Self.step + "00400007"),
            referringPhysician: text("00080090").map { RecordPersonName(dicom: $0) })
        self.init(
            subject: subject, order: order, stationTitle: text(Self.step + "00400001") ?? "",
            modality: text(Self.step + "00080060") ?? "", startDate: text(Self.step + "00400002"),
            startTime: text(Self.step + "00400003"))
    }

    /// `19610430` as `1961-04-30`; `nil` for anything else.
    private static func isoDate(_ text: String) -> String? {
        guard text.utf8.count == 8, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return "\(text.prefix(4))-\(text.dropFirst(4).prefix(2))-\(text.suffix(2))"
    }
}

extension RecordPersonName {
    /// A name from DICOM's form (PS3.5 6.2.1.1): `Family^Given^Middle=ideographic=phonetic`.
    init(dicom text: String) {
        let groups = text.split(separator: "=", omittingEmptySubsequences: false).map(Self.parts)
        let name = groups[0]
        let other = { (index: Int) in
            groups.indices.contains(index) && groups[index] != RecordNameParts(family: "", given: "")
                ? groups[index] : nil
        }
        self.init(family: name.family, given: name.given, ideographic: other(1), phonetic: other(2))
    }

    private static func parts(_ group: Substring) -> RecordNameParts {
        let parts = group.split(separator: "^", omittingEmptySubsequences: false)
            .map { $0.split(separator: " ").joined(separator: " ") }
        // Given and middle names; prefix and suffix stay with the clinic.
        let given = parts.dropFirst().prefix(2).filter { !$0.isEmpty }.joined(separator: " ")
        return RecordNameParts(family: parts[0], given: given)
    }

    /// The name in DICOM's form.
    var dicom: String {
        let groups = [RecordNameParts(family: family, given: given), ideographic, phonetic].map { parts in
            parts.map { $0.given.isEmpty ? $0.family : "\($0.family)^\($0.given)" } ?? ""
        }
        let last = groups.lastIndex { !$0.isEmpty } ?? 0
        return groups[...last].joined(separator: "=")
    }
}
