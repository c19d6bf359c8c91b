import ProbeLink
import Testing

@testable import USBCapture

@Suite("Replay of a USB capture")
struct CaptureTransportTests {
    static let heartbeat = Heartbeat(CaptureFixture.keepAlive, every: .milliseconds(250))

    static func replay(_ body: (CaptureTap) -> Void) throws -> CaptureTransport {
        CaptureTransport(try CaptureFixture.capture(body).0)
    }

    static func run(_ transport: CaptureTransport, heartbeat: Heartbeat? = heartbeat) -> (
        [DeliveredSink.Item], TransportError?
    ) {
        var sink = DeliveredSink()
        do throws(TransportError) {
            try transport.run(into: &sink, heartbeat: heartbeat, until: StopSignal())
            return (sink.items, nil)
        } catch {
            return (sink.items, error)
        }
    }

    @Test("a session is replayed request by request and run by run")
    func replaysSession() throws {
        let transport = try Self.replay(CaptureFixture.session)
        #expect(transport.label == "capture of usb 1209:0001 ODP Test SN1")
        #expect(try transport.control(CaptureFixture.identity) == Array(0..<64))
        #expect(throws: TransportError.stalled(request: 0x10)) { try transport.control(CaptureFixture.setting) }
        for run in 0..<2 {
            try transport.control(CaptureFixture.run(true))
            let (items, error) = Self.run(transport)
            #expect(error == nil)
            #expect(items == [.stream([UInt8(run), 1, 2, 3]), .event([4, 5]), .stream([6, 7, UInt8(run)])])
            try transport.control(CaptureFixture.run(false))
        }
        #expect(transport.failedTransfers == 0)
    }

    @Test("what was read while a run was at work may be asked for again, or not")
    func answersReadsOfRun() throws {
        let transport = try Self.replay(CaptureFixture.session)
        _ = try transport.control(CaptureFixture.identity)
        #expect(throws: TransportError.self) { try transport.control(CaptureFixture.setting) }
        try transport.control(CaptureFixture.run(true))
        _ = Self.run(transport)
        #expect(try transport.control(CaptureFixture.status) == [1, 1, 0, 0])
        try transport.control(CaptureFixture.run(false))
    }

    @Test("another request than the captured one is refused with what was expected")
    func refusesOthers() throws {
        let transport = try Self.replay(CaptureFixture.session)
        do throws(TransportError) {
            try transport.control(CaptureFixture.run(true))
            Issue.record("it was answered")
        } catch {
            guard case .protocolViolation(let what) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(what.contains("request 0x1 value 0x0"))
            #expect(what.contains("request 0x21 value 0x1"))
        }
        #expect(try transport.control(CaptureFixture.identity).count == 64)
    }

    @Test(
        "the same request with another value, index, data or length is another request",
        arguments: [
            ControlRequest(0x10, value: 1, body: .out([9, 8, 7])), ControlRequest(0x10, body: .out([9, 8, 6])),
            ControlRequest(0x10, index: 1, body: .out([9, 8, 7])), ControlRequest(0x10, body: .in(length: 3)),
            ControlRequest(0x10, body: .out([9, 8, 7]), scope: .classInterface),
        ])
    func comparesRequests(request: ControlRequest) throws {
        let transport = try Self.replay { $0.ended(CaptureFixture.setting, at: 10) }
        #expect(throws: TransportError.self) { try transport.control(request) }
        try transport.control(CaptureFixture.setting)
    }

    @Test("a request after the last one says that the capture has ended")
    func endsWithCapture() throws {
        let transport = try Self.replay { $0.ended(CaptureFixture.run(true), at: 10) }
        try transport.control(CaptureFixture.run(true))
        #expect(throws: TransportError.self) { try transport.control(CaptureFixture.run(true)) }
    }

