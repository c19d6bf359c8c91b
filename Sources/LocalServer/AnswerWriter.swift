import NIOCore
import NIOHTTP1

/// Writes the answer to one request.
struct AnswerWriter {
    /// What is sent.
    struct Parts {
        var status: HTTPResponseStatus
        var fields: HTTPHeaders
        var body: [UInt8]
    }

    /// The request that is answered; `nil` where none was understood.
    let head: HTTPRequestHead?
    /// `http` or `https`.
    let scheme: String
    /// Whether the connection ends with this answer in any case.
    var closes = false

    /// Whether the connection goes on after this answer.
    var keepsAlive: Bool { !closes && (head?.isKeepAlive ?? false) }

    private var isHead: Bool { head?.method == .HEAD }

    private func fields(_ own: HTTPHeaders) -> HTTPHeaders {
        // Checked by the gate before anything but a refusal is sent; of a refused name nothing is repeated.
        var fields = SecurityHeaders.fields(scheme: scheme, authority: closes ? nil : head?.headers.first(name: "host"))
        fields.add(contentsOf: own)
        return fields
    }

    /// A file of the page; only its tag where the browser has it already.
    func parts(_ asset: WebAsset) -> Parts {
        let known = head?.headers[canonicalForm: "if-none-match"].contains { $0 == asset.tag || $0 == "W/\(asset.tag)" }
        var own = HTTPHeaders([("ETag", asset.tag), ("Cache-Control", "no-cache")])
        if known == true { return Parts(status: .notModified, fields: fields(own), body: []) }
        own.add(name: "Content-Type", value: asset.contentType)
        return Parts(status: .ok, fields: fields(own), body: asset.bytes)
    }

    /// What the desk answered, or a refusal.
    func parts(_ answer: WebAnswer, field: Refusal.Field? = nil) -> Parts {
        let isSound = (200...599).contains(answer.status) && Self.isFieldValue(answer.contentType)
        var own = HTTPHeaders([("Cache-Control", "no-store")])
        guard isSound else { return Parts(status: .internalServerError, fields: fields(own), body: []) }
        own.add(name: "Content-Type", value: answer.contentType)
        if let field { own.add(name: field.name, value: field.value) }
        let methods = answer.allowedMethods.filter { $0.utf8.allSatisfy { (0x41...0x5A).contains($0) } }
        if !methods.isEmpty { own.add(name: "Allow", value: methods.joined(separator: ", ")) }
        if let name = answer.fileName {
            let plain = String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) ? $0 : "_" })
            own.add(name: "Content-Disposition", value: "inline; filename=\"\(plain)\"")
        }
        return Parts(status: .init(statusCode: answer.status), fields: fields(own), body: answer.body)
    }

    /// The way to the first page, with the cookie of a browser that was let in.
    func parts(admitting cookie: String?) -> Parts {
        var own = HTTPHeaders([("Cache-Control", "no-store"), ("Location", "/")])
        if let cookie {
            let secure = scheme == "https" ? "; Secure" : ""
            own.add(name: "Set-Cookie", value: "\(cookie); Path=/; HttpOnly; SameSite=Strict\(secure)")
        }
        return Parts(status: .seeOther, fields: fields(own), body: [])
    }

    /// Sends it; done when the system has taken the last byte.
    func write(_ parts: Parts, to context: ChannelHandlerContext) -> EventLoopFuture<Void> {
        var fields = parts.fields
        let hasBody = ![204, 304].contains(parts.status.code)
        if hasBody { fields.replaceOrAdd(name: "Content-Length", value: String(parts.body.count)) }
        fields.replaceOrAdd(name: "Connection", value: keepsAlive ? "keep-alive" : "close")
        let head = HTTPResponseHead(version: .http1_1, status: parts.status, headers: fields)
        context.write(NIOAny(HTTPServerResponsePart.head(head)), promise: nil)
        if hasBody, !isHead, !parts.body.isEmpty {
            let bytes = context.channel.allocator.buffer(bytes: parts.body)
            context.write(NIOAny(HTTPServerResponsePart.body(.byteBuffer(bytes))), promise: nil)
        }
        let sent = context.eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(NIOAny(HTTPServerResponsePart.end(nil)), promise: sent)
        return sent.futureResult
    }

    /// Visible ASCII and blanks (RFC 9110, section 5.5), so that no line can be added.
    private static func isFieldValue(_ text: String) -> Bool { text.utf8.allSatisfy { (0x20..<0x7F).contains($0) } }
}
