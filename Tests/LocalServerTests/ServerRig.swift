import LocalServer
import Synchronization
import TestSupport

/// A server on a free port with a clock that the test turns, and ways to ask it.
final class ServerRig: Sendable {
    let server: RunningServer
    let desk: TestDesk
    private let clock: Clock

    final class Clock: Sendable {
        private let seconds = Mutex(1000.0)
        var now: Double { seconds.withLock { $0 } }
        func turn(by more: Double) { seconds.withLock { $0 += more } }
    }

    static let page = "<!doctype html><title>Console</title>"

    private init(server: RunningServer, desk: TestDesk, clock: Clock) {
        self.server = server
        self.desk = desk
        self.clock = clock
    }

    /// Starts a server, lets the test use it and shuts it down.
    static func run(
        seed: UInt64 = 1, limits change: (inout ServerLimits) -> Void = { _ in },
        _ body: (ServerRig) async throws -> Void
    ) async throws {
        let rig = try await start(seed: seed, limits: change)
        do {
            try await withTaskExecutorPreference(OwnThread()) { try await body(rig) }
        } catch {
            await rig.server.shutDown()
            throw error
        }
        await rig.server.shutDown()
    }

    static func start(
        seed: UInt64 = 1, port: UInt16 = 0, limits change: (inout ServerLimits) -> Void = { _ in }
    ) async throws -> ServerRig {
        var limits = ServerLimits()
        limits.lingerSeconds = 0.2
        change(&limits)
        let (desk, clock) = (TestDesk(), Clock())
        let chance = Mutex(SeededGenerator(seed: seed))
        let server = LocalServer(
            settings: ServerSettings(port: port),
            assets: [
                "/": WebAsset(contentType: "text/html; charset=utf-8", bytes: Array(page.utf8)),
                "/assets/page.js": WebAsset(contentType: "text/javascript", bytes: Array("let a = 1\n".utf8)),
            ],
            limits: limits, monotonicSeconds: { clock.now },
            randomBytes: { count in
                chance.withLock { chance in (0..<count).map { _ in UInt8.random(in: 0...255, using: &chance) } }
            })
        return ServerRig(server: try await server.start(desk: desk), desk: desk, clock: clock)
    }

    var port: Int { server.port }
    var host: String { "127.0.0.1:\(port)" }
    func turnClock(by seconds: Double) { clock.turn(by: seconds) }

    func client(receiveBytes: Int32? = nil) throws -> TinyClient {
        try TinyClient(port: port, receiveBytes: receiveBytes)
    }

    /// The path and query of a new link.
    func link() throws -> String { String(try server.makeLink().dropFirst(server.origin.count)) }

    /// The cookie that a new link gives, as a browser sends it back.
    func cookie() throws -> String {
        let answer = try ask("GET \(try link()) HTTP/1.1\r\nHost: \(host)\r\n\r\n")
        let field = answer.fields["set-cookie"] ?? ""
        return String(field.prefix { $0 != ";" })
    }

    /// Waits, 10 s at most, until the server has seen the end of every connection.
    func waitForNoConnections() {
        for _ in 0..<1000 where server.openConnections > 0 { TinySocket.wait(milliseconds: 10) }
    }

    /// One request on a connection of its own.
    func ask(_ request: String) throws -> TinyClient.Answer {
        let client = try client()
        client.send(request)
        return try client.answer(toHead: request.hasPrefix("HEAD"))
    }

    /// A request with Host and cookie; with Origin and a JSON body where it is not a GET.
    func request(
        _ method: String, _ target: String, cookie: String, body: String? = nil, more: [String] = []
    ) -> String {
        var lines = ["\(method) \(target) HTTP/1.1", "Host: \(host)", "Cookie: \(cookie)"]
        if method != "GET", method != "HEAD" {
            lines += [
                "Origin: http://\(host)", "Content-Type: application/json", "Content-Length: \(body?.utf8.count ?? 0)",
            ]
        }
        return (lines + more + ["", ""]).joined(separator: "\r\n") + (body ?? "")
    }

    static let upgrade = [
        "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ]

    /// An open live connection.
    func live(cookie: String, receiveBytes: Int32? = nil) throws -> TinyClient {
        let client = try client(receiveBytes: receiveBytes)
        client.send(request("GET", "/live", cookie: cookie, more: Self.upgrade + ["Origin: http://\(host)"]))
        let answer = try client.answer()
        guard answer.status == 101 else { throw TinyClient.ClientError.malformed("\(answer.status) \(answer.text)") }
        return client
    }
}
