/// Where the server listens, and by which names it is known.
public struct ServerSettings: Sendable, Hashable {
    /// The address of this computer that is listened on: `127.0.0.1`, `::1` or `localhost`; any other needs ``encryption``.
    public var host: String
    /// The port; 0 takes a free one.
    public var port: UInt16
    /// Names by which browsers of other computers reach it, without port; the first stands in its links.
    public var names: [String]
    /// How it is encrypted; `nil` = not at all, which only the computer's own browsers get.
    public var encryption: ServerEncryption?

    /// Settings; what is not given is the safest.
    public init(
        host: String = "127.0.0.1", port: UInt16 = 0, names: [String] = [], encryption: ServerEncryption? = nil
    ) {
        self.host = host
        self.port = port
        self.names = names
        self.encryption = encryption
    }

    /// Names of this computer that reach nobody else.
    static let loopbackNames: Set<String> = ["127.0.0.1", "::1", "localhost"]
    /// Addresses that stand for all that the computer has.
    private static let allAddresses: Set<String> = ["0.0.0.0", "::"]

    /// Whether only programs of this computer can reach the server.
    var isLoopback: Bool { Self.loopbackNames.contains(host) }

    /// What stands in links.
    var shownName: String { Self.bracketed(names.first ?? host) }

    /// Refuses what would be open to others, or unreachable.
    func check() throws(LocalServerError) {
        guard isLoopback || encryption != nil else { throw .notLoopback(host: host) }
        guard isLoopback || !names.isEmpty || !Self.allAddresses.contains(host) else { throw .noName(host: host) }
        for name in names {
            let isSound = name.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                    || (UInt8(ascii: "0")...UInt8(ascii: ":")).contains(byte) || byte == UInt8(ascii: "-")
                    || byte == UInt8(ascii: ".")
            }
            guard isSound, !name.isEmpty else { throw .wrongName(name) }
        }
    }

    /// How browsers may reach a server that listens on this port.
    func reach(port: Int) -> RequestGate.Reach {
        let scheme = encryption == nil ? "http" : "https"
        let own = isLoopback || names.isEmpty ? [host] : []
        let names = Set((isLoopback ? Array(Self.loopbackNames) : own) + names).map { Self.bracketed($0).lowercased() }
        // A browser leaves the scheme's own port out.
        let isUsualPort = port == (encryption == nil ? 80 : 443)
        let authorities = names.map { "\($0):\(port)" } + (isUsualPort ? names : [])
        return .init(scheme: scheme, authorities: Set(authorities), cookieName: "dopplerbridge-\(port)")
    }

    private static func bracketed(_ name: String) -> String { name.contains(":") ? "[\(name)]" : name }
}
