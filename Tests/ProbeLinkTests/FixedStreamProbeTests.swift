import ProbeLink
import TestSupport
import Testing

@Suite struct FixedStreamProbeTests {
    static func probe(
        _ transport: ScriptedTransport, bridge: FixedStreamProbe.Bridge = .none
    ) -> FixedStreamProbe {
        FixedStreamProbe(
            over: transport, specifier: "test", profileID: "fixed", isSimulated: false, settings: .test(),
            bridge: bridge)
    }

    static func transport(_ steps: [ScriptedTransport.Step] = []) -> ScriptedTransport {
        ScriptedTransport(answers: [:], steps: steps + [.stop])
    }

    /// A board that has been running: its counts are far from 0, and its first packet is seen from the middle on.
    static let running: [UInt8] = {
        let start: UInt32 = 4_000_000_000
        let packets = (0..<6).map { ODPWire.iq(start &+ UInt32($0), at: 9_000_000_000 + 3 * UInt64($0)) }
        return Array(packets[0].bytes.dropFirst(20)) + packets.dropFirst().flatMap(\.bytes)
    }()

    @Test("nothing is sent, on opening, preparing and running")
    func nothingSent() throws {
        let transport = Self.transport([.stream(Self.running)])
        let probe = Self.probe(transport)
        #expect(try probe.prepare(.test()) == .test())
        var sink = CollectingSink()
        _ = try probe.run(into: &sink, until: transport.stop)
        #expect(transport.calls == [.expect(bytesPerSecond: 20_000), .run(nil)])
    }

    @Test("a stream that was running before counts from its first whole packet, and nothing is lost or bad")
    func joining() throws {
        let transport = Self.transport([.stream(Self.running)])
        var sink = CollectingSink()
        let counters = try Self.probe(transport).run(into: &sink, until: transport.stop)
        #expect(sink.frames.map(\.sequence) == [0, 1, 2, 3, 4])
        #expect(sink.frames.map(\.pulseIndex) == [0, 3, 6, 9, 12])
        #expect(sink.frames.map { $0.flags.contains(.first) } == [true, false, false, false, false])
        #expect(sink.losses.isEmpty)
        #expect(counters.bad == 0 && counters.lostPackets == 0 && counters.pulses == 15)
    }

    @Test("a packet that is missing later is marked at its place")
    func loss() throws {
        let packets = (0..<5).map { ODPWire.iq(100 + UInt32($0), at: 1000 + 3 * UInt64($0)) }
        let bytes = [0, 1, 3, 4].flatMap { packets[$0].bytes }
        let transport = Self.transport([.stream(bytes)])
        var sink = CollectingSink()
        _ = try Self.probe(transport).run(into: &sink, until: transport.stop)
        #expect(sink.losses == [StreamLoss(kind: .iq, place: .link, firstPulse: 6, pulses: 3, packets: 1)])
    }

    @Test("packets of other kinds wait for the first I/Q packet and then keep their places")
    func otherKinds() throws {
        let payload = [UInt8](repeating: 0, count: 12)
        func physiology(_ sequence: UInt32, at pulse: UInt64) -> ODPWire {
            ODPWire(type: 4, sequence: sequence, pulseIndex: pulse, items: 2, records: 1, payload: payload)
        }
        let stream = [
            physiology(7, at: 500), .iq(50, at: 1000), physiology(8, at: 998), physiology(9, at: 1001),
            .iq(51, at: 900), .iq(51, at: 1003),
        ]
        let transport = Self.transport([.stream(stream.flatMap(\.bytes))])
        var sink = CollectingSink()
        let counters = try Self.probe(transport).run(into: &sink, until: transport.stop)
        #expect(sink.frames.map(\.kind) == [.iq, .physiology, .physiology, .iq])
        #expect(sink.frames.map(\.pulseIndex) == [0, 0, 1, 3])
        #expect(sink.frames.map(\.sequence) == [0, 0, 1, 1])
        // The I/Q packet that goes back in time contradicts itself.
        #expect(counters.bad == 1)
        #expect(counters.missingPulses == 0)
    }

