/// A receiver of HL7 v2 messages over MLLP, and how it is spoken to.
public struct MLLPPeer: Sendable, Hashable {
    /// Its host name or address.
    public var host: String
    /// Its port.
    public var port: UInt16
    /// How long a message may take until its answer is there whole, seconds.
    public var timeoutSeconds: Int
    /// `nil`: plain TCP; else the host's name is compared with the certificate.
    public var tls: TLSFiles?

    /// How long is waited without a setting, seconds (project choice).
    public static let usualTimeoutSeconds = 30

    /// A peer from its fields.
    public init(
        host: String, port: UInt16, timeoutSeconds: Int = usualTimeoutSeconds, tls: TLSFiles? = nil
    ) {
        self.host = host
        self.port = port
        self.timeoutSeconds = timeoutSeconds
        self.tls = tls
    }
}

extension MLLPPeer: CustomStringConvertible {
    /// `HL7 receiver at record.example:2575`.
    public var description: String { "HL7 receiver at \(host):\(port)\(tls == nil ? "" : " over TLS")" }
}
