import ProbeLink
import Testing

@Suite struct ODPProbeTests {
    static let identity: UInt8 = 0x01
    static let get: UInt8 = 0x11
    static let statusRequest: UInt8 = 0x30
    static let settings = AcquisitionSettings.test()

    /// STATUS with a state, dropped packets, fault bits and pulse periods.
    static func status(_ state: UInt8, dropped: UInt32 = 0, faults: UInt32 = 0, pulses: UInt64) -> [UInt8] {
        var bytes: [UInt8] = [state, 0, 0, 0, 0, 0, 0, 0]
        bytes += ODPWire.littleEndian(dropped)
        bytes += ODPWire.littleEndian(faults)
        bytes += ODPWire.littleEndian(pulses)
        return bytes + [UInt8](repeating: 0, count: 8)
    }

    static func transport(
        settings: AcquisitionSettings = settings, status: [UInt8] = status(0, pulses: 0),
        failures: [UInt8: TransportError] = [:], steps: [ScriptedTransport.Step] = []
    ) -> ScriptedTransport {
        ScriptedTransport(
            answers: [identity: ODPMessageTests.identity, get: settings.odpBytes, statusRequest: status],
            failures: failures, steps: steps)
    }

    /// Opens, prepares and runs; gives what came and what was thrown.
    static func run(_ transport: ScriptedTransport) throws -> (CollectingSink, LinkCounters, SourceError?) {
        let probe = try ODPProbe.open(over: transport, specifier: "test", profileID: nil)
        _ = try probe.prepare(settings)
        var sink = CollectingSink()
        do {
            let counters = try probe.run(into: &sink, until: transport.stop)
            return (sink, counters, nil)
        } catch {
            return (sink, error.counters, error.reason)
        }
    }

