internal import CCurl
internal import Glibc

/// One libcurl handle with what every connection of ours has; used by one thread.
final class CurlHandle {
    let raw: OpaquePointer
    let peer: String
    private let errorText: UnsafeMutablePointer<CChar>

    /// Once in a process, before any thread uses libcurl.
    private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    /// How long a connection is waited for, seconds (project choice).
    private static let connectSeconds = 15

    /// A handle for one host.
    init(peer: String, url: String, timeoutSeconds: Int, tls: TLSFiles?) throws(ClinicRecordError) {
        guard Self.isReady, let raw = curl_easy_init() else { throw .broken(reason: "libcurl did not start") }
        self.raw = OpaquePointer(raw)
        self.peer = peer
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        try check(ccurl_set_pointer(raw, CURLOPT_ERRORBUFFER, errorText))
        try set(CURLOPT_URL, url)
        // Signals would be the whole process's; a proxy of the environment is not the clinic's choice.
        try set(CURLOPT_NOSIGNAL, 1)
        try set(CURLOPT_PROXY, "")
        try set(CURLOPT_FOLLOWLOCATION, 0)
        try set(CURLOPT_PROTOCOLS_STR, tls == nil ? "http" : "https")
        try set(CURLOPT_CONNECTTIMEOUT, min(Self.connectSeconds, timeoutSeconds))
        guard let tls else { return }
        try set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        try set(CURLOPT_SSL_VERIFYPEER, 1)
        // 2: the certificate must name the host.
        try set(CURLOPT_SSL_VERIFYHOST, 2)
        try checkFile(CURLOPT_CAINFO, tls.authority, "authority")
        try check(ccurl_set_text(raw, CURLOPT_CAPATH, nil))
        if let own = tls.own {
            try checkFile(CURLOPT_SSLCERT, own.certificate, "certificate")
            try checkFile(CURLOPT_SSLKEY, own.key, "key")
            // Empty, so that nothing asks on the terminal.
            try set(CURLOPT_KEYPASSWD, "")
        }
    }

    deinit {
        curl_easy_cleanup(UnsafeMutableRawPointer(raw))
        errorText.deallocate()
    }

    var pointer: UnsafeMutableRawPointer { UnsafeMutableRawPointer(raw) }

    func set(_ option: CURLoption, _ value: String) throws(ClinicRecordError) {
        try check(ccurl_set_text(pointer, option, value))
    }

    func set(_ option: CURLoption, _ value: Int) throws(ClinicRecordError) {
        try check(ccurl_set_long(pointer, option, value))
    }

    private func checkFile(_ option: CURLoption, _ path: String, _ what: String) throws(ClinicRecordError) {
        guard access(path, R_OK) == 0 else { throw .tlsFile(peer: peer, what: "\(what) \(path)") }
        try set(option, path)
    }

    /// Throws when a call failed.
    func check(_ code: CURLcode, seconds: Int = 0, during what: String = "the connection") throws(ClinicRecordError) {
        guard code != CURLE_OK else { return }
        let detail = String(cString: errorText)
        let reason = detail.isEmpty ? String(cString: curl_easy_strerror(code)) : detail
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT: throw .notConnected(peer: peer, reason: reason)
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR:
            throw .tlsFailed(peer: peer, reason: reason)
        case CURLE_SSL_CACERT_BADFILE: throw .tlsFile(peer: peer, what: "authority")
        case CURLE_SSL_CERTPROBLEM: throw .tlsFile(peer: peer, what: "certificate or key")
        case CURLE_OPERATION_TIMEDOUT: throw .timedOut(peer: peer, what: what, seconds: seconds)
        case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_PARTIAL_FILE:
            // With TLS 1.3 a server refuses our certificate after the handshake.
            if reason.contains("alert") || reason.contains("certificate") {
                throw .tlsFailed(peer: peer, reason: reason)
            }
            throw .connectionLost(peer: peer, what: what)
        case CURLE_WRITE_ERROR: throw .badAnswer(peer: peer, reason: "longer than anything that belongs here")
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_HTTP2:
            throw .badAnswer(peer: peer, reason: reason)
        case CURLE_URL_MALFORMAT: throw .settings(problems: ["\(peer): not an address"])
        default: throw .connectionLost(peer: peer, what: "\(what), \(reason)")
        }
    }
}
