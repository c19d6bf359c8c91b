import LocalServer
import Testing

@Suite("The server's life")
struct LifeTests {
    @Test("a port that is in use is named, with what to do")
    func inUse() async throws {
        try await ServerRig.run { rig in
            let port = UInt16(rig.port)
            let error = await #expect(throws: LocalServerError.self) { try await ServerRig.start(port: port) }
            #expect(error == .addressInUse(host: "127.0.0.1", port: port))
            #expect(error?.description.contains("choose another port") == true)
        }
    }

    @Test("an address that others can reach is refused", arguments: ["0.0.0.0", "::", "192.0.2.1", "example.com"])
    func notLoopback(host: String) async throws {
        let server = LocalServer(
            settings: ServerSettings(host: host), assets: [:], monotonicSeconds: { 0 }, randomBytes: { _ in [] })
        await #expect(throws: LocalServerError.notLoopback(host: host)) { try await server.start(desk: TestDesk()) }
    }

    @Test("without chance there is no link")
    func noChance() async throws {
        let server = LocalServer(
            settings: ServerSettings(), assets: [:], monotonicSeconds: { 0 }, randomBytes: { _ in [1, 2] })
        let running = try await server.start(desk: TestDesk())
        #expect(throws: LocalServerError.tooLittleChance(bytes: 2)) { try running.makeLink() }
        await running.shutDown()
    }

    @Test("the end closes every connection, says so on the live ones, and the desk hears of each")
    func end() async throws {
        let rig = try await ServerRig.start()
        let cookie = try rig.cookie()
        let live = try (0..<3).map { _ in try rig.live(cookie: cookie) }
        let idle = try rig.client()
        idle.send(rig.request("GET", "/", cookie: cookie))
        #expect(try idle.answer().status == 200)
        let busy = try rig.client()
        busy.send(rig.request("GET", "/api/never", cookie: cookie))
        while rig.desk.requests.isEmpty { TinySocket.wait(milliseconds: 5) }
        async let ended: Void = rig.server.shutDown()
        for client in live {
            #expect(TinySocket.next(8, from: client)?.code == 1001)
            client.send(TinySocket.frame(8, [3, 233]))
            client.finish()
        }
        #expect(idle.isClosed() && busy.isClosed())
        await ended
        #expect(rig.desk.order.filter { $0.hasPrefix("closed") }.count == 3)
        #expect(rig.desk.order.contains("cancelled"))
        #expect(throws: TinyClient.ClientError.self) { try rig.client() }
    }

    @Test("the cookie is named with the port, and an address of IPv6 stands in brackets")
    func sixes() async throws {
        let server = LocalServer(
            settings: ServerSettings(host: "::1"), assets: [:], monotonicSeconds: { 0 },
            randomBytes: { [UInt8](repeating: 1, count: $0) })
        let running: RunningServer
        do {
            running = try await server.start(desk: TestDesk())
        } catch LocalServerError.cannotListen {
            print("skipped: this computer has no IPv6")
            return
        }
        #expect(running.origin == "http://[::1]:\(running.port)")
        #expect(try running.makeLink() == "\(running.origin)/enter?token=" + String(repeating: "01", count: 32))
        await running.shutDown()
    }
}