    @Test("opening resets and identifies, and says what the probe is")
    func open() throws {
        let transport = Self.transport()
        let probe = try ODPProbe.open(over: transport, specifier: "sim:test", profileID: "odp-reference")
        #expect(transport.order == [[0x22, 0], [0x01, 0]])
        #expect(probe.identity.firmware == "1.2.3")
        #expect(
            probe.origin
                == SourceOrigin(
                    specifier: "sim:test", device: "test 1209:0001 Maker ODP Test SN0001, firmware 1.2.3",
                    profileID: "odp-reference", isSimulated: true, declaredMechanicalIndexPerMille: 1000,
                    declaredThermalIndexPerMille: nil))
    }

    @Test("a device that is no ODP 1 probe is refused")
    func notODP() {
        let transport = Self.transport()
        transport.answer(Self.identity, with: [UInt8](repeating: 0, count: 64))
        #expect(throws: SourceError.link(.protocolViolation(what: "IDENTITY does not begin with ODP1"))) {
            try ODPProbe.open(over: transport, specifier: "test", profileID: nil)
        }
    }

    @Test("preparing returns what the probe says is in force, not what was asked for")
    func prepare() throws {
        var inForce = Self.settings
        inForce.prfMilliHz = 4_000_000
        let transport = Self.transport(settings: inForce)
        let probe = try ODPProbe.open(over: transport, specifier: "test", profileID: nil)
        #expect(try probe.prepare(Self.settings) == inForce)
        #expect(
            Array(transport.calls.suffix(3)) == [
                .control(ODPRequest.setAcquisition(Self.settings)), .control(ODPRequest.getAcquisition),
                .expect(bytesPerSecond: 16_000),
            ])
    }

    @Test("settings in force that no probe can have are refused")
    func impossibleAnswer() throws {
        for path in [\AcquisitionSettings.centreFrequencyHz, \.prfMilliHz] {
            var inForce = Self.settings
            inForce[keyPath: path] = 0
            let probe = try ODPProbe.open(
                over: Self.transport(settings: inForce), specifier: "test", profileID: nil)
            #expect(throws: SourceError.self) { try probe.prepare(Self.settings) }
        }
    }

    @Test("a run keeps alive, arms, runs and disarms in the protocol's order")
    func order() throws {
        let transport = Self.transport(steps: [.stream(ODPWire.iq(0, at: 0).bytes), .stop])
        let (sink, counters, error) = try Self.run(transport)
        #expect(
            transport.order == [
                [0x22, 0], [0x01, 0], [0x10, 0], [0x11, 0], [0x23, 1000], [0x20, 1], [0x21, 1], [-1], [0x21, 0],
                [0x20, 0], [0x30, 0],
            ])
        #expect(
            transport.calls.contains(
                .run(Heartbeat(ControlRequest(0x23, value: 1000), every: .milliseconds(250)))))
        #expect(sink.frames.count == 1)
        #expect(counters.frames == 1)
        #expect(error == nil)
    }

    @Test("transmit level 0 never arms")
    func receiveOnly() throws {
        let transport = Self.transport(settings: .test(level: 0), steps: [.stop])
        _ = try Self.run(transport)
        #expect(!transport.order.contains([0x20, 1]))
        #expect(transport.order.contains([0x21, 1]))
    }

    @Test("without settings nothing is started")
    func unprepared() throws {
        let transport = Self.transport()
        let probe = try ODPProbe.open(over: transport, specifier: "test", profileID: nil)
        var sink = CollectingSink()
        #expect(throws: SourceRunError.self) { try probe.run(into: &sink, until: transport.stop) }
        #expect(!transport.order.contains([0x21, 1]) && !transport.order.contains([0x20, 1]))
    }

    @Test("a deliberate stop in the middle of a packet is neither a loss nor cut off")
    func deliberateStop() throws {
        let bytes = ODPWire.iqStream(packets: 3).flatMap(\.bytes)
        let transport = Self.transport(
            status: Self.status(0, dropped: 2, pulses: 1000), steps: [.stream(Array(bytes.dropLast())), .stop])
        let (sink, counters, error) = try Self.run(transport)
        #expect(error == nil)
        #expect(sink.losses.isEmpty)
        #expect(counters.cutOff == 0)
        #expect(counters.missingPulses == 0)
        #expect(counters.droppedByProbe == 2)
    }

    @Test("after a failure of the link the tail is marked by STATUS and the first error is told")
    func failure() throws {
        let failure = TransportError.timedOut(what: "the stream", milliseconds: 100)
        let bytes = ODPWire.iq(0, at: 0).bytes + ODPWire.iq(1, at: 3).bytes.prefix(20)
        let transport = Self.transport(
            status: Self.status(0, pulses: 10), steps: [.stream(bytes), .fail(failure)])
        let (sink, counters, error) = try Self.run(transport)
        #expect(error == .link(failure))
        #expect(sink.losses == [StreamLoss(kind: .iq, place: .link, firstPulse: 3, pulses: 7, packets: 0)])
        #expect(counters.missingPulses == 7)
        #expect(counters.cutOff == 1)
        #expect(transport.order.suffix(3) == [[0x21, 0], [0x20, 0], [0x30, 0]])
    }

    @Test("an unplugged probe tells nothing of its tail, and its silence hides no error")
    func unplugged() throws {
        let gone = TransportError.disconnected(device: "test")
        let transport = Self.transport(
            failures: [Self.statusRequest: gone], steps: [.stream(ODPWire.iq(0, at: 0).bytes), .fail(gone)])
        let (sink, counters, error) = try Self.run(transport)
        #expect(error == .link(gone))
        #expect(sink.losses.isEmpty)
        #expect(counters.droppedByProbe == nil)
    }

    @Test("a fault that the probe announces ends the run with the tail marked in the probe")
    func fault() throws {
        let event = hex("05 00 0000 00000000 0900000000000000")
        let transport = Self.transport(
            status: Self.status(2, faults: 1, pulses: 9),
            steps: [.stream(ODPWire.iq(0, at: 0).bytes), .events(event), .stream(ODPWire.iq(1, at: 3).bytes)])
        let (sink, counters, error) = try Self.run(transport)
        #expect(error == .link(.faulted(device: transport.label, faultBits: 1)))
        #expect(sink.events == [ProbeEvent(code: 5, value: 0, counter: 0, pulseIndex: 9)])
        #expect(sink.losses == [StreamLoss(kind: .iq, place: .probe, firstPulse: 3, pulses: 6, packets: 0)])
        #expect(counters.missingPulses == 6)
        #expect(!transport.stop.isRequested)
    }

    @Test("a lost keep-alive or an overrun does not end the run", arguments: [UInt8(1), 3, 40, 255])
    func harmlessFault(bit: UInt8) throws {
        let event: [UInt8] = [5, bit] + [UInt8](repeating: 0, count: 14)
        let transport = Self.transport(
            steps: [.events(event + event), .events([1, 2, 3]), .stream(ODPWire.iq(0, at: 0).bytes), .stop])
        let (sink, counters, error) = try Self.run(transport)
        #expect(error == nil)
        #expect(sink.frames.count == 1)
        #expect(sink.events.count == 2)
        #expect(counters.bad == 1)
    }

    @Test(
        "a refused start still disarms, and no earlier run's STATUS is taken for a loss",
        arguments: [UInt8(0x20), 0x21])
    func refusedStart(request: UInt8) throws {
        let transport = Self.transport(
            status: Self.status(0, pulses: 500), failures: [request: .stalled(request: request)])
        let (sink, counters, error) = try Self.run(transport)
        #expect(error == .link(.stalled(request: request)))
        #expect(sink.items.isEmpty)
        #expect(counters == LinkCounters())
        #expect(transport.order.suffix(2) == [[0x21, 0], [0x20, 0]])
    }

    @Test("a probe that cannot be disarmed is an error even after a good run")
    func refusedDisarm() throws {
        let transport = Self.transport(settings: .test(level: 0), steps: [.stop])
        transport.fail(0x20, with: .timedOut(what: "ARM", milliseconds: 50))
        let (_, _, error) = try Self.run(transport)
        #expect(error == .link(.timedOut(what: "ARM", milliseconds: 50)))
    }

    @Test("one probe runs again and again, each time from sequence 0")
    func runsAgain() throws {
        let transport = Self.transport(steps: [.stream(ODPWire.iq(0, at: 0).bytes)])
        let probe = try ODPProbe.open(over: transport, specifier: "test", profileID: nil)
        _ = try probe.prepare(Self.settings)
        var sink = CollectingSink()
        for _ in 0..<2 { #expect(try probe.run(into: &sink, until: StopSignal()).repeated == 0) }
        #expect(sink.frames.count == 2)
        #expect(try probe.status().pulsePeriods == 0)
    }
}
