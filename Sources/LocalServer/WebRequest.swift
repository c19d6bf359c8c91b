/// One request of a known visitor, read whole within the limits.
public struct WebRequest: Sendable, Hashable {
    /// `GET`, `POST`, `PUT` or `DELETE`.
    public var method: String
    /// The decoded segments of the path, none of them empty, `.` or `..`.
    public var path: [String]
    /// The decoded parameters behind the question mark; where a name stands twice, the request was refused.
    public var query: [String: String]
    /// The body, empty where there is none.
    public var body: [UInt8]
    /// Who asks.
    public var visitor: VisitorID

    /// A request from its parts.
    public init(
        method: String, path: [String], query: [String: String] = [:], body: [UInt8] = [], visitor: VisitorID
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.body = body
        self.visitor = visitor
    }
}

/// One browser that came in by a valid link, known by its cookie.
public struct VisitorID: Sendable, Hashable {
    /// Counted from 1 since the server's start; not the cookie's secret.
    public var number: UInt64

    /// A visitor by its number.
    public init(number: UInt64) { self.number = number }
}
