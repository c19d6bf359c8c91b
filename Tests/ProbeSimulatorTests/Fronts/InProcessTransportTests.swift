import ProbeLink
import ProbeSimulator
import Synchronization
import Testing

/// A clock that a test sets by hand.
private final class HandClock: Clock, Sendable {
    typealias Duration = Swift.Duration

    struct Instant: InstantProtocol {
        var offset: Duration
        func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - offset }
        static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private let offset = Mutex(Duration.zero)
    var now: Instant { Instant(offset: offset.withLock { $0 }) }
    let minimumResolution = Duration.nanoseconds(1)
    func sleep(until deadline: Instant, tolerance: Duration?) async throws {}
    func turn(by duration: Duration) { offset.withLock { $0 += duration } }
}

/// Keeps every byte, and stops the run when it has enough.
private struct Collector: TransferSink, ~Copyable {
    let stop: StopSignal
    var enough = Int.max
    var room = Int.max
    var bytes: [UInt8] = []
    var transfers: [Int] = []
    var events: [[UInt8]] = []
    var refusals = 0
    var onTransfer: (Int) -> Void = { _ in }
    let asked = Atomic<Int>(0)

    init(stop: StopSignal, enough: Int = .max) {
        self.stop = stop
        self.enough = enough
    }

    mutating func receive(_ span: RawSpan, from pipe: ProbePipe) {
        let copy = span.withUnsafeBytes { Array($0) }
        switch pipe {
        case .events: events.append(copy)
        case .stream:
            bytes += copy
            transfers.append(copy.count)
            onTransfer(transfers.count)
        }
        if bytes.count >= enough { stop.request() }
    }

    func hasRoom(forBytes count: Int) -> Bool {
        let times = asked.add(1, ordering: .relaxed).newValue
        // Refuses two times out of three, for ever when there is no room.
        return room == .max ? times % 3 == 0 : count <= room
    }
}

@Suite("The probe in this process")
struct InProcessTransportTests {
    private static let keepAlive = Heartbeat(ControlRequest(0x23, value: 500), every: .milliseconds(200))

    private func transport(
        _ pace: Pace = .accelerated, fifoBytes: Int = SimulatedProbe.usualFifoBytes, transferBytes: Int = 16_384
    ) -> InProcessTransport {
        InProcessTransport(
            SimulatedProbe(
                identity: DeviceIdentity(serialNumber: "SN7"), source: ToneSource(frequencyHz: 100, seed: 5),
                fifoBytes: fifoBytes),
            pace: pace, transferBytes: transferBytes)
    }

    private func start(_ transport: InProcessTransport, mask: UInt8 = 9) throws {
        try transport.control(ControlRequest(0x22))
        try transport.control(ControlRequest(0x10, body: .out(ProbeRig.acquisition(mask: mask))))
        try transport.control(ControlRequest(0x20, value: 1))
        try transport.control(ControlRequest(0x21, value: 1))
    }

    @Test("the label names product and serial number")
    func label() {
        #expect(transport().label == "sim ODP Reference (simulated) SN7")
    }

