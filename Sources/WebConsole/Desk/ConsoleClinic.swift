public import CCSVIAnalysis
public import ExamArchive
public import ExamSession

/// What the console needs of the program around it: rules, documents, the worklist and this computer.
///
/// Everything that takes time may block: the desk calls it on threads of its own.
public protocol ConsoleClinic: Sendable {
    /// The program, with its version.
    var software: String { get }
    /// The protocols that can be followed.
    var protocols: [OfferedProtocol] { get }
    /// What exams are scored by.
    var definition: CriteriaDefinition { get }
    /// The table that the severity is scored by.
    var table: VHISSTable { get }
    /// Whether a worklist is configured.
    var hasWorklist: Bool { get }
    /// Whether documents of signed exams go to the clinic.
    var sendsDocuments: Bool { get }

    /// Asks the worklist who comes.
    func worklist() throws(DeskRefusal) -> WorklistAnswer

    /// Opens the probe for an exam.
    ///
    /// - Parameter name: the patient's name where it may be shown.
    func opening(of plan: ExamPlan, in folder: ExamFolder, name: String?) throws(DeskRefusal) -> ExamOpening

    /// What is known of quality assurance now.
    func quality() -> QualityStatement

    /// What the probe is, and how it is connected.
    func device() -> DeviceFacts

    /// What is amiss with this computer and its USB.
    func findings() throws(DeskRefusal) -> [DeviceFinding]

    /// Writes `report.pdf` into an exam's folder, from what is in it.
    func writeReport(in folder: ExamFolder) throws(DeskRefusal)

    /// The clinic's documents of an exam that is about to be signed.
    func deliveries(
        of examID: String, in archive: Archive, secret: IdentitySecret?, act: ArchiveAct
    ) throws(DeskRefusal) -> [NewDelivery]
}

/// A protocol with the file that it was read from.
public struct OfferedProtocol: Sendable, Hashable {
    /// The protocol.
    public var examProtocol: ExamProtocol
    /// The file's text.
    public var text: String
    /// SHA-256 of the file where it is a site's own; `nil` for a protocol that is built in.
    public var sha256: String?

    /// A protocol with its file.
    public init(examProtocol: ExamProtocol, text: String, sha256: String?) {
        self.examProtocol = examProtocol
        self.text = text
        self.sha256 = sha256
    }
}

/// What the worklist answered.
public struct WorklistAnswer: Sendable, Hashable {
    /// Who comes.
    public var entries: [WorklistEntry]
    /// What was wrong with the answer; `nil` where nothing was.
    public var problem: String?

    /// An answer from its parts.
    public init(entries: [WorklistEntry], problem: String? = nil) {
        self.entries = entries
        self.problem = problem
    }
}

/// One person who comes.
public struct WorklistEntry: Sendable, Hashable {
    /// Tells this entry from the others, for as long as it is on the list.
    public var key: String
    /// Who.
    public var identity: PatientIdentity
    /// The accession number; `nil` where there is none.
    public var accession: String?
    /// When, ISO 8601 local time; `nil` where it is not planned.
    public var scheduledAt: String?
    /// What for.
    public var description: String?
    /// The order as the archive keeps it, JSON.
    public var order: [UInt8]

    /// An entry from its parts.
    public init(
        key: String, identity: PatientIdentity, accession: String?, scheduledAt: String?, description: String?,
        order: [UInt8]
    ) {
        self.key = key
        self.identity = identity
        self.accession = accession
        self.scheduledAt = scheduledAt
        self.description = description
        self.order = order
    }
}

/// What the probe is, and how it is connected.
public struct DeviceFacts: Sendable, Hashable {
    /// Whether the probe is there.
    public enum Plugged: String, Sendable, Hashable, CaseIterable {
        /// On its cable.
        case attached
        /// Unplugged.
        case away
        /// Nothing is plugged: it is simulated.
        case simulated
    }

    /// Maker and product.
    public var probe: String
    /// Serial number; `nil` where it is not known.
    public var serial: String?
    /// Firmware; `nil` where it is not known.
    public var firmware: String?
    /// The profile's id; `nil` for a source without one.
    public var profileID: String?
    /// The profile's title.
    public var profileTitle: String?
    /// Who makes the probe.
    public var profileMaker: String?
    /// The way to the probe, in words.
    public var transport: String
    /// Whether the probe is there.
    public var plugged: Plugged
    /// When quality assurance was last run, ISO 8601; `nil` = never.
    public var qualityDate: String?

    /// Facts from their fields.
    public init(
        probe: String, serial: String? = nil, firmware: String? = nil, profileID: String? = nil,
        profileTitle: String? = nil, profileMaker: String? = nil, transport: String, plugged: Plugged,
        qualityDate: String? = nil
    ) {
        self.probe = probe
        self.serial = serial
        self.firmware = firmware
        self.profileID = profileID
        self.profileTitle = profileTitle
        self.profileMaker = profileMaker
        self.transport = transport
        self.plugged = plugged
        self.qualityDate = qualityDate
    }
}

/// Something that a person should look at.
public struct DeviceFinding: Sendable, Hashable, Encodable {
    /// What was found.
    public var what: String
    /// What to do about it.
    public var next: String

    /// A finding from its parts.
    public init(what: String, next: String) {
        self.what = what
        self.next = next
    }
}
