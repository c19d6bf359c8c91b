internal import CDICOM

extension ClinicRecordError {
    /// How a DICOM call ended; `nil` where it did what it should.
    init?(_ outcome: cdicom_outcome, peer: DICOMPeer, what: String) {
        let name = peer.description
        let text = CTexts.read(outcome.text)
        switch outcome.end {
        case cdicom_done: return nil
        case cdicom_not_connected: self = .notConnected(peer: name, reason: text)
        case cdicom_tls_failed: self = .tlsFailed(peer: name, reason: text)
        case cdicom_tls_file: self = .tlsFile(peer: name, what: text)
        case cdicom_rejected:
            let rejection = AssociationRejection(
                result: Int(outcome.reject_result), source: Int(outcome.reject_source),
                reason: Int(outcome.reject_reason))
            self = .rejected(peer: name, rejection)
        case cdicom_not_offered: self = .notOffered(peer: name, what: what)
        case cdicom_aborted: self = .aborted(peer: name, what: what)
        case cdicom_timed_out: self = .timedOut(peer: name, what: what, seconds: peer.timeoutSeconds)
        case cdicom_connection_lost: self = .connectionLost(peer: name, what: what)
        case cdicom_refused: self = .refused(peer: name, what: what, status: outcome.status)
        case cdicom_bad_answer: self = .badAnswer(peer: name, reason: text)
        case cdicom_bad_input: self = .badDocument(reason: text)
        default: self = .broken(reason: "\(name): \(text)")
        }
    }
}
