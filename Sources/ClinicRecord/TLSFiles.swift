/// The files of an encrypted connection, all PEM.
public struct TLSFiles: Sendable, Hashable {
    /// The authority whose certificates are believed, and no others: the clinic's own.
    public var authority: String
    /// This side's certificate and key; `nil` where the other side asks for none.
    public var own: Pair?

    /// A certificate with its key.
    public struct Pair: Sendable, Hashable {
        /// The certificate.
        public var certificate: String
        /// Its key, without a passphrase.
        public var key: String

        /// A pair from its files.
        public init(certificate: String, key: String) {
            self.certificate = certificate
            self.key = key
        }
    }

    /// Files from their paths.
    public init(authority: String, own: Pair? = nil) {
        self.authority = authority
        self.own = own
    }
}
