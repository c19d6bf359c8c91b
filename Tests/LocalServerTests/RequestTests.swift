import LocalServer
import Testing

@Suite("Requests")
struct RequestTests {
    @Test("every answer carries the header fields that keep a page to itself")
    func security() async throws {
        try await ServerRig.run { rig in
            let cookie = try rig.cookie()
            for path in ["/", "/assets/page.js", "/api/session", "/nothing"] {
                let fields = try rig.ask(rig.request("GET", path, cookie: cookie)).fields
                let policy = try #require(fields["content-security-policy"])
                // A refusal needs no live connection.
                let live = path == "/nothing" ? "" : " ws://\(rig.host)"
                #expect(policy.hasPrefix("default-src 'self'; connect-src 'self'\(live); img-src 'self' blob:;"))
                #expect(!policy.contains("unsafe"))
                #expect(fields["x-content-type-options"] == "nosniff")
                #expect(fields["referrer-policy"] == "no-referrer")
                #expect(fields["cross-origin-opener-policy"] == "same-origin")
                #expect(fields["cross-origin-resource-policy"] == "same-origin")
                #expect(fields["cross-origin-embedder-policy"] == "require-corp")
                #expect(fields["cache-control"] == (["/", "/assets/page.js"].contains(path) ? "no-cache" : "no-store"))
            }
        }
    }

    @Test("a file of the page is sent once: its tag is enough afterwards, and HEAD shows only the header")
    func assets() async throws {
        try await ServerRig.run { rig in
            let cookie = try rig.cookie()
            let first = try rig.ask(rig.request("GET", "/assets/page.js", cookie: cookie))
            #expect(first.status == 200 && first.text == "let a = 1\n")
            #expect(first.fields["content-type"] == "text/javascript")
            let tag = try #require(first.fields["etag"])
            let again = try rig.ask(
                rig.request("GET", "/assets/page.js", cookie: cookie, more: ["If-None-Match: \"x\", \(tag)"]))
            #expect(again.status == 304 && again.body.isEmpty)
            let other = try rig.ask(rig.request("GET", "/", cookie: cookie, more: ["If-None-Match: \(tag)"]))
            #expect(other.status == 200)
            let client = try rig.client()
            client.send(rig.request("HEAD", "/assets/page.js", cookie: cookie, more: ["Connection: close"]))
            let head = try client.answer(toHead: true)
            #expect(head.status == 200 && head.fields["content-length"] == "10")
            #expect(client.untilClose() == [])
        }
    }

    @Test(
        "a path that could be read in two ways is refused",
        arguments: [
            "/../etc/passwd", "/assets/../page.js", "/assets/%2e%2e/page.js", "/assets/%2E./page.js", "/./", "//",
            "/assets//page.js", "/assets/", "/assets/page.js%00", "/assets/a%2fb", "/assets/a%5cb", "/%", "/%4", "/%zz",
            "/%ff%fe", "/%c0%ae%c0%ae/x", "/a\\b", "/api/x?a=1&a=2", "/api/x?a=1&%61=2", "/api/x?=1", "/api/x?a=%g0",
            "/api/x?&", "/a#b", "http://127.0.0.1/", "*", "a", "/%0d%0aSet-Cookie:x", "/\u{7f}", "/\u{e9}",
        ])
    func paths(target: String) async throws {
        try await ServerRig.run { rig in
            let cookie = try rig.cookie()
            let answer = try rig.ask(rig.request("GET", target, cookie: cookie))
            #expect(answer.status == 400)
            #expect(rig.desk.requests.isEmpty)
        }
    }

    @Test("a path and its parameters reach the desk decoded")
    func decoded() async throws {
        try await ServerRig.run { rig in
            let cookie = try rig.cookie()
            let answer = try rig.ask(
                rig.request("GET", "/api/exams/EX%2D1/%C5%81?search=%C5%9Aw+a%26b&x", cookie: cookie))
            #expect(answer.text == "GET api|exams|EX-1|Ł search=Św a&b;x= 0 visitor 1")
            let head = try rig.ask(rig.request("HEAD", "/api/x", cookie: cookie))
            #expect(head.status == 200 && head.fields["content-length"] == "\("GET api|x  0 visitor 1".utf8.count)")
        }
    }

    @Test("a path that is not in the table does not exist", arguments: ["/x", "/assets", "/assets/Page.js", "/api"])
    func unknown(path: String) async throws {
        try await ServerRig.run { rig in
            let answer = try rig.ask(rig.request("GET", path, cookie: rig.cookie()))
            #expect(answer.status == 404)
        }
    }

    @Test("only the server's own names are answered", arguments: ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"])
    func ownNames(name: String) async throws {
        try await ServerRig.run { rig in
            let request = try rig.request("GET", "/", cookie: rig.cookie())
            #expect(
                try rig.ask(request.replacing("Host: \(rig.host)", with: "Host: \(name):\(rig.port)")).status == 200)
        }
    }

