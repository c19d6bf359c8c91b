import LocalServer
import Testing

@Suite("The door")
struct DoorTests {
    @Test("a one-time link gives a cookie that no page can read, and leads to the page")
    func link() async throws {
        try await ServerRig.run { rig in
            let answer = try rig.ask("GET \(rig.link()) HTTP/1.1\r\nHost: \(rig.host)\r\n\r\n")
            #expect(answer.status == 303)
            #expect(answer.fields["location"] == "/")
            let cookie = try #require(answer.fields["set-cookie"])
            #expect(cookie.hasPrefix("dopplerbridge-\(rig.port)="))
            #expect(cookie.hasSuffix("; Path=/; HttpOnly; SameSite=Strict"))
            let page = try rig.ask(rig.request("GET", "/", cookie: String(cookie.prefix { $0 != ";" })))
            #expect(page.status == 200)
            #expect(page.text == ServerRig.page)
        }
    }

    @Test("a link's secret has 256 bits and differs each time")
    func secret() async throws {
        try await ServerRig.run { rig in
            let secrets = try (0..<4).map { _ in try rig.link().dropFirst("/enter?token=".count) }
            #expect(Set(secrets).count == 4)
            #expect(secrets.allSatisfy { $0.count == 64 && $0.allSatisfy(\.isHexDigit) })
        }
    }

    @Test("a link that was used lets no second browser in, and the first one through")
    func usedTwice() async throws {
        try await ServerRig.run { rig in
            let link = try rig.link()
            let first = try rig.ask("GET \(link) HTTP/1.1\r\nHost: \(rig.host)\r\n\r\n")
            let second = try rig.ask("GET \(link) HTTP/1.1\r\nHost: \(rig.host)\r\n\r\n")
            #expect(second.status == 403)
            #expect(second.fields["set-cookie"] == nil)
            #expect(second.text.contains("used already"))
            let cookie = String(try #require(first.fields["set-cookie"]).prefix { $0 != ";" })
            #expect(try rig.ask(rig.request("GET", link, cookie: cookie)).status == 303)
        }
    }

    @Test("a link holds for its time and no longer", arguments: [(299.0, 303), (300.0, 403), (1e9, 403)])
    func expired(seconds: Double, status: Int) async throws {
        try await ServerRig.run { rig in
            let link = try rig.link()
            rig.turnClock(by: seconds)
            #expect(try rig.ask("GET \(link) HTTP/1.1\r\nHost: \(rig.host)\r\n\r\n").status == status)
        }
    }

    @Test("a guess is no link", arguments: ["", "0", String(repeating: "0", count: 64), "%00", "a%20b"])
    func guess(token: String) async throws {
        try await ServerRig.run { rig in
            _ = try rig.link()
            let answer = try rig.ask("GET /enter?token=\(token) HTTP/1.1\r\nHost: \(rig.host)\r\n\r\n")
            #expect(answer.status == (token == "%00" ? 400 : 403))
        }
    }

    @Test("HEAD does not use a link up")
    func headLink() async throws {
        try await ServerRig.run { rig in
            let link = try rig.link()
            #expect(try rig.ask("HEAD \(link) HTTP/1.1\r\nHost: \(rig.host)\r\n\r\n").status == 405)
            #expect(try rig.ask("GET \(link) HTTP/1.1\r\nHost: \(rig.host)\r\n\r\n").status == 303)
        }
    }

    @Test("nothing is served without a cookie", arguments: ["/", "/assets/page.js", "/api/session", "/live", "/other"])
    func withoutCookie(path: String) async throws {
        try await ServerRig.run { rig in
            let more = path == "/live" ? ServerRig.upgrade + ["Origin: http://\(rig.host)"] : []
            for cookie in ["", "dopplerbridge-\(rig.port)=", "dopplerbridge-\(rig.port)=00", "a=b; c"] {
                let answer = try rig.ask(rig.request("GET", path, cookie: cookie, more: more))
                #expect(answer.status == 401)
            }
            #expect(rig.desk.requests.isEmpty)
        }
    }

    @Test("the cookie of another server opens nothing, under its name or ours")
    func otherServer() async throws {
        try await ServerRig.run(seed: 2) { other in
            try await ServerRig.run { rig in
                let foreign = try other.cookie()
                #expect(try other.ask(other.request("GET", "/", cookie: foreign)).status == 200)
                #expect(try rig.ask(rig.request("GET", "/", cookie: foreign)).status == 401)
                let secret = foreign.drop { $0 != "=" }
                #expect(
                    try rig.ask(rig.request("GET", "/", cookie: "dopplerbridge-\(rig.port)\(secret)")).status == 401)
                // Both cookies side by side, as a browser sends them.
                let own = try rig.cookie()
                #expect(try rig.ask(rig.request("GET", "/", cookie: "\(foreign); \(own)")).status == 200)
                #expect(own.prefix { $0 != "=" } != foreign.prefix { $0 != "=" })
            }
        }
    }

    @Test("a browser that was away too long is forgotten, one that comes now and then is not")
    func idle() async throws {
        try await ServerRig.run(limits: { $0.visitorIdleSeconds = 100 }) { rig in
            let cookie = try rig.cookie()
            for _ in 0..<5 {
                rig.turnClock(by: 60)
                #expect(try rig.ask(rig.request("GET", "/", cookie: cookie)).status == 200)
            }
            rig.turnClock(by: 101)
            #expect(try rig.ask(rig.request("GET", "/", cookie: cookie)).status == 401)
        }
    }

    @Test("each browser is a visitor of its own, and one that is forgotten is out")
    func visitors() async throws {
        try await ServerRig.run { rig in
            let (first, second) = (try rig.cookie(), try rig.cookie())
            #expect(try rig.ask(rig.request("GET", "/api/x", cookie: first)).text.hasSuffix("visitor 1"))
            #expect(try rig.ask(rig.request("GET", "/api/x", cookie: second)).text.hasSuffix("visitor 2"))
            rig.server.forget(VisitorID(number: 1))
            #expect(try rig.ask(rig.request("GET", "/api/x", cookie: first)).status == 401)
            #expect(try rig.ask(rig.request("GET", "/api/x", cookie: second)).status == 200)
        }
    }

    @Test("with more browsers than there is room for, the one that was away longest gives way")
    func manyVisitors() async throws {
        try await ServerRig.run(limits: { $0.visitors = 3 }) { rig in
            var cookies: [String] = []
            for _ in 0..<4 {
                cookies.append(try rig.cookie())
                rig.turnClock(by: 1)
                if cookies.count == 3 { _ = try rig.ask(rig.request("GET", "/", cookie: cookies[0])) }
            }
            let statuses = try cookies.map { try rig.ask(rig.request("GET", "/", cookie: $0)).status }
            #expect(statuses == [200, 401, 200, 200])
        }
    }
}
