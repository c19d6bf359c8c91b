/// Who may come in: one-time links, and the browsers that came by one.
///
/// A secret is 256 random bits as 64 hexadecimal digits. Comparing looks at every digit of every secret, so that the time it
/// takes says nothing about how much of a guess was right.
struct Doorkeeper {
    /// Random bytes of a secret: 256 bits, beyond guessing.
    static let secretBytes = 32

    private struct Link {
        var secret: [UInt8]
        var validUntilSeconds: Double
    }

    private struct Session {
        var secret: [UInt8]
        var visitor: VisitorID
        var usedAtSeconds: Double
    }

    private let limits: ServerLimits
    private var links: [Link] = []
    private var sessions: [Session] = []
    private var lastNumber: UInt64 = 0

    init(limits: ServerLimits) { self.limits = limits }

    /// A new link's secret.
    mutating func makeLink(atSeconds now: Double, random: [UInt8]) throws(LocalServerError) -> String {
        let secret = try Self.text(random)
        links.removeAll { $0.validUntilSeconds <= now }
        if links.count >= limits.links { links.removeFirst(links.count - limits.links + 1) }
        links.append(Link(secret: Array(secret.utf8), validUntilSeconds: now + limits.linkSeconds))
        return secret
    }

    /// Whether a guess is a link that still holds; then it holds no longer.
    mutating func takeLink(_ guess: String, atSeconds now: Double) -> Bool {
        let guess = Array(guess.utf8)
        var found: Int?
        for (index, link) in links.enumerated() where Self.isEqual(link.secret, guess) { found = index }
        guard let found else { return false }
        return links.remove(at: found).validUntilSeconds > now
    }

    /// Lets a browser in: its cookie's value.
    mutating func admit(atSeconds now: Double, random: [UInt8]) throws(LocalServerError) -> String {
        let secret = try Self.text(random)
        forgetIdle(atSeconds: now)
        if sessions.count >= limits.visitors,
            let oldest = sessions.indices.min(by: { sessions[$0].usedAtSeconds < sessions[$1].usedAtSeconds })
        {
            sessions.remove(at: oldest)
        }
        lastNumber += 1
        sessions.append(
            Session(secret: Array(secret.utf8), visitor: VisitorID(number: lastNumber), usedAtSeconds: now))
        return secret
    }

    /// Who shows one of these cookies, if anybody known; that counts as use.
    mutating func visitor(showing cookies: [String], atSeconds now: Double) -> VisitorID? {
        forgetIdle(atSeconds: now)
        var found: Int?
        for cookie in cookies {
            let guess = Array(cookie.utf8)
            for (index, session) in sessions.enumerated() where Self.isEqual(session.secret, guess) { found = index }
        }
        guard let found else { return nil }
        sessions[found].usedAtSeconds = now
        return sessions[found].visitor
    }

    /// Notes that a live connection of this visitor is in use.
    ///
    /// - Returns: whether the visitor is still known.
    mutating func touch(_ visitor: VisitorID, atSeconds now: Double) -> Bool {
        guard let index = sessions.firstIndex(where: { $0.visitor == visitor }) else { return false }
        sessions[index].usedAtSeconds = now
        return true
    }

    mutating func forget(_ visitor: VisitorID) { sessions.removeAll { $0.visitor == visitor } }

    private mutating func forgetIdle(atSeconds now: Double) {
        sessions.removeAll { now - $0.usedAtSeconds > limits.visitorIdleSeconds }
    }

    private static func text(_ random: [UInt8]) throws(LocalServerError) -> String {
        guard random.count == secretBytes else { throw .tooLittleChance(bytes: random.count) }
        let digits = Array("0123456789abcdef")
        return String(random.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }

    /// Compares in a time that depends on the secret's length alone.
    static func isEqual(_ secret: [UInt8], _ guess: [UInt8]) -> Bool {
        var difference: UInt8 = secret.count == guess.count ? 0 : 1
        for index in secret.indices { difference |= secret[index] ^ (index < guess.count ? guess[index] : 0xFF) }
        return difference == 0
    }
}
