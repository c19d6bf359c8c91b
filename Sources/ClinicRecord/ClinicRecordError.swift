/// What keeps a document from its destination, or an answer from us: in words that a clinic's IT understands.
///
/// No case holds anything of a patient.
public enum ClinicRecordError: Error, Sendable, Hashable {
    /// Nobody answers there.
    case notConnected(peer: String, reason: String)
    /// The encrypted connection was not made.
    case tlsFailed(peer: String, reason: String)
    /// One of our certificates or keys cannot be used.
    case tlsFile(peer: String, what: String)
    /// The DICOM system does not let us in.
    case rejected(peer: String, AssociationRejection)
    /// The DICOM system does not take this kind of object or service.
    case notOffered(peer: String, what: String)
    /// The other side ended the connection in the middle.
    case aborted(peer: String, what: String)
    /// No answer came in time.
    case timedOut(peer: String, what: String, seconds: Int)
    /// The connection was cut.
    case connectionLost(peer: String, what: String)
    /// A DICOM status that is no success (PS3.7 annex C, PS3.4).
    case refused(peer: String, what: String, status: UInt16)
    /// An answer that is none.
    case badAnswer(peer: String, reason: String)
    /// What was to be sent cannot be.
    case badDocument(reason: String)
    /// The listener's port is not free.
    case portTaken(port: Int, reason: String)
    /// An HTTP status that is no success.
    case http(peer: String, status: Int)
    /// An HL7 acknowledgement that is no AA or CA (HL7 table 0008).
    case notAcknowledged(peer: String, code: String, reason: String)
    /// The settings' file is wrong, at these places.
    case settings(problems: [String])
    /// It was not tried, because what goes before it was not taken yet.
    case waiting
    /// A file cannot be used.
    case file(path: String, reason: String, remedy: String)
    /// Something inside failed.
    case broken(reason: String)
}

extension ClinicRecordError: CustomStringConvertible {
    /// What, where, and what to check.
    public var description: String {
        switch self {
        case .notConnected(let peer, let reason):
            "\(peer): no connection (\(reason)): check host name, port, firewall, and that it runs"
        case .tlsFailed(let peer, let reason):
            "\(peer): no encrypted connection (\(reason)): check that it speaks TLS on this port, that its certificate is "
                + "of the authority in the settings, and that it trusts our certificate"
        case .tlsFile(let peer, let what):
            "\(peer): our \(what) cannot be used: give PEM files that belong together, the key without a passphrase"
        case .rejected(let peer, let rejection): "\(peer): \(rejection.words)"
        case .notOffered(let peer, let what):
            "\(peer): it does not take \(what): switch this on there for our AE title, or off in the settings"
        case .aborted(let peer, let what): "\(peer): it broke \(what) off: its log tells why"
        case .timedOut(let peer, let what, let seconds):
            "\(peer): no answer to \(what) in \(seconds) s: check that it speaks this protocol on this port, with TLS or "
                + "without as in the settings, or give it more time"
        case .connectionLost(let peer, let what):
            "\(peer): the connection was cut during \(what): check the network, and that TLS is on or off on both sides"
        case .refused(let peer, let what, let status): "\(peer): \(what): \(DICOMStatus(status).words)"
        case .badAnswer(let peer, let reason):
            "\(peer): its answer cannot be read (\(reason)): check what listens there"
        default: otherDescription
        }
    }

    private var otherDescription: String {
        switch self {
        case .badDocument(let reason): "this document cannot be sent (\(reason)): make it again"
        case .portTaken(let port, let reason):
            "port \(port): cannot be listened on (\(reason)): end the program that has it, or take another port"
        case .http(let peer, let status): "\(peer): \(HTTPStatus(status).words)"
        case .notAcknowledged(let peer, let code, let reason):
            code == "AR" || code == "CR"
                ? "\(peer): rejected the message (\(code)\(reason)): check message type, version and processing id there"
                : "\(peer): did not take the message (\(code)\(reason)): its log tells which field"
        case .settings(let problems): problems.joined(separator: "\n")
        case .file(let path, let reason, let remedy): "\(path): \(reason): \(remedy)"
        case .waiting: "waits for the documents before it: nothing is to be done"
        case .broken(let reason): "\(reason): please report this"
        default: ""
        }
    }
}

extension AssociationRejection {
    /// What it means and what to do.
    var words: String {
        switch cause {
        case .callingTitleUnknown: "it does not know our AE title: enter it there, with this computer's address"
        case .calledTitleUnknown: "it has another AE title: correct it in the settings"
        case .busy: "it has no room for another connection now: it is tried again"
        case .other(let source, let reason):
            "it rejected the association (\(isTransient ? "for now" : "for ever"), source \(source), reason \(reason)): "
                + "check our AE title and address in its list"
        }
    }
}
