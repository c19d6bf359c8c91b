import Foundation
import ProbeLink
import Synchronization
import Testing

@testable import ProbeSimulator

@Suite("The USB/IP server")
struct USBIPServerTests {
    private static let importRequest = "0111 8003 00000000 312d31" + String(repeating: "00", count: 29)

    private func control(_ sequence: String, _ setup: String, bytes: String, direction: String = "00000001") -> String {
        "00000001 \(sequence) 00010002 \(direction) 00000000 00000000 \(bytes) 00000000 00000000 00000000 \(setup)"
    }

    private func probe() -> SimulatedProbe {
        SimulatedProbe(
            identity: DeviceIdentity(serialNumber: "SN1"), source: ToneSource(frequencyHz: 100, seed: 3))
    }

    /// Runs the server on a thread of its own while a host does something.
    private func serving(
        _ server: USBIPServer, _ listener: consuming USBIPListener, _ body: (UInt16) throws -> Void
    ) rethrows {
        let stop = StopSignal()
        let ended = DispatchSemaphore(value: 0)
        let port = listener.port
        let kept = Mutex(Optional(listener))
        Thread.detachNewThread {
            kept.withLock { kept in
                guard let listener = kept.take() else { return }
                server.run(listener, until: stop)
            }
            ended.signal()
        }
        defer {
            stop.request()
            ended.wait()
        }
        try body(port)
    }

    @Test("a host lists, imports, asks for the identity and leaves; the next one can have it too")
    func twoHosts() throws {
        let events = Mutex<[USBIPServer.Event]>([])
        let server = try USBIPServer(probe(), clock: ContinuousClock()) { event in events.withLock { $0.append(event) }
        }
        try serving(server, USBIPListener(port: 0)) { port in
            for _ in 0..<2 {
                let host = USBIPHost(port: port)
                host.send("0111 8005 00000000")
                #expect(host.receive(328).prefix(12).elementsEqual(hex("0111 0005 00000000 00000001")))
                host.send(Self.importRequest)
                #expect(host.receive(320).prefix(8).elementsEqual(hex("0111 0003 00000000")))
                // Another host meanwhile is told that the device is taken.
                let other = USBIPHost(port: port)
                other.send(Self.importRequest)
                #expect(other.receive(8) == hex("0111 0003 00000001"))
                other.leave()
                host.send(control("00000001", "c0 01 0000 0000 0400", bytes: "00000004"))
                #expect(host.receive(52).suffix(4).elementsEqual("ODP1".utf8))
                host.leave()
                while events.withLock({ $0.last != .detached }) { usleep(1000) }
                events.withLock { $0.append(.attached) }
            }
        }
        #expect(events.withLock { $0.filter { $0 == .detached }.count } == 2)
    }

    @Test("a stream flows while transfers wait, and unlinked ones come back as such")
    func stream() throws {
        var ends: [Int32] = [-1, -1]
        #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        let server = try USBIPServer(probe(), speed: .superSpeed, clock: ContinuousClock(), times: 20)
        let stop = StopSignal()
        let ended = DispatchSemaphore(value: 0)
        let device = ends[0]
        Thread.detachNewThread {
            do { try server.run(attached: device, until: stop) } catch { Issue.record(error) }
            ended.signal()
        }
        let host = USBIPHost(descriptor: ends[1])
        let settings = ProbeRig.acquisition(mask: 1).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
        host.send(
            control("00000001", "40 10 0000 0000 3000", bytes: "00000030", direction: "00000000") + settings.joined())
        host.send(control("00000002", "40 21 0100 0000 0000", bytes: "00000000", direction: "00000000"))
        #expect(host.receive(96)[20..<24].elementsEqual([0, 0, 0, 0]))
        let submit = "00010002 00000001 00000001 00000000 00004000" + String(repeating: "00", count: 20)
        host.send("00000001 00000003" + submit)
        let reply = host.receive(48)
        #expect(reply[...].bigEndian(at: 4, as: UInt32.self) == 3)
        let count: UInt32 = reply[...].bigEndian(at: 24)
        #expect(host.receive(Int(count)).prefix(4).elementsEqual("ODPS".utf8))
        host.send(control("00000004", "40 22 0000 0000 0000", bytes: "00000000", direction: "00000000"))
        host.send("00000001 00000005" + submit)
        host.send("00000002 00000006 00010002 00000000 00000000 00000005" + String(repeating: "00", count: 24))
        #expect(
            host.receive(96)[48...].elementsEqual(
                hex("00000004 00000006 00000000 00000000 00000000 ffffff98" + String(repeating: "00", count: 24))))
        host.leave()
        ended.wait()
    }

    @Test("a host that sends nonsense is let go, and the server goes on")
    func nonsense() throws {
        let events = Mutex<[USBIPServer.Event]>([])
        let server = try USBIPServer(probe(), clock: ContinuousClock()) { event in events.withLock { $0.append(event) }
        }
        try serving(server, USBIPListener(port: 0)) { port in
            let bad = USBIPHost(port: port)
            bad.send("474554202f20485454502f312e310d0a")
            #expect(bad.receive(1).isEmpty)
            bad.leave()
            let good = USBIPHost(port: port)
            good.send("0111 8005 00000000")
            #expect(good.receive(328).count == 328)
            good.leave()
        }
        #expect(events.withLock { $0 } == [.refused(.unknownVersion(0x4745))])
    }

    @Test("a port that is taken is an error that names it")
    func taken() throws {
        let first = try USBIPListener(port: 0)
        let port = first.port
        #expect(throws: USBIPError.system(code: EADDRINUSE, doing: "listening on 127.0.0.1 port \(port)")) {
            _ = try USBIPListener(port: port)
        }
        #expect(first.port == port)
    }

    @Test("the kernel's table gives the first free port of each speed")
    func kernelPorts() {
        let table = """
            hub port sta spd dev      sockfd local_busid
            hs  0000 006 003 00010002 000003 1-1
            hs  0001 004 000 00000000 000000 0-0
            ss  0008 004 000 00000000 000000 0-0
            """
        #expect(USBIPKernelPort.freePort(in: table, for: .high) == 1)
        #expect(USBIPKernelPort.freePort(in: table, for: .superSpeed) == 8)
        #expect(USBIPKernelPort.freePort(in: "", for: .high) == nil)
    }

    @Test("without a virtual host controller the error says what to do")
    func noController() {
        #expect(throws: USBIPError.noHostController(path: "/nonexistent")) {
            _ = try USBIPKernelPort.attach(.high, folder: "/nonexistent")
        }
        #expect(USBIPError.noHostController(path: "/x").description.contains("modprobe vhci-hcd"))
    }
}
