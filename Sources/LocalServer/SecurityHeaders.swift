import NIOHTTP1

/// The header fields that every answer carries.
enum SecurityHeaders {
    /// Only what the page itself needs (W3C Content Security Policy Level 3): own files, own live connection, pictures that
    /// it made, its report in a frame of its own.
    ///
    /// - Parameter authority: what stood in `Host`, checked before; `nil` where nothing was.
    static func policy(scheme: String, authority: String?) -> String {
        let live = authority.map { " \(scheme == "https" ? "wss" : "ws")://\($0)" } ?? ""
        return [
            "default-src 'self'", "connect-src 'self'\(live)", "img-src 'self' blob:", "frame-src 'self'",
            "object-src 'self'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'self'",
        ].joined(separator: "; ")
    }

    /// Header fields for an answer.
    static func fields(scheme: String, authority: String?) -> HTTPHeaders {
        HTTPHeaders([
            ("Content-Security-Policy", policy(scheme: scheme, authority: authority)),
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "no-referrer"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Cross-Origin-Embedder-Policy", "require-corp"),
            ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
        ])
    }
}