    @Test(
        "other settings are refused in words, and nothing is sent",
        arguments: [
            { $0.centreFrequencyHz = 1 }, { $0.prfMilliHz = 1 }, { $0.gates = 2 }, { $0.firstGateDepthUm = 1 },
            { $0.gateLengthUm = 1 }, { $0.burstCycles = 1 }, { $0.transmitLevelPerMille = 0 },
            { $0.receiveGainCentiDb = 1 },
        ] as [@Sendable (inout AcquisitionSettings) -> Void])
    func refused(change: @Sendable (inout AcquisitionSettings) -> Void) {
        let transport = Self.transport()
        var wanted = AcquisitionSettings.test()
        change(&wanted)
        do {
            _ = try Self.probe(transport).prepare(wanted)
            Issue.record("was accepted")
        } catch {
            #expect(error.description.contains("which this board is built to and its profile says"))
        }
        #expect(transport.calls.isEmpty)
    }

    @Test("spacing of one gate and further streams are no matter")
    func accepted() throws {
        var wanted = AcquisitionSettings.test(streams: [.iq, .physiology])
        wanted.gateSpacingUm = 5
        #expect(try Self.probe(Self.transport()).prepare(wanted) == .test())
    }

    /// ODP packets as an FTDI chip sends them.
    static func bridged(_ bytes: [UInt8], line: UInt8 = 0x60) -> [UInt8] {
        stride(from: 0, to: bytes.count, by: 62).flatMap { [0x31, line] + bytes[$0..<min(bytes.count, $0 + 62)] }
    }

    @Test("behind an FTDI chip that runs by itself nothing is sent either, and its status bytes vanish")
    func ftdi() throws {
        let transport = Self.transport([.stream(Self.bridged(Self.running))])
        let probe = Self.probe(transport, bridge: .ftdi(packetByteCount: 64, mode: nil))
        var sink = CollectingSink()
        let counters = try probe.run(into: &sink, until: transport.stop)
        #expect(counters.pulses == 15 && counters.bad == 0)
        #expect(transport.calls == [.run(nil)])
    }

    @Test("an overrun of the chip counts as a bad place")
    func overrun() throws {
        let transport = Self.transport([.stream(Self.bridged(Array(Self.running.prefix(120)), line: 0x62))])
        var sink = CollectingSink()
        let counters = try Self.probe(transport, bridge: .ftdi(packetByteCount: 64, mode: nil))
            .run(into: &sink, until: transport.stop)
        #expect(counters.bad == 2)
    }

    @Test("an FTDI chip is brought into its mode for the run and out of it again, also when the run fails")
    func mode() throws {
        let mode = FTDISynchronousFIFO(latencyMs: 2)
        #expect(
            mode.opening == [
                ControlRequest(0, value: 0, index: 1), ControlRequest(9, value: 2, index: 1),
                ControlRequest(11, value: 0x40FF, index: 1),
            ])
        let gone = TransportError.disconnected(device: "board")
        let transport = Self.transport([.stream(Self.bridged(Self.running)), .fail(gone)])
        var sink = CollectingSink()
        do {
            _ = try Self.probe(transport, bridge: .ftdi(packetByteCount: 64, mode: mode))
                .run(into: &sink, until: transport.stop)
            Issue.record("did not fail")
        } catch {
            #expect(error.reason == .link(gone))
            #expect(error.counters.pulses == 15)
        }
        #expect(transport.order == [[0, 0], [9, 2], [11, 0x40FF], [-1], [11, 0]])
    }

    @Test("a chip that refuses its mode is not read")
    func refusedMode() {
        let transport = ScriptedTransport(answers: [:], failures: [9: .stalled(request: 9)])
        var sink = CollectingSink()
        #expect(throws: SourceRunError.self) {
            try Self.probe(transport, bridge: .ftdi(packetByteCount: 64, mode: FTDISynchronousFIFO()))
                .run(into: &sink, until: transport.stop)
        }
        #expect(transport.order == [[0, 0], [9, 16], [11, 0]])
    }
}