    @Test(
        "a foreign name is refused, as DNS rebinding would use it",
        arguments: [
            "evil.example:PORT", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.:PORT", "127.0.0.2:PORT", "", "localhost",
        ])
    func foreignNames(name: String) async throws {
        try await ServerRig.run { rig in
            let name = name.replacing("PORT", with: "\(rig.port)")
            let request = try rig.request("GET", "/", cookie: rig.cookie())
            #expect(try rig.ask(request.replacing("Host: \(rig.host)", with: "Host: \(name)")).status == 421)
        }
    }

    @Test("a request without a name, or with two, is refused")
    func hostCount() async throws {
        try await ServerRig.run { rig in
            let request = try rig.request("GET", "/", cookie: rig.cookie())
            #expect(try rig.ask(request.replacing("Host: \(rig.host)\r\n", with: "")).status == 400)
            #expect(try rig.ask(request.replacing("Cookie:", with: "Host: \(rig.host)\r\nCookie:")).status == 400)
        }
    }

    @Test(
        "what changes something needs the server's own origin",
        arguments: ["POST", "PUT", "DELETE"],
        [
            nil, "null", "http://evil.example", "https://HOST", "http://127.0.0.1", "http://localhost:PORT",
            "http://HOST/",
        ])
    func foreignOrigin(method: String, origin: String?) async throws {
        try await ServerRig.run { rig in
            let request = try rig.request(method, "/api/x", cookie: rig.cookie(), body: "{}")
            #expect(try rig.ask(request).status == 200)
            let text = origin?.replacing("HOST", with: rig.host).replacing("PORT", with: "\(rig.port)")
            let line = text.map { "Origin: \($0)\r\n" } ?? ""
            let answer = try rig.ask(request.replacing("Origin: http://\(rig.host)\r\n", with: line))
            #expect(answer.status == 403)
            #expect(answer.text.hasPrefix("{\"error\": {\"what\": \"This comes from the page of another server.\""))
            #expect(rig.desk.requests.count == 1)
        }
    }

    @Test("a reading request from a foreign page is refused too")
    func foreignRead() async throws {
        try await ServerRig.run { rig in
            let cookie = try rig.cookie()
            for line in ["Origin: http://evil.example", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site"] {
                #expect(try rig.ask(rig.request("GET", "/api/x", cookie: cookie, more: [line])).status == 403)
            }
            for line in ["Origin: http://\(rig.host)", "Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: none"] {
                #expect(try rig.ask(rig.request("GET", "/api/x", cookie: cookie, more: [line])).status == 200)
            }
        }
    }

    @Test(
        "bodies are JSON and nothing else",
        arguments: [
            ("application/json", 200), ("Application/JSON; charset=UTF-8", 200), ("text/plain", 415), ("", 415),
            ("application/x-www-form-urlencoded", 415), ("multipart/form-data; boundary=a", 415),
            ("application/json, text/plain", 415), ("application/jsonp", 415),
        ])
    func types(type: String, status: Int) async throws {
        try await ServerRig.run { rig in
            let request = try rig.request("POST", "/api/x", cookie: rig.cookie(), body: "{}")
            let answer = try rig.ask(request.replacing("Content-Type: application/json", with: "Content-Type: \(type)"))
            #expect(answer.status == status)
        }
    }

    @Test(
        "a method that is not served is answered 405 and what is",
        arguments: ["PATCH", "OPTIONS", "TRACE", "CONNECT", "BREW", "PROPFIND"])
    func methods(method: String) async throws {
        try await ServerRig.run { rig in
            let answer = try rig.ask(rig.request(method, "/api/x", cookie: rig.cookie()))
            #expect(answer.status == 405)
            #expect(answer.fields["allow"] == "GET, HEAD, POST, PUT, DELETE")
            #expect(rig.desk.requests.isEmpty)
        }
    }

    @Test("the page itself cannot be posted to")
    func postPage() async throws {
        try await ServerRig.run { rig in
            let answer = try rig.ask(rig.request("POST", "/", cookie: rig.cookie(), body: "{}"))
            #expect(answer.status == 405)
        }
    }

    @Test("an answer of the desk cannot add header fields")
    func oddAnswers() async throws {
        try await ServerRig.run { rig in
            let cookie = try rig.cookie()
            let odd = try rig.ask(rig.request("GET", "/api/odd", cookie: cookie))
            #expect(odd.status == 500 && odd.fields["x-evil"] == nil)
            let other = try rig.ask(rig.request("GET", "/api/other", cookie: cookie))
            #expect(other.status == 405 && other.fields["allow"] == "GET, HEAD" && other.fields["x-evil"] == nil)
            let report = try rig.ask(rig.request("GET", "/api/report", cookie: cookie))
            #expect(report.body == [1, 2, 3])
            // Carriage return and line feed are one character.
            #expect(report.fields["content-disposition"] == "inline; filename=\"re_po_rt.pdf\"")
        }
    }
}
