/// Everything that a document says beside the exam: who, for whom, by which station, under which identifiers.
public struct RecordContext: Sendable, Hashable {
    /// Who was examined.
    public var subject: RecordSubject
    /// What the clinic asked for.
    public var order: RecordOrder
    /// The identifiers of this version.
    public var identifiers: RecordIdentifiers
    /// What made the exam.
    public var station: RecordStation
    /// Who made it; `nil` where it is not known.
    public var operatorName: RecordPersonName?
    /// When the documents are made, ISO 8601 with offset; no clock is read here.
    public var createdAt: String
    /// The identifiers of the version that this one amends; `nil` for a first version.
    public var predecessor: RecordIdentifiers?
    /// Who verified the exam and when; `nil` for a preliminary report.
    public var verification: RecordVerification?
    /// Whether the objects name the performed procedure step, because one is sent.
    public var namesPerformedStep: Bool
    /// How the observation message is headed.
    public var message: ObservationMessageSettings
    /// The namespace of patient numbers in FHIR, a URI; `nil` = one made from the issuer.
    public var patientNumberSystem: String?

    /// A context from its fields.
    public init(
        subject: RecordSubject, order: RecordOrder, identifiers: RecordIdentifiers, station: RecordStation,
        operatorName: RecordPersonName? = nil, createdAt: String, predecessor: RecordIdentifiers? = nil,
        verification: RecordVerification? = nil, namesPerformedStep: Bool = false,
        message: ObservationMessageSettings = ObservationMessageSettings(), patientNumberSystem: String? = nil
    ) {
        self.subject = subject
        self.order = order
        self.identifiers = identifiers
        self.station = station
        self.operatorName = operatorName
        self.createdAt = createdAt
        self.predecessor = predecessor
        self.verification = verification
        self.namesPerformedStep = namesPerformedStep
        self.message = message
        self.patientNumberSystem = patientNumberSystem
    }

    /// Whether somebody verified the exam.
    public var isVerified: Bool { verification != nil }
}

/// What made an exam: the program's station, as it names itself to the clinic.
public struct RecordStation: Sendable, Hashable, Codable {
    /// Manufacturer, at most 64 characters.
    public var manufacturer: String
    /// Model, at most 64 characters.
    public var model: String
    /// Serial number, at most 64 characters.
    public var serial: String
    /// Software with its version, at most 64 characters.
    public var softwareVersion: String
    /// The clinic, at most 64 characters; empty where it is not known.
    public var institution: String
    /// AE title, at most 16 characters; empty without a network.
    public var stationAETitle: String
    /// The station's name, at most 16 characters; empty where it has none.
    public var stationName: String
    /// The station's UID, the same for all its exams.
    public var deviceUID: String

    /// A station from its fields.
    public init(
        manufacturer: String, model: String, serial: String, softwareVersion: String, institution: String = "",
        stationAETitle: String = "", stationName: String = "", deviceUID: String
    ) {
        self.manufacturer = manufacturer
        self.model = model
        self.serial = serial
        self.softwareVersion = softwareVersion
        self.institution = institution
        self.stationAETitle = stationAETitle
        self.stationName = stationName
        self.deviceUID = deviceUID
    }
}

/// Who verified an exam, for whom and when.
public struct RecordVerification: Sendable, Hashable, Codable {
    /// The verifying observer.
    public var observer: RecordPersonName
    /// The observer's organisation, at most 64 characters.
    public var organisation: String
    /// When, ISO 8601 with offset.
    public var at: String

    /// A verification from its fields.
    public init(observer: RecordPersonName, organisation: String, at: String) {
        self.observer = observer
        self.organisation = organisation
        self.at = at
    }
}

/// How the observation message is headed, and how it holds the PDF: what differs between receivers.
public struct ObservationMessageSettings: Sendable, Hashable, Codable {
    /// MSH-3.
    public var sendingApplication: String
    /// MSH-4.
    public var sendingFacility: String
    /// MSH-5.
    public var receivingApplication: String
    /// MSH-6.
    public var receivingFacility: String
    /// The first components of the field that holds the PDF: `App`, `application`, `pdf`, `Base64` by default.
    ///
    /// Written are the source application, type of data, subtype and encoding (HL7 v2.5.1 2.A.24), before the data.
    public var encapsulatedHead: [String]

    /// Settings from their fields.
    public init(
        sendingApplication: String = "DOPPLERBRIDGE", sendingFacility: String = "", receivingApplication: String = "",
        receivingFacility: String = "", encapsulatedHead: [String] = ["DopplerBridge", "application", "pdf", "Base64"]
    ) {
        self.sendingApplication = sendingApplication
        self.sendingFacility = sendingFacility
        self.receivingApplication = receivingApplication
        self.receivingFacility = receivingFacility
        self.encapsulatedHead = encapsulatedHead
    }
}
