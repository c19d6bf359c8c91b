/// The status of an HTTP answer (RFC 9110).
public struct HTTPStatus: Sendable, Hashable {
    /// The number.
    public var code: Int

    /// A status from its number.
    public init(_ code: Int) { self.code = code }

    /// 2xx.
    public var isSuccess: Bool { (200..<300).contains(code) }

    /// What it means and what to do.
    public var words: String {
        let meaning =
            switch code {
            case 300..<400: "it sends us elsewhere: correct the address in the settings"
            case 401: "it wants another token: renew the token's file"
            case 403: "not allowed there: give our account this right"
            case 404, 405: "nothing takes documents at this address: correct it in the settings"
            case 408, 429: "it has no time now: it is tried again"
            case 413: "the document is too long for it: raise its limit"
            case 415: "it does not take this kind of document: check the address"
            case 400, 409, 412, 422: "it did not take the document: its log tells why"
            case 500...: "it failed: it is tried again"
            default: "no success"
            }
        return "HTTP \(code): \(meaning)"
    }
}
