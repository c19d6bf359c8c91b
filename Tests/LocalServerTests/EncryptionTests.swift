import Foundation
import LocalServer
import Testing

@Suite("Encryption")
struct EncryptionTests {
    private func serve(
        _ name: String, host: String = "127.0.0.1", limits: ServerLimits = ServerLimits(),
        _ body: (TestCertificate, RunningServer) throws -> Void
    ) async throws {
        guard TestCertificate.isThere else {
            print("skipped: openssl is not installed")
            return
        }
        let certificate = try TestCertificate(name)
        let server = LocalServer(
            settings: ServerSettings(
                host: host, names: ["console.test"],
                encryption: .init(certificatePath: certificate.certificate, keyPath: certificate.key)),
            assets: ["/": WebAsset(contentType: "text/html", bytes: Array("<p>page".utf8))], limits: limits,
            monotonicSeconds: { 0 },
            randomBytes: { [UInt8](repeating: 7, count: $0) })
        let running = try await server.start(desk: TestDesk())
        try await withTaskExecutorPreference(OwnThread()) { try body(certificate, running) }
        await running.shutDown()
        try certificate.remove()
    }

    @Test("a browser of another computer comes in by the server's name, with a cookie for https alone")
    func name() async throws {
        try await serve("name", host: "0.0.0.0") { certificate, server in
            #expect(server.origin == "https://console.test:\(server.port)")
            let path = try server.makeLink().dropFirst(server.origin.count)
            let head = "HTTP/1.1\r\nHost: console.test:\(server.port)\r\nConnection: close\r\n"
            let entered = try certificate.ask("GET \(path) \(head)\r\n", port: server.port).text
            #expect(entered.hasPrefix("HTTP/1.1 303"))
            #expect(entered.contains("HttpOnly; SameSite=Strict; Secure\r\n"))
            let cookie = "Cookie: dopplerbridge-\(server.port)=" + String(repeating: "07", count: 32) + "\r\n"
            let page = try certificate.ask("GET / \(head)\(cookie)\r\n", port: server.port).text
            #expect(page.hasPrefix("HTTP/1.1 200") && page.hasSuffix("<p>page"))
            #expect(page.contains("connect-src 'self' wss://console.test:\(server.port);"))
            // By its address it is not known, and a page of the plain scheme is another server's.
            let byAddress = head.replacing("console.test", with: "127.0.0.1")
            #expect(
                try certificate.ask("GET / \(byAddress)\(cookie)\r\n", port: server.port).text.hasPrefix("HTTP/1.1 421")
            )
            let foreign = "Origin: http://console.test:\(server.port)\r\n"
            let answer = try certificate.ask("GET / \(head)\(cookie)\(foreign)\r\n", port: server.port).text
            #expect(answer.hasPrefix("HTTP/1.1 403"))
        }
    }

    @Test(
        "TLS 1.2 and 1.3 are spoken, nothing older",
        arguments: [("-tls1_2", true), ("-tls1_3", true), ("-tls1_1", false)])
    func versions(version: String, isSpoken: Bool) async throws {
        try await serve(version) { certificate, server in
            let request = "GET / HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\nConnection: close\r\n\r\n"
            let more = [version] + (isSpoken ? [] : ["-cipher", "DEFAULT:@SECLEVEL=0"])
            let answer = try certificate.ask(request, port: server.port, more)
            #expect(answer.text.hasPrefix("HTTP/1.1 401") == isSpoken)
            #expect((answer.code == 0) == isSpoken)
        }
    }

    @Test("a plain request to an encrypted server gets no answer")
    func plain() async throws {
        try await serve("plain") { _, server in
            let client = try TinyClient(port: server.port)
            client.send("GET / HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\n\r\n")
            let answer = try #require(client.untilClose())
            #expect(!String(decoding: answer, as: UTF8.self).contains("HTTP"))
        }
    }

    @Test("a live connection opens and closes over TLS")
    func live() async throws {
        try await serve("live") { certificate, server in
            let path = try server.makeLink().dropFirst(server.origin.count)
            let head = "HTTP/1.1\r\nHost: console.test:\(server.port)\r\n"
            _ = try certificate.ask("GET \(path) \(head)Connection: close\r\n\r\n", port: server.port)
            let fields = [
                "Cookie: dopplerbridge-\(server.port)=" + String(repeating: "07", count: 32),
                "Origin: https://console.test:\(server.port)",
            ]
            let request = "GET /live \(head)" + (fields + ServerRig.upgrade + ["", ""]).joined(separator: "\r\n")
            let answer = try certificate.ask(request, then: TinySocket.frame(8, [3, 232]), port: server.port).text
            #expect(answer.hasPrefix("HTTP/1.1 101"))
            // A close of two bytes, 1000 in them; what is no UTF-8 was replaced.
            #expect(answer.hasSuffix("\u{FFFD}\u{2}\u{3}\u{FFFD}"))
        }
    }

    @Test("who begins no encryption is closed in time")
    func silent() async throws {
        var limits = ServerLimits()
        limits.headSeconds = 0.3
        try await serve("silent", limits: limits) { _, server in
            let clients = try (0..<2).map { _ in try TinyClient(port: server.port) }
            // The beginning of a record whose rest never comes.
            clients[1].send([0x16, 0x03, 0x01, 0x02, 0x00, 0x01])
            #expect(clients[0].isClosed() && clients[1].isClosed())
        }
    }

    @Test("a certificate or key that cannot be used is named")
    func unusable() async throws {
        guard TestCertificate.isThere else {
            print("skipped: openssl is not installed")
            return
        }
        let (one, other) = (try TestCertificate("one"), try TestCertificate("other"))
        func error(_ certificatePath: String, _ keyPath: String) async -> LocalServerError? {
            let server = LocalServer(
                settings: ServerSettings(encryption: .init(certificatePath: certificatePath, keyPath: keyPath)),
                assets: [:], monotonicSeconds: { 0 }, randomBytes: { _ in [] })
            return await #expect(throws: LocalServerError.self) { try await server.start(desk: TestDesk()) }
        }
        let missing = await error("/nowhere.pem", one.key)
        #expect(missing?.description.hasPrefix("The certificate /nowhere.pem cannot be used") == true)
        let noKey = await error(one.certificate, "/nowhere.pem")
        #expect(noKey?.description.contains("The key /nowhere.pem cannot be used (No such file or directory)") == true)
        let mixed = await error(one.certificate, other.key)
        #expect(mixed != nil)
        chmod(one.key, 0o644)
        #expect(await error(one.certificate, one.key) == .openKey(path: one.key))
        try one.remove()
        try other.remove()
    }

    @Test("all addresses need a name, and a name is no address of the web")
    func names() async throws {
        let encryption = ServerEncryption(certificatePath: "/c", keyPath: "/k")
        func error(_ host: String, _ names: [String]) async -> LocalServerError? {
            let server = LocalServer(
                settings: ServerSettings(host: host, names: names, encryption: encryption), assets: [:],
                monotonicSeconds: { 0 }, randomBytes: { _ in [] })
            return await #expect(throws: LocalServerError.self) { try await server.start(desk: TestDesk()) }
        }
        #expect(await error("0.0.0.0", []) == .noName(host: "0.0.0.0"))
        #expect(await error("::", []) == .noName(host: "::"))
        for name in ["", "https://console", "a b", "a/b", "a\r\n"] {
            #expect(await error("192.0.2.1", [name]) == .wrongName(name))
        }
    }
}
