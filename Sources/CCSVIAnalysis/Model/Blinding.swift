/// That an exam was made blinded: under a subject code alone, with its result withheld from operator and reader.
public struct Blinding: Sendable, Hashable, Codable {
    /// The subject's code.
    public var code: String
    /// Since when, ISO 8601 with offset.
    public var since: String

    /// A blinding from its fields.
    public init(code: String, since: String) {
        self.code = code
        self.since = since
    }
}

/// That the result of a blinded exam was opened: once, by name and with a reason.
public struct Unblinding: Sendable, Hashable, Codable {
    /// When, ISO 8601 with offset.
    public var at: String
    /// Who.
    public var by: String
    /// Why.
    public var reason: String

    /// An unblinding from its fields.
    public init(at: String, by: String, reason: String) {
        self.at = at
        self.by = by
        self.reason = reason
    }
}
