/// What a request is answered with.
public struct WebAnswer: Sendable, Hashable {
    /// HTTP's status, 200 to 599; anything else is sent as 500.
    public var status: Int
    /// The media type, such as `application/json`.
    public var contentType: String
    /// The body.
    public var body: [UInt8]
    /// The name under which a browser keeps it, where it has one: letters, digits, `-`, `_` and `.`; others become `_`.
    public var fileName: String?
    /// The methods that the address takes, where another one was tried (RFC 9110, section 15.5.6).
    public var allowedMethods: [String]

    /// An answer from its parts.
    public init(
        status: Int, contentType: String, body: [UInt8], fileName: String? = nil, allowedMethods: [String] = []
    ) {
        self.status = status
        self.contentType = contentType
        self.body = body
        self.fileName = fileName
        self.allowedMethods = allowedMethods
    }
}
