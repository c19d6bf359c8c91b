import Glibc
import LocalServer
import Testing

@Suite("Limits of HTTP")
struct LimitTests {
    private static func padding(_ count: Int) -> String { String(repeating: "a", count: count) }

    @Test("a header of more than 16 KiB is refused, in one field, in many, and in the address", arguments: 0..<3)
    func largeHeader(shape: Int) async throws {
        try await ServerRig.run { rig in
            let cookie = try rig.cookie()
            let more: [String] =
                switch shape {
                case 0: ["X-A: " + Self.padding(17_000)]
                case 1: (0..<40).map { "X-\($0): " + Self.padding(500) }
                default: []
                }
            let path = shape == 2 ? "/" + Self.padding(17_000) : "/"
            #expect(try rig.ask(rig.request("GET", path, cookie: cookie, more: more)).status == 431)
            let good = try rig.ask(rig.request("GET", "/", cookie: cookie, more: ["X-A: " + Self.padding(15_000)]))
            #expect(good.status == 200)
        }
    }

    @Test("more than 64 header fields are refused")
    func manyFields() async throws {
        try await ServerRig.run { rig in
            let cookie = try rig.cookie()
            let good = try rig.ask(rig.request("GET", "/", cookie: cookie, more: (0..<62).map { "X-\($0): a" }))
            #expect(good.status == 200)
            let bad = try rig.ask(rig.request("GET", "/", cookie: cookie, more: (0..<63).map { "X-\($0): a" }))
            #expect(bad.status == 431)
        }
    }

    @Test("a header without an end stops being read, and the connection ends")
    func endlessHeader() async throws {
        try await ServerRig.run { rig in
            let client = try rig.client()
            client.send("GET / HTTP/1.1\r\nHost: \(rig.host)\r\n")
            for _ in 0..<200 { client.send("X-A: \(Self.padding(10_000))\r\n") }
            #expect(client.isClosed())
            // Gone without a trace in what the server holds.
            #expect(try rig.ask(rig.request("GET", "/", cookie: rig.cookie())).status == 200)
        }
    }

