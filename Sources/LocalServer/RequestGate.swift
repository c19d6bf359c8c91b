import NIOHTTP1

/// Decides from a request's header alone whether it is served, and by whom.
///
/// The server's name is checked against DNS rebinding, the origin against pages of other servers, and everything that
/// could be read in two ways is refused.
struct RequestGate {
    /// Who serves a request that was let through.
    enum Verdict: Hashable {
        /// The one-time link; the browser is known already where there is a visitor.
        case enter(token: String, visitor: VisitorID?)
        /// A file of the page.
        case asset(String)
        /// The desk, once the body is there.
        case desk(method: String, RequestTarget, VisitorID)
        /// The live connection.
        case live(VisitorID)

        /// Whether a cookie was shown; without one only a link is served.
        var isOfVisitor: Bool {
            if case .enter(_, nil) = self { false } else { true }
        }
    }

    /// How the server is reached.
    struct Reach: Hashable {
        /// `http` or `https`.
        var scheme: String
        /// What may stand in `Host`, in lower case, with the port.
        var authorities: Set<String>
        /// The name of the cookie, with the port in it: two consoles on one computer share their cookies.
        var cookieName: String
    }

    /// Where the desk's addresses begin.
    static let deskSegment = "api"
    private static let methods: Set<String> = ["GET", "HEAD", "POST", "PUT", "DELETE"]
    private static let wrongHost = Refusal(
        421, "The console does not go by this name.", next: "Use the address that the console shows.")
    private static let foreignOrigin = Refusal(
        403, "This comes from the page of another server.", next: "Use the console's own page.")
    /// Base64 of 16 bytes (RFC 6455, section 4.1).
    private static let keyCharacters = 24

    let reach: Reach
    let limits: ServerLimits
    /// Whether there is a file of the page at this path.
    let hasAsset: (String) -> Bool
    /// Who shows one of these cookies.
    let visitor: ([String]) -> VisitorID?

    /// Examines one request.
    func examine(_ head: HTTPRequestHead) throws(Refusal) -> Verdict {
        guard head.version.major == 1 else {
            throw Refusal(505, "This version of HTTP is not spoken here.", next: "Use HTTP/1.1.")
        }
        let authority = try checkedAuthority(head.headers)
        guard Self.methods.contains(head.method.rawValue) else { throw Refusal.noSuchMethod }
        try checkBody(head)
        let target = try RequestTarget(reading: head.uri)
        try checkOrigin(head, target, authority: authority)
        if target.path == ["live"] { return try live(head) }
        guard head.headers["upgrade"].isEmpty else { throw Refusal.notHTTP }
        return try place(head, target)
    }

    private func checkedAuthority(_ headers: HTTPHeaders) throws(Refusal) -> String {
        let hosts = headers["host"]
        guard hosts.count == 1, let host = hosts.first?.lowercased() else { throw Refusal.notHTTP }
        guard reach.authorities.contains(host) else { throw Self.wrongHost }
        return host
    }

    private func checkBody(_ head: HTTPRequestHead) throws(Refusal) {
        let lengths = head.headers["content-length"]
        let codings = head.headers["transfer-encoding"]
        guard lengths.count + codings.count <= 1 else { throw Refusal.notHTTP }
        if let coding = codings.first {
            guard coding.lowercased() == "chunked", head.version.minor >= 1 else { throw Refusal.notHTTP }
        }
        var length = 0
        if let text = lengths.first {
            guard let number = Int(text), number >= 0, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
                throw Refusal.notHTTP
            }
            length = number
        }
        if head.method == .GET || head.method == .HEAD {
            guard length == 0, codings.isEmpty else { throw Refusal.notHTTP }
        }
        guard length <= limits.bodyBytes else { throw Refusal.bodyTooLarge }
    }

    private func checkOrigin(_ head: HTTPRequestHead, _ target: RequestTarget, authority: String) throws(Refusal) {
        let origins = head.headers["origin"]
        let isReading = head.method == .GET || head.method == .HEAD
        let mayLackOrigin = isReading && target.path != ["live"]
        guard origins.count == 1 || (origins.isEmpty && mayLackOrigin),
            origins.allSatisfy({ $0.lowercased() == "\(reach.scheme)://\(authority)" })
        else { throw Self.foreignOrigin }
        // A page of another port of this computer would be sent our cookie; browsers say where it came from.
        if target.path.first == Self.deskSegment {
            let sites = head.headers["sec-fetch-site"].map { $0.lowercased() }
            guard sites.allSatisfy({ $0 == "same-origin" || $0 == "none" }) else { throw Self.foreignOrigin }
        }
        guard isReading || Self.isJSON(head.headers["content-type"]) else {
            throw Refusal(415, "Only JSON is taken.", next: "Send it as application/json.")
        }
    }

    private static func isJSON(_ types: [String]) -> Bool {
        guard types.count == 1, let type = types.first else { return false }
        let parts = type.lowercased().split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" } }
        return parts.first == "application/json" && parts.dropFirst().allSatisfy { $0 == "charset=utf-8" }
    }

    private func live(_ head: HTTPRequestHead) throws(Refusal) -> Verdict {
        guard head.method == .GET else { throw Refusal.noSuchMethod }
        guard head.headers["upgrade"].map({ $0.lowercased() }) == ["websocket"],
            head.headers[canonicalForm: "connection"].contains(where: { $0.lowercased() == "upgrade" })
        else {
            throw Refusal(
                426, "This address is for the live connection.", next: "Go to the first page.",
                field: .init(name: "Upgrade", value: "websocket"))
        }
        guard head.headers["sec-websocket-version"] == ["13"] else {
            throw Refusal(
                426, "This version of WebSocket is not spoken here.", next: "Use version 13.",
                field: .init(name: "Sec-WebSocket-Version", value: "13"))
        }
        let keys = head.headers["sec-websocket-key"]
        guard head.version.minor >= 1, keys.count == 1, keys.allSatisfy({ $0.utf8.count == Self.keyCharacters }) else {
            throw Refusal.notHTTP
        }
        return .live(try known(head))
    }

    private func place(_ head: HTTPRequestHead, _ target: RequestTarget) throws(Refusal) -> Verdict {
        let isReading = head.method == .GET || head.method == .HEAD
        if target.path == ["enter"] {
            // A HEAD would use the link up without a browser to show for it.
            guard head.method == .GET else { throw Refusal.noSuchMethod }
            return .enter(token: target.query["token"] ?? "", visitor: visitor(cookies(head)))
        }
        let visitor = try known(head)
        if target.path.first == Self.deskSegment, target.path.count > 1 {
            return .desk(method: head.method == .HEAD ? "GET" : head.method.rawValue, target, visitor)
        }
        guard hasAsset(target.canonicalPath) else { throw Refusal.noSuchPage }
        guard isReading else { throw Refusal.noSuchMethod }
        return .asset(target.canonicalPath)
    }

    private func known(_ head: HTTPRequestHead) throws(Refusal) -> VisitorID {
        guard let visitor = visitor(cookies(head)) else { throw Refusal.unknownVisitor }
        return visitor
    }

    /// The values of our cookie; an attacker on another port can add some, but none that is valid.
    private func cookies(_ head: HTTPRequestHead) -> [String] {
        // Four are more than a browser sends (project choice).
        head.headers["cookie"].joined(separator: ";").split(separator: ";").compactMap { pair -> String? in
            let trimmed = pair.drop { $0 == " " }
            guard trimmed.hasPrefix(reach.cookieName + "=") else { return nil }
            return String(trimmed.dropFirst(reach.cookieName.count + 1))
        }.prefix(4).map(\.self)
    }
}
