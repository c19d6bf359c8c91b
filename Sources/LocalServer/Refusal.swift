/// A request that is not served: the status, and what happened with what to do next.
struct Refusal: Error, Hashable {
    var status: Int
    var what: String
    var next: String
    /// One more header field, such as `Allow`.
    var field: Field?

    /// A header field.
    struct Field: Hashable {
        var name: String
        var value: String
    }

    init(_ status: Int, _ what: String, next: String, field: Field? = nil) {
        self.status = status
        self.what = what
        self.next = next
        self.field = field
    }

    /// The refusal as the API words it, or in plain text where a person reads it.
    func answer(asJSON: Bool) -> WebAnswer {
        guard asJSON else {
            return WebAnswer(
                status: status, contentType: "text/plain; charset=utf-8", body: Array("\(what)\n\(next)\n".utf8))
        }
        let text = "{\"error\": {\"what\": \(Self.quoted(what)), \"next\": \(Self.quoted(next))}}"
        return WebAnswer(status: status, contentType: "application/json", body: Array(text.utf8))
    }

    /// A JSON string (RFC 8259, section 7).
    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    static let notHTTP = Refusal(400, "This is not a request of HTTP.", next: "Use a browser.")
    static let noSuchMethod = Refusal(
        405, "There is no such method here.", next: "Use the console's own page.",
        field: .init(name: "Allow", value: "GET, HEAD, POST, PUT, DELETE"))
    static let noSuchPage = Refusal(404, "There is no such page.", next: "Go to the first page.")
    static let headTooLarge = Refusal(
        431, "The request's header is too large.", next: "Delete the cookies of this address, then load the page again."
    )
    static let bodyTooLarge = Refusal(413, "The request is too large.", next: "Send less at a time.")
    static let tooSlow = Refusal(408, "The request took too long to arrive.", next: "Send it again.")
    static let noAnswerInTime = Refusal(
        503, "The console did not answer in time.", next: "Look whether it was done before you do it again.")
    static let tooManyConnections = Refusal(
        503, "Too many connections are open.", next: "Close other windows of the console, then load the page again.")
    static let unknownVisitor = Refusal(
        401, "This browser is not known, or was away too long.",
        next: "Open the link that the console shows; each link opens one browser.")
}
