internal import CCurl
internal import Foundation
internal import Glibc

/// A web service of the clinic: DICOMweb or FHIR.
public struct HTTPPeer: Sendable, Hashable {
    /// Its base address, `https://record.example/fhir`.
    public var url: String
    /// How long an answer is waited for, seconds.
    public var timeoutSeconds: Int
    /// The files of `https`; `nil` for `http`.
    public var tls: TLSFiles?
    /// A file of mode 0600 whose first line is the bearer token; `nil` where none is asked for.
    public var tokenFile: String?

    /// How long is waited without a setting, seconds (project choice).
    public static let usualTimeoutSeconds = 60
    /// The longest answer that is read, bytes (project choice).
    private static let longestAnswer = 8 << 20
    /// The longest token, bytes (project choice).
    private static let longestToken = 8192

    /// A service from its fields.
    public init(
        url: String, timeoutSeconds: Int = usualTimeoutSeconds, tls: TLSFiles? = nil, tokenFile: String? = nil
    ) {
        self.url = url
        self.timeoutSeconds = timeoutSeconds
        self.tls = tls
        self.tokenFile = tokenFile
    }

    /// What came back.
    struct Answer {
        var status: HTTPStatus
        var body: [UInt8]
    }

    /// Sends one request and reads its answer whole.
    ///
    /// - Parameter body: `nil`: GET; else POST.
    func send(
        _ path: String, body: [UInt8]? = nil, headers: [String], what: String
    ) throws(ClinicRecordError) -> Answer {
        let base = url.hasSuffix("/") ? String(url.dropLast()) : url
        let handle = try CurlHandle(
            peer: description, url: base + path, timeoutSeconds: timeoutSeconds, tls: tls)
        try handle.set(CURLOPT_TIMEOUT, timeoutSeconds)
        var list: UnsafeMutablePointer<curl_slist>?
        defer { curl_slist_free_all(list) }
        // Without `Expect` the body goes at once.
        for header in headers + ["Expect:"] + (try token().map { ["Authorization: Bearer \($0)"] } ?? []) {
            guard let longer = curl_slist_append(list, header) else { throw .broken(reason: "out of memory") }
            list = longer
        }
        try handle.check(ccurl_set_list(handle.pointer, CURLOPT_HTTPHEADER, list))
        let received = Received(most: Self.longestAnswer)
        try handle.check(
            ccurl_set_writer(
                handle.pointer,
                { bytes, size, count, context in
                    guard let context, let bytes else { return 0 }
                    let raw = UnsafeRawBufferPointer(start: bytes, count: size * count)
                    return Unmanaged<Received>.fromOpaque(context).takeUnretainedValue().take(raw) ? size * count : 0
                }, Unmanaged.passUnretained(received).toOpaque()))
        let code = try perform(handle, body)
        withExtendedLifetime(received) {}
        try handle.check(code, seconds: timeoutSeconds, during: what)
        var status = 0
        try handle.check(ccurl_get_long(handle.pointer, CURLINFO_RESPONSE_CODE, &status))
        return Answer(status: HTTPStatus(status), body: received.bytes)
    }

    private func perform(_ handle: CurlHandle, _ body: [UInt8]?) throws(ClinicRecordError) -> CURLcode {
        guard var body else { return curl_easy_perform(handle.pointer) }
        try handle.set(CURLOPT_POST, 1)
        try handle.check(ccurl_set_size(handle.pointer, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)))
        return body.withUnsafeMutableBytes { bytes in
            ccurl_set_pointer(handle.pointer, CURLOPT_POSTFIELDS, bytes.baseAddress)
            return curl_easy_perform(handle.pointer)
        }
    }

    /// What has come so far; bounded.
    private final class Received {
        var bytes: [UInt8] = []
        private let most: Int

        init(most: Int) { self.most = most }

        func take(_ more: UnsafeRawBufferPointer) -> Bool {
            guard bytes.count + more.count <= most else { return false }
            bytes.append(contentsOf: more)
            return true
        }
    }

    /// The token, read anew each time, so that a renewed one is used at once.
    private func token() throws(ClinicRecordError) -> String? {
        guard let tokenFile else { return nil }
        var facts = stat()
        guard lstat(tokenFile, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
            throw .file(path: tokenFile, reason: "there is no such file", remedy: "write the token into it")
        }
        guard facts.st_mode & 0o077 == 0 else {
            throw .file(path: tokenFile, reason: "others may read the token", remedy: "run `chmod 600` on it")
        }
        guard facts.st_size <= Self.longestToken, let bytes = FileManager.default.contents(atPath: tokenFile),
            let line = String(bytes: bytes, encoding: .utf8)?.split(whereSeparator: \.isNewline).first,
            line.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else {
            throw .file(
                path: tokenFile, reason: "its first line is no token",
                remedy: "write the token alone into the first line")
        }
        return String(line)
    }
}

extension HTTPPeer: CustomStringConvertible {
    /// Its address.
    public var description: String { url }
}
