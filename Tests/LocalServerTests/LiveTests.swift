import LocalServer
import Testing

/// What no browser may send, and the code that answers it.
struct WrongFrame: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var bytes: [UInt8]
    var code: Int

    init(_ name: String, _ bytes: [UInt8], _ code: Int) {
        (testDescription, self.bytes, self.code) = (name, bytes, code)
    }

    private static let beginning = TinySocket.frame(1, [65], isLast: false)
    static let all: [WrongFrame] = [
        .init("text without a mask", TinySocket.frame(1, [65], isMasked: false), 1002),
        .init("binary without a mask", TinySocket.frame(2, [65], isMasked: false), 1002),
        .init("ping without a mask", TinySocket.frame(9, [], isMasked: false), 1002),
        .init("a reserved bit", TinySocket.frame(1, [65], reserved: 4), 1002),
        .init("an unknown frame", TinySocket.frame(3, [65]), 1002),
        .init("an unknown control frame", TinySocket.frame(11, [65]), 1002),
        .init("a continuation of nothing", TinySocket.frame(0, [65]), 1002),
        .init("a message within a message", beginning + TinySocket.frame(1, [65]), 1002),
        .init("a ping in fragments", TinySocket.frame(9, [65], isLast: false), 1002),
        .init("a large ping", TinySocket.frame(9, [UInt8](repeating: 0, count: 126)), 1002),
        .init("a byte too many", TinySocket.frame(2, [UInt8](repeating: 0, count: 4097)), 1009),
        .init("2^40 bytes announced", TinySocket.announcing(1 << 40), 1009),
        .init("2^62 bytes announced", TinySocket.announcing(1 << 62), 1009),
        .init("2^31 bytes announced", TinySocket.announcing(1 << 31), 1009),
    ]
}

@Suite("The live connection")
struct LiveTests {
    @Test("opens with the accept key of RFC 6455's own example, and brings events and pieces in order")
    func opens() async throws {
        try await ServerRig.run { rig in
            let cookie = try rig.cookie()
            let client = try rig.client()
            client.send(
                rig.request("GET", "/live", cookie: cookie, more: ServerRig.upgrade + ["Origin: http://\(rig.host)"]))
            let answer = try client.answer()
            #expect(answer.status == 101)
            #expect(answer.fields["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
            #expect(TinySocket.next(from: client)?.text == "{\"event\": \"hello\", \"id\": 1}")
            let listener = try #require(rig.desk.listeners.first)
            #expect(listener.visitor == VisitorID(number: 1))
            for number in 0..<20 {
                listener.offer(event: "event \(number)")
                #expect(TinySocket.next(from: client) == .init(opcode: 1, payload: Array("event \(number)".utf8)))
                let piece = [UInt8](repeating: UInt8(number), count: number * 1000)
                #expect(listener.offer(piece: piece))
                #expect(TinySocket.next(from: client) == .init(opcode: 2, payload: piece))
            }
            #expect(listener.missedPieces == 0)
        }
    }

    @Test(
        "is refused to a foreign origin, without an origin, and to a request that is no upgrade, and the connection ends",
        arguments: [
            ("Origin: http://HOST", "Origin: http://evil.example", 403), ("Origin: http://HOST", "Origin: null", 403),
            ("Origin: http://HOST\r\n", "", 403), ("Upgrade: websocket", "Upgrade: h2c", 426),
            ("Connection: Upgrade", "Connection: keep-alive", 426),
            ("Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 8", 426),
            ("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Key: short", 400),
            ("GET /live", "GET /", 400), ("GET /live", "GET /api/x", 400), ("Cookie: ", "Cookie: a", 401),
            ("Host: HOST", "Host: evil.example", 421),
        ])
    func refused(what: String, by other: String, status: Int) async throws {
        try await ServerRig.run { rig in
            let sound = try rig.request(
                "GET", "/live", cookie: rig.cookie(), more: ["Origin: http://\(rig.host)"] + ServerRig.upgrade)
            let client = try rig.client()
            client.send(sound.replacing(what.replacing("HOST", with: rig.host), with: other))
            #expect(try client.answer().status == status)
            #expect(client.isClosed())
            #expect(rig.desk.order.isEmpty)
        }
    }