    @Test("a body may have 1 MiB and no byte more, with its length or in chunks", arguments: [false, true])
    func bodies(isChunked: Bool) async throws {
        try await ServerRig.run { rig in
            let cookie = try rig.cookie()
            for (bytes, status) in [(1 << 20, 200), ((1 << 20) + 1, 413)] {
                let client = try rig.client()
                var request = rig.request("POST", "/api/x", cookie: cookie)
                let size = isChunked ? "Transfer-Encoding: chunked" : "Content-Length: \(bytes)"
                request = request.replacing("Content-Length: 0", with: size)
                let body = [UInt8](repeating: 0x20, count: bytes)
                client.send(request)
                if isChunked {
                    for start in stride(from: 0, to: bytes, by: 1000) {
                        let chunk = body[start..<min(start + 1000, bytes)]
                        client.send(Array("\(String(chunk.count, radix: 16))\r\n".utf8) + chunk + [13, 10])
                    }
                    client.send("0\r\n\r\n")
                } else {
                    client.send(body)
                }
                let answer = try client.answer()
                #expect(answer.status == status)
                if status == 200 { #expect(answer.text == "POST api|x  \(bytes) visitor 1") }
            }
        }
    }

    @Test(
        "a request whose end is doubtful is refused",
        arguments: [
            "Content-Length: 2\r\nTransfer-Encoding: chunked", "Content-Length: 2\r\nContent-Length: 3",
            "Content-Length: -1", "Content-Length: 0x2", "Content-Length: 99999999999999999999",
            "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: gzip", "Content-Length: +2",
        ])
    func smuggling(size: String) async throws {
        try await ServerRig.run { rig in
            let request = try rig.request("POST", "/api/x", cookie: rig.cookie())
            let answer = try rig.ask(request.replacing("Content-Length: 0", with: size) + "{}")
            #expect(answer.status == 400)
            #expect(rig.desk.requests.isEmpty)
        }
    }

    @Test("a body is not taken with GET")
    func getBody() async throws {
        try await ServerRig.run { rig in
            let request = try rig.request("GET", "/api/x", cookie: rig.cookie(), more: ["Content-Length: 2"])
            #expect(try rig.ask(request + "{}").status == 400)
        }
    }

    @Test("requests that come at once are answered one after the other, in order")
    func pipelining() async throws {
        try await ServerRig.run { rig in
            let cookie = try rig.cookie()
            let client = try rig.client()
            let requests = (0..<50).map { number in
                number % 3 == 0
                    ? rig.request("POST", "/api/\(number)", cookie: cookie, body: "{}")
                    : rig.request("GET", number % 3 == 1 ? "/api/\(number)" : "/assets/page.js", cookie: cookie)
            }
            client.send(requests.joined())
            for number in 0..<50 {
                let answer = try client.answer()
                #expect(answer.status == 200)
                switch number % 3 {
                case 0: #expect(answer.text == "POST api|\(number)  2 visitor 1")
                case 1: #expect(answer.text == "GET api|\(number)  0 visitor 1")
                default: #expect(answer.text == "let a = 1\n")
                }
            }
        }
    }

    @Test("a request byte by byte is understood, and what is no request behind it is refused")
    func byteByByte() async throws {
        try await ServerRig.run { rig in
            let cookie = try rig.cookie()
            let client = try rig.client()
            for byte in rig.request("POST", "/api/x", cookie: cookie, body: "{}").utf8 { client.send([byte]) }
            #expect(try client.answer().text == "POST api|x  2 visitor 1")
            client.send(rig.request("GET", "/api/y", cookie: cookie) + "GET / nonsense\r\n\r\n")
            #expect(try client.answer().text == "GET api|y  0 visitor 1")
            #expect(try client.answer().status == 400)
            #expect(client.isClosed())
        }
    }

    @Test("a header that takes too long is answered 408, however slowly it drips", arguments: [false, true])
    func slowHeader(drips: Bool) async throws {
        try await ServerRig.run(limits: { $0.headSeconds = 0.3 }) { rig in
            let client = try rig.client()
            client.send("GET / HTTP/1.1\r\n")
            if drips {
                for _ in 0..<50 {
                    client.send("X: a\r\n")
                    TinySocket.wait(milliseconds: 10)
                }
            }
            #expect(try client.answer().status == 408)
            #expect(client.isClosed(seconds: 2))
        }
    }

    @Test("a body that takes too long is answered 408, and a silent connection ends")
    func slowBody() async throws {
        try await ServerRig.run(limits: { ($0.bodySeconds, $0.idleSeconds, $0.headSeconds) = (0.2, 0.2, 1) }) { rig in
            let cookie = try rig.cookie()
            let slow = try rig.client()
            slow.send(
                rig.request("POST", "/api/x", cookie: cookie).replacing("Content-Length: 0", with: "Content-Length: 9"))
            #expect(try slow.answer().status == 408)
            let idle = try rig.client()
            idle.send(rig.request("GET", "/", cookie: cookie))
            #expect(try idle.answer().status == 200)
            #expect(idle.untilClose(seconds: 2) == [])
        }
    }

    @Test("a desk that does not answer is given up, and told so")
    func deskHangs() async throws {
        try await ServerRig.run(limits: { $0.answerSeconds = 0.2 }) { rig in
            let answer = try rig.ask(rig.request("GET", "/api/never", cookie: rig.cookie()))
            #expect(answer.status == 503 && answer.text.contains("did not answer in time"))
            #expect(rig.desk.waits(for: "cancelled"))
        }
    }

    @Test("when a browser goes away, the desk's work for it is cancelled")
    func browserLeaves() async throws {
        try await ServerRig.run { rig in
            let cookie = try rig.cookie()
            var client: TinyClient? = try rig.client()
            client?.send(rig.request("GET", "/api/never", cookie: cookie))
            while rig.desk.requests.isEmpty { TinySocket.wait(milliseconds: 5) }
            // Unread bytes at its end make this a reset.
            client?.reset()
            client = nil
            #expect(rig.desk.waits(for: "cancelled"))
        }
    }

    @Test("who takes no answer loses the connection")
    func doesNotRead() async throws {
        try await ServerRig.run(limits: { $0.sendSeconds = 0.3 }) { rig in
            let client = try rig.client(receiveBytes: 4096)
            client.send(try rig.request("GET", "/api/large", cookie: rig.cookie()))
            rig.waitForNoConnections()
            #expect(rig.server.openConnections == 0)
        }
    }

    @Test("a large answer arrives whole")
    func largeAnswer() async throws {
        try await ServerRig.run { rig in
            let answer = try rig.ask(rig.request("GET", "/api/large", cookie: rig.cookie()))
            #expect(answer.body == [UInt8](repeating: 7, count: 8 << 20))
        }
    }

    @Test("where every connection is a known browser's, one more is told that there is no room")
    func fullHouse() async throws {
        try await ServerRig.run(limits: { $0.connections = 3 }) { rig in
            let cookie = try rig.cookie()
            // The connection that fetched the cookie takes room until the server has seen its end.
            rig.waitForNoConnections()
            let known = try (0..<3).map { _ in try rig.client() }
            for client in known {
                client.send(rig.request("GET", "/", cookie: cookie))
                #expect(try client.answer().status == 200)
            }
            let more = try rig.client()
            #expect(try more.answer().status == 503)
            #expect(rig.server.refusedConnections == 1)
            for client in known {
                client.send(rig.request("GET", "/", cookie: cookie))
                #expect(try client.answer().status == 200)
            }
        }
    }

    @Test("of 1,000 idle connections the newest stay within 64, and known browsers go on and come in meanwhile")
    func manyConnections() async throws {
        let openFiles = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var room = rlimit()
        getrlimit(openFiles, &room)
        // Two ends of each connection, and what the other tests hold.
        let wanted = rlim_t(4096)
        room.rlim_cur = max(room.rlim_cur, min(wanted, room.rlim_max))
        setrlimit(openFiles, &room)
        guard room.rlim_cur >= wanted else {
            print("skipped: this user may not open \(wanted) files")
            return
        }
        try await ServerRig.run { rig in
            let cookie = try rig.cookie()
            let first = try rig.client()
            first.send(rig.request("GET", "/", cookie: cookie))
            #expect(try first.answer().status == 200)
            let live = try rig.live(cookie: cookie)
            let clients = try (0..<1000).map { _ in try rig.client() }
            #expect(clients[0].isClosed())
            for _ in 0..<1000 where rig.server.refusedConnections < 938 { TinySocket.wait(milliseconds: 10) }
            #expect(rig.server.openConnections == 64)
            let new = try rig.client()
            new.send(rig.request("GET", "/", cookie: cookie))
            #expect(try new.answer().status == 200)
            first.send(rig.request("GET", "/api/x", cookie: cookie))
            #expect(try first.answer().status == 200)
            #expect(TinySocket.next(1, from: live)?.text.contains("hello") == true)
            try #require(rig.desk.listeners.first).offer(event: "still here")
            #expect(TinySocket.next(1, from: live)?.text == "still here")
            #expect(clients[937].isClosed())
            // 62 beside the two known ones, and the one that came last.
            #expect(rig.server.refusedConnections == 939)
        }
    }

    @Test("random bytes end the connection and nothing else", arguments: 0..<60)
    func randomBytes(seed: UInt64) async throws {
        try await ServerRig.run(seed: seed) { rig in
            var chance = RandomText(seed: seed)
            let cookie = try rig.cookie()
            for _ in 0..<4 {
                let client = try rig.client()
                client.send(
                    chance.bytes(like: Array(rig.request("POST", "/api/x?a=1", cookie: cookie, body: "{}").utf8)))
                client.finish()
                #expect(client.isClosed())
            }
            #expect(try rig.ask(rig.request("GET", "/", cookie: cookie)).status == 200)
        }
    }
}
