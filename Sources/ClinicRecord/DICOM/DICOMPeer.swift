internal import CDICOM

/// A DICOM system of the clinic, and how it is spoken to.
public struct DICOMPeer: Sendable, Hashable {
    /// Its host name or address.
    public var host: String
    /// Its port.
    public var port: UInt16
    /// Its AE title.
    public var calledTitle: String
    /// Ours.
    public var callingTitle: String
    /// How long each answer is waited for, seconds.
    public var timeoutSeconds: Int
    /// The files of TLS; without them plain TCP.
    ///
    /// Its authority is pinned; DCMTK does not compare the host's name with the certificate.
    public var tls: TLSFiles?

    /// How long is waited without a setting, seconds (project choice: archives index before they answer).
    public static let usualTimeoutSeconds = 30

    /// A peer from its fields.
    public init(
        host: String, port: UInt16, calledTitle: String, callingTitle: String,
        timeoutSeconds: Int = usualTimeoutSeconds, tls: TLSFiles? = nil
    ) {
        self.host = host
        self.port = port
        self.calledTitle = calledTitle
        self.callingTitle = callingTitle
        self.timeoutSeconds = timeoutSeconds
        self.tls = tls
    }
}

extension DICOMPeer: CustomStringConvertible {
    /// `ARCHIVE at pacs.example:104, called by DOPPLERBRIDGE`.
    public var description: String {
        "\(calledTitle) at \(host):\(port)\(tls == nil ? "" : " over TLS"), called by \(callingTitle)"
    }
}

extension DICOMPeer {
    /// Runs a call with the peer as C has it, and throws how it ended.
    ///
    /// - Parameter what: what is asked, for the error.
    func calling(
        _ what: String, _ body: (UnsafePointer<cdicom_peer>, CTexts, UnsafeMutablePointer<cdicom_outcome>) -> Void
    ) throws(ClinicRecordError) {
        let texts = CTexts()
        var peer = cdicom_peer()
        peer.host = texts.add(host)
        peer.port = port
        peer.called_title = texts.add(calledTitle)
        peer.calling_title = texts.add(callingTitle)
        peer.timeout_seconds = Int32(clamping: timeoutSeconds)
        peer.ca_file = texts.add(tls?.authority)
        peer.certificate_file = texts.add(tls?.own?.certificate)
        peer.key_file = texts.add(tls?.own?.key)
        var outcome = cdicom_outcome()
        withExtendedLifetime(texts) { body(&peer, texts, &outcome) }
        if let error = ClinicRecordError(outcome, peer: self, what: what) { throw error }
    }
}