    @Test("a ping is answered with its own bytes, and a close with a close")
    func pingAndClose() async throws {
        try await ServerRig.run { rig in
            let client = try rig.live(cookie: rig.cookie())
            client.send(TinySocket.frame(9, [1, 2, 3]))
            #expect(TinySocket.next(10, from: client)?.payload == [1, 2, 3])
            client.send(TinySocket.frame(8, [3, 232]))
            #expect(TinySocket.next(8, from: client)?.code == 1000)
            #expect(client.isClosed())
            #expect(rig.desk.waits(for: "closed 1"))
            #expect(rig.desk.order == ["opened 1", "closed 1"])
        }
    }

    @Test(
        "what a browser may not send ends the connection with its code",
        arguments: WrongFrame.all)
    func wrongFrames(wrong: WrongFrame) async throws {
        try await ServerRig.run { rig in
            let client = try rig.live(cookie: rig.cookie())
            client.send(wrong.bytes)
            #expect(TinySocket.next(8, from: client)?.code == wrong.code)
            #expect(client.isClosed())
            #expect(rig.desk.waits(for: "closed 1"))
        }
    }

    @Test("a length that no number holds ends the connection", arguments: [UInt64(1) << 63, .max, .max - 7])
    func absurdLength(length: UInt64) async throws {
        try await ServerRig.run { rig in
            let client = try rig.live(cookie: rig.cookie())
            client.send(TinySocket.announcing(length))
            #expect(client.isClosed())
        }
    }

    @Test("a message may come in fragments, up to 16 KiB and 64 of them")
    func fragments() async throws {
        try await ServerRig.run { rig in
            let cookie = try rig.cookie()
            let large = try rig.live(cookie: cookie)
            let block = [UInt8](repeating: 0, count: 4096)
            large.send(TinySocket.frame(2, block, isLast: false))
            for _ in 0..<3 { large.send(TinySocket.frame(0, block, isLast: false)) }
            large.send(TinySocket.frame(9, [7]))
            #expect(TinySocket.next(10, from: large)?.payload == [7])
            large.send(TinySocket.frame(0, [1]))
            #expect(TinySocket.next(8, from: large)?.code == 1009)
            let many = try rig.live(cookie: cookie)
            many.send(TinySocket.frame(2, [], isLast: false))
            for _ in 0..<64 { many.send(TinySocket.frame(0, [], isLast: false)) }
            #expect(TinySocket.next(8, from: many)?.code == 1009)
        }
    }

    @Test("a flood of frames ends the connection")
    func flood() async throws {
        try await ServerRig.run { rig in
            let client = try rig.live(cookie: rig.cookie())
            client.send((0..<101).flatMap { _ in TinySocket.frame(9) })
            #expect(TinySocket.next(8, from: client)?.code == 1008)
        }
    }

    @Test("the server pings, and who answers nothing is cut off while who answers stays")
    func deadPeer() async throws {
        try await ServerRig.run(limits: { $0.pingSeconds = 1 }) { rig in
            let cookie = try rig.cookie()
            let (dead, alive) = (try rig.live(cookie: cookie), try rig.live(cookie: cookie))
            for _ in 0..<3 {
                #expect(TinySocket.next(9, from: alive) != nil)
                alive.send(TinySocket.frame(10))
            }
            rig.server.forget(VisitorID(number: 1))
            #expect(TinySocket.next(8, from: alive)?.code == 1008)
            #expect(dead.isClosed())
            #expect(rig.desk.waits(for: "closed 2"))
            #expect(rig.desk.order.suffix(2) == ["closed 1", "closed 2"])
        }
    }