    @Test("control answers with data, and a refusal is thrown with its request")
    func control() throws {
        let transport = transport()
        #expect(try transport.control(ControlRequest(0x01, body: .in(length: 4))) == Array("ODP1".utf8))
        #expect(try transport.control(ControlRequest(0x22)) == [])
        #expect(throws: TransportError.stalled(request: 0x11)) {
            try transport.control(ControlRequest(0x11, body: .in(length: 48)))
        }
        #expect(throws: TransportError.stalled(request: 0x10)) {
            try transport.control(ControlRequest(0x10, body: .out([UInt8](repeating: 0, count: 70_000))))
        }
    }

    @Test("an accelerated run delivers the core's own bytes, none lost, though the sink is slow and the FIFO small")
    func accelerated() throws {
        let transport = transport(fifoBytes: 2000, transferBytes: 512)
        try start(transport)
        let stop = StopSignal()
        var sink = Collector(stop: stop, enough: 20_000)
        try transport.run(into: &sink, heartbeat: Self.keepAlive, until: stop)
        var rig = ProbeRig.running(ToneSource(frequencyHz: 100, seed: 5), armed: true, mask: 9)
        _ = rig.send(0x23, value: 10_000)
        rig.pass(milliseconds: 5000)
        let expected = rig.drain()
        #expect(sink.bytes.count >= 20_000)
        #expect(sink.bytes.elementsEqual(expected.prefix(sink.bytes.count)))
        #expect(sink.transfers.allSatisfy { $0 <= 512 })
    }

    @Test("the heartbeat keeps the probe armed in its own time, and without it transmission ends")
    func heartbeat() throws {
        for isKept in [true, false] {
            let transport = transport()
            try start(transport)
            let stop = StopSignal()
            var sink = Collector(stop: stop, enough: 20_000)
            try transport.run(into: &sink, heartbeat: isKept ? Self.keepAlive : nil, until: stop)
            let status = try transport.control(ControlRequest(0x30, body: .in(length: 32)))
            #expect(status[1] == (isKept ? 1 : 0))
            #expect(sink.events.map { $0[0] } == (isKept ? [] : [4, 5]))
        }
    }

    @Test("a heartbeat that the probe refuses ends the run with its error")
    func badHeartbeat() throws {
        let transport = transport()
        try start(transport)
        let stop = StopSignal()
        var sink = Collector(stop: stop, enough: 20_000)
        #expect(throws: TransportError.stalled(request: 0x23)) {
            try transport.run(
                into: &sink, heartbeat: Heartbeat(ControlRequest(0x23, value: 0), every: .zero), until: stop)
        }
    }

    @Test("transfers end with the batches, and the smallest buffer is of one USB packet")
    func transferPieces() throws {
        let whole = transport(transferBytes: 100)
        try start(whole)
        let stop = StopSignal()
        var sink = Collector(stop: stop, enough: 5000)
        try whole.run(into: &sink, heartbeat: nil, until: stop)
        // 16 pulses and 4 physiology samples at 1 kHz: 32 + 64 and 40 + 16 bytes.
        #expect(sink.transfers.allSatisfy { $0 == 152 })
        #expect(sink.transfers.count > 30)
    }

    @Test("control works while the stream runs, and from within the sink")
    func controlInRun() throws {
        let transport = transport()
        try start(transport)
        let stop = StopSignal()
        var sink = Collector(stop: stop, enough: 10_000)
        let refused = Mutex<[TransportError]>([])
        sink.onTransfer = { count in
            guard count == 5 else { return }
            do throws(TransportError) {
                try transport.control(ControlRequest(0x20, value: 0))
            } catch {
                refused.withLock { $0.append(error) }
            }
        }
        try transport.run(into: &sink, heartbeat: nil, until: stop)
        let iq = Packet.all(in: sink.bytes).filter { $0.type == 1 }
        #expect(refused.withLock { $0 } == [])
        #expect(iq.first?.isTransmitting == true)
        #expect(iq.last?.isTransmitting == false)
    }

    @Test("a sink without room stops the probe's time, and stopping is prompt")
    func noRoom() async throws {
        let transport = transport(fifoBytes: 500)
        try start(transport)
        let stop = StopSignal()
        async let stopped: Void = {
            try await Task.sleep(for: .milliseconds(30))
            stop.request()
        }()
        var sink = Collector(stop: stop)
        sink.room = 0
        try transport.run(into: &sink, heartbeat: nil, until: stop)
        try await stopped
        let status = try transport.control(ControlRequest(0x30, body: .in(length: 32)))
        #expect(number(status[8..<12]) == 0)
        #expect(number(status[16..<24]) < 100)
        #expect(sink.bytes.isEmpty)
    }

    @Test("a run whose stop was given before returns at once")
    func stoppedBefore() throws {
        let transport = transport()
        try start(transport)
        let stop = StopSignal()
        stop.request()
        var sink = Collector(stop: stop)
        try transport.run(into: &sink, heartbeat: nil, until: stop)
        #expect(sink.bytes.isEmpty)
    }

    @Test("a stalled stream is cleared and goes on without loss")
    func stalled() throws {
        let transport = transport()
        try start(transport)
        let stop = StopSignal()
        var sink = Collector(stop: stop, enough: 10_000)
        sink.onTransfer = { if $0 % 4 == 0 { transport.withProbe { $0.stallStream() } } }
        try transport.run(into: &sink, heartbeat: nil, until: stop)
        let iq = Packet.all(in: sink.bytes).filter { $0.type == 1 }
        #expect(iq.map(\.sequence) == (0..<UInt64(iq.count)).map { $0 })
    }

    @Test("unplugging ends the run as disconnected, and plugging in again gives a fresh probe")
    func unplugged() throws {
        let transport = transport()
        try start(transport)
        let stop = StopSignal()
        var sink = Collector(stop: stop)
        sink.onTransfer = { if $0 == 10 { transport.unplug() } }
        #expect(throws: TransportError.disconnected(device: transport.label)) {
            try transport.run(into: &sink, heartbeat: nil, until: stop)
        }
        #expect(sink.transfers.count == 10)
        #expect(throws: TransportError.disconnected(device: transport.label)) {
            try transport.control(ControlRequest(0x22))
        }
        transport.plugIn()
        #expect(throws: TransportError.stalled(request: 0x21)) {
            try transport.control(ControlRequest(0x21, value: 1))
        }
    }

    @Test("in real time the probe's clock is the pace's, in IDLE too")
    func realTimeIdle() throws {
        let clock = HandClock()
        let transport = transport(.realTime(clock))
        try transport.control(ControlRequest(0x20, value: 1))
        clock.turn(by: .milliseconds(999))
        #expect(try transport.control(ControlRequest(0x30, body: .in(length: 2))) == [0, 1])
        clock.turn(by: .milliseconds(1))
        #expect(try transport.control(ControlRequest(0x30, body: .in(length: 2))) == [0, 0])
    }

    @Test("in real time a sink without room makes the FIFO overrun, and the probe says so")
    func realTimeOverrun() throws {
        let clock = HandClock()
        let transport = transport(.realTime(clock), fifoBytes: 1000)
        try start(transport)
        clock.turn(by: .milliseconds(900))
        let stop = StopSignal()
        var sink = Collector(stop: stop, enough: 1)
        try transport.run(into: &sink, heartbeat: nil, until: stop)
        let status = try transport.control(ControlRequest(0x30, body: .in(length: 32)))
        #expect(number(status[8..<12]) > 0)
        #expect(status[12] == 0b1000)
        #expect(number(status[16..<24]) > 880)
    }

    @Test("the site is changed between two runs")
    func placed() throws {
        let transport = transport()
        transport.place(NumberedSource(level: 77))
        try start(transport, mask: 1)
        let stop = StopSignal()
        var sink = Collector(stop: stop, enough: 200)
        try transport.run(into: &sink, heartbeat: nil, until: stop)
        #expect(Packet.all(in: sink.bytes).first?.payload[2] == 77)
    }
}
