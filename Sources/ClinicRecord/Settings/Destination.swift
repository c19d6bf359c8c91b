public import RecordDocuments

/// A system of the clinic that documents go to.
public struct Destination: Sendable, Hashable {
    /// Its name, as the outbox has it.
    public var name: String
    /// Whether new documents are made for it; what is in the outbox already is sent either way.
    public var isOn: Bool
    /// Which documents it gets.
    public var documents: Set<RecordDocumentKind>
    /// How it is spoken to.
    public var service: Service
    /// When what failed is tried again.
    public var retries: RetryPolicy

    /// The ways to speak to a destination.
    public enum Service: Sendable, Hashable {
        /// C-STORE, with procedure steps and storage commitment where they are on.
        case dicom(DICOMService)
        /// STOW-RS.
        case dicomWeb(HTTPPeer)
        /// HL7 v2 over MLLP.
        case hl7(MLLPPeer, message: ObservationMessageSettings)
        /// FHIR R4 transactions.
        case fhir(HTTPPeer)
    }

    /// A DICOM archive with what it offers.
    public struct DICOMService: Sendable, Hashable {
        /// The archive.
        public var peer: DICOMPeer
        /// Whether it is told of procedure steps (MPPS).
        public var tellsSteps: Bool
        /// Storage commitment; `nil` = off.
        public var commitment: CommitmentPolicy?
    }

    /// How an archive is asked to keep what it took.
    public struct CommitmentPolicy: Sendable, Hashable {
        /// How long a report on the same association is waited for, seconds.
        public var waitSeconds: Int
        /// After so long without a report a person is asked, hours.
        public var patienceHours: Double
    }

    /// The kinds of documents that a service can carry.
    static func kinds(of service: String) -> Set<RecordDocumentKind> {
        switch service {
        case "dicom", "dicomweb": [.usImage, .structuredReport, .encapsulatedPDF]
        case "hl7": [.observationMessage]
        default: [.fhirBundle]
        }
    }
}

extension Destination: CustomStringConvertible {
    /// Its name and who it is.
    public var description: String {
        switch service {
        case .dicom(let service): "\(name): \(service.peer)"
        case .dicomWeb(let peer), .fhir(let peer): "\(name): \(peer)"
        case .hl7(let peer, _): "\(name): \(peer)"
        }
    }
}