    @Test("missed isochronous packets keep their place and their interval")
    func deliversMissedPackets() throws {
        let transport = try Self.replay { tap in
            tap.ended(CaptureFixture.run(true), at: 10)
            tap.received([1, 2], from: 0x83, isIsochronous: true, at: 20)
            tap.packetsMissed(endpoint: 0x83, count: 300, packetNanoseconds: 1_000_000, nanoseconds: 21)
            tap.received([3], from: 0x83, isIsochronous: true, at: 22)
        }
        try transport.control(CaptureFixture.run(true))
        let (items, error) = Self.run(transport)
        #expect(error == nil)
        let missed = items.reduce(0) { sum, item in
            if case .missed(let packets, 1_000_000) = item { sum + packets } else { sum }
        }
        #expect(missed == 300)
        #expect(items.first == .stream([1, 2]))
        #expect(items.last == .stream([3]))
    }

    @Test("packets of one isochronous transfer come one after the other, the damaged ones as missed")
    func deliversPackets() throws {
        var writer = PcapngWriter()
        let fiveBytes: [UInt8] = [1, 2, 3, 4, 5]
        var file: [UInt8] = []
        writer.begin(device: CaptureFixture.device, software: "test", to: &file)
        let packets = [
            IsochronousPacket(status: 0, offset: 0, length: 2), IsochronousPacket(status: -71, offset: 2, length: 1),
            IsochronousPacket(status: -18, offset: 3, length: 0), IsochronousPacket(status: 0, offset: 3, length: 2),
            IsochronousPacket(status: 0, offset: 4, length: 2),
        ]
        let record = UsbmonRecord(
            id: 1, event: .complete, type: .isochronous, endpoint: 0x83, deviceAddress: 7, bus: 1, status: 0,
            urbBytes: 5, intervalMicroframes: 1, nanoseconds: 5)
        writer.append(record, packets: packets, data: fiveBytes.span.bytes, to: &file)
        let capture = try PcapngReader(bytes: file, fileName: "test")
        #expect(capture.records.first?.packets == packets)
        let (items, _) = Self.run(CaptureTransport(capture))
        #expect(
            items == [
                .stream([1, 2]), .missed(packets: 2, packetNanoseconds: 125_000), .stream([4, 5]),
                .missed(packets: 1, packetNanoseconds: 125_000),
            ])
    }

    @Test("a device that was unplugged is unplugged again", arguments: [-19, -108] as [Int32])
    func unplugsAgain(status: Int32) throws {
        let transport = try Self.replay { tap in
            tap.ended(CaptureFixture.run(true), at: 10)
            tap.received([1], at: 20)
            tap.received([], status: status, at: 21)
            tap.ended(CaptureFixture.run(false), error: .disconnected(device: "x"), at: 30)
        }
        try transport.control(CaptureFixture.run(true))
        let (items, error) = Self.run(transport)
        #expect(items == [.stream([1])])
        #expect(error == .disconnected(device: transport.label))
        #expect(throws: TransportError.disconnected(device: transport.label)) {
            try transport.control(CaptureFixture.run(false))
        }
    }

    @Test("failed transfers are counted, those that the host took back are not")
    func countsFailures() throws {
        let transport = try Self.replay { tap in
            for status: Int32 in [0, -32, -71, -2, -104] { tap.received([1], status: status, at: 20) }
        }
        let (items, error) = Self.run(transport)
        #expect(error == nil)
        #expect(items.count == 5)
        #expect(transport.failedTransfers == 2)
    }

    @Test("a stop ends the run at once, and the next request is the one that ended the captured run")
    func stops() throws {
        let transport = try Self.replay(CaptureFixture.session)
        _ = try transport.control(CaptureFixture.identity)
        #expect(throws: TransportError.self) { try transport.control(CaptureFixture.setting) }
        try transport.control(CaptureFixture.run(true))
        var sink = DeliveredSink()
        let stop = StopSignal()
        sink.stop = stop
        try transport.run(into: &sink, heartbeat: Self.heartbeat, until: stop)
        #expect(sink.items == [.stream([0, 1, 2, 3])])
        #expect(sink.arrivals == [1_700_000_000_000_000_200])
        try transport.control(CaptureFixture.run(false))
        try transport.control(CaptureFixture.run(true))
        #expect(Self.run(transport).0.first == .stream([1, 1, 2, 3]))
    }
}
