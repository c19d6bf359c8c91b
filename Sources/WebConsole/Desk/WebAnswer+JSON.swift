internal import Foundation
internal import LocalServer

extension WebAnswer {
    /// A document as JSON, with its keys in order.
    static func json(_ value: some Encodable, status: Int = 200) throws(DeskRefusal) -> WebAnswer {
        WebAnswer(status: status, contentType: "application/json", body: [UInt8](try DeskJSON.bytes(value)))
    }

    /// A refusal: `{"error": {"what", "next"}}`.
    static func refusal(_ refusal: DeskRefusal) -> WebAnswer {
        let body =
            #"{"error":{"next":\#(DeskJSON.quoted(refusal.next)),"what":\#(DeskJSON.quoted(refusal.what))}}"#
        return WebAnswer(
            status: refusal.status.rawValue, contentType: "application/json", body: [UInt8](body.utf8),
            allowedMethods: refusal.allowedMethods)
    }

    /// The interface's description as programs read it (OpenAPI 3.1).
    static let interface = WebAnswer(
        status: 200, contentType: "application/json", body: PackageResources.openapi_json)

    /// `{}`: done.
    static let done = WebAnswer(status: 200, contentType: "application/json", body: [UInt8]("{}".utf8))
}

/// How the desk writes JSON.
enum DeskJSON {
    /// A document's bytes.
    static func bytes(_ value: some Encodable) throws(DeskRefusal) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do { return [UInt8](try encoder.encode(value)) } catch {
            throw DeskRefusal(
                .unavailable, "the answer cannot be written: \(error)", next: "Report this with the program's version.")
        }
    }

    /// A document as text.
    static func text(_ value: some Encodable) throws(DeskRefusal) -> String {
        String(decoding: try bytes(value), as: UTF8.self)
    }

    /// A text as JSON writes it.
    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\u{2028}", "\u{2029}": quoted += " "
            default: quoted += scalar.value < 0x20 ? " " : String(scalar)
            }
        }
        return quoted + "\""
    }
}