    @Test("a client that stops reading misses pieces that are counted, and holds no more memory than stated")
    func stopsReading() async throws {
        try await ServerRig.run { rig in
            let cookie = try rig.cookie()
            let (slow, good) = (try rig.live(cookie: cookie, receiveBytes: 4096), try rig.live(cookie: cookie))
            #expect(rig.desk.waits(for: "opened 2"))
            _ = TinySocket.next(1, from: good)
            let listeners = rig.desk.listeners
            try #require(listeners.count == 2)
            let pieces = 1000
            let before = residentBytes()
            for number in 0..<pieces {
                // Each of its own: 256 MB if all were kept.
                listeners[0].offer(piece: [UInt8](repeating: UInt8(number % 256), count: 256 << 10))
                if number % 20 == 0 {
                    listeners[1].offer(piece: [UInt8(number % 256)])
                    #expect(TinySocket.next(2, from: good)?.payload == [UInt8(number % 256)])
                }
            }
            // The other tests of this process have their answers of 8 MB.
            #expect(residentBytes() - before < 96 << 20)
            #expect(listeners[1].missedPieces == 0)
            // 2 MiB wait here, and what the system and the channel hold.
            let missed = listeners[0].missedPieces
            #expect(missed >= UInt64(pieces - 8 - 16) && missed < UInt64(pieces))
            // Events are not dropped, and go first.
            listeners[0].offer(event: "after")
            var received = 0
            var hasEvent = false
            while received + Int(missed) < pieces, let frame = TinySocket.next(from: slow) {
                if frame.opcode == 2 { received += 1 }
                hasEvent = hasEvent || frame.text == "after"
            }
            #expect(received + Int(missed) == pieces && hasEvent)
            #expect(listeners[0].missedPieces == missed)
        }
    }

    @Test("who lets events pile up is cut off", arguments: [(1200, 10), (40, 40_000)])
    func eventsPileUp(count: Int, bytes: Int) async throws {
        try await ServerRig.run { rig in
            let client = try rig.live(cookie: rig.cookie(), receiveBytes: 4096)
            #expect(rig.desk.waits(for: "opened 1"))
            let listener = try #require(rig.desk.listeners.first)
            // The channel is full first.
            for _ in 0..<60 { listener.offer(piece: [UInt8](repeating: 0, count: 64 << 10)) }
            TinySocket.wait(milliseconds: 100)
            for _ in 0..<count { listener.offer(event: String(repeating: "e", count: bytes)) }
            #expect(rig.desk.waits(for: "closed 1"))
            #expect(!listener.offer(piece: [1]))
            #expect(client.isClosed())
        }
    }

    @Test("offers from many threads all arrive, each thread's in order")
    func threads() async throws {
        try await ServerRig.run { rig in
            let client = try rig.live(cookie: rig.cookie())
            _ = TinySocket.next(1, from: client)
            let listener = try #require(rig.desk.listeners.first)
            await withTaskGroup { group in
                for thread in 0..<8 {
                    group.addTask { for number in 0..<100 { listener.offer(event: "\(thread) \(number)") } }
                }
            }
            var next = [Int](repeating: 0, count: 8)
            for _ in 0..<800 {
                let words = try #require(TinySocket.next(1, from: client)).text.split(separator: " ").compactMap {
                    Int($0)
                }
                #expect(next[words[0]] == words[1])
                next[words[0]] += 1
            }
        }
    }

    @Test("more live connections than there is room for are refused while the others go on")
    func tooManyLive() async throws {
        try await ServerRig.run(limits: { $0.liveConnections = 2 }) { rig in
            let cookie = try rig.cookie()
            let clients = try (0..<2).map { _ in try rig.live(cookie: cookie) }
            #expect(throws: TinyClient.ClientError.self) { try rig.live(cookie: cookie) }
            clients[0].send(TinySocket.frame(8))
            #expect(rig.desk.waits(for: "closed 1"))
            let third = try rig.live(cookie: cookie)
            third.send(TinySocket.frame(9))
            #expect(TinySocket.next(10, from: third) != nil)
        }
    }

    @Test("random frames end the connection and nothing else", arguments: 0..<60)
    func randomFrames(seed: UInt64) async throws {
        try await ServerRig.run(seed: seed) { rig in
            var chance = RandomText(seed: seed)
            let cookie = try rig.cookie()
            for _ in 0..<4 {
                let client = try rig.live(cookie: cookie)
                let sound = TinySocket.frame(9, [1, 2]) + TinySocket.frame(1, [UInt8](repeating: 65, count: 300))
                client.send(chance.bytes(like: sound))
                client.finish()
                #expect(client.isClosed())
            }
            #expect(try rig.ask(rig.request("GET", "/", cookie: cookie)).status == 200)
        }
    }
}
