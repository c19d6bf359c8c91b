import ProbeLink
import Testing

@Suite struct USD3ProbeTests {
    static let format = UnframedIQFormat(sampleWidth: .bits32, byteOrder: .bigEndian)
    static let settings = AcquisitionSettings(
        centreFrequencyHz: 4_000_000, prfMilliHz: 5_000_000, firstGateDepthUm: 50_000, gateLengthUm: 5_000,
        burstCycles: 10, streams: .iq, transmitLevelPerMille: 1000)

    static func open(_ transport: ScriptedTransport) throws(SourceError) -> USD3Probe {
        try USD3Probe.open(
            over: transport, specifier: "test", profileID: "usd3", isSimulated: true, format: format,
            pulsesPerFrame: 2)
    }

    static func transport(
        failures: [UInt8: TransportError] = [:], steps: [ScriptedTransport.Step] = []
    ) -> ScriptedTransport {
        ScriptedTransport(answers: [3: Array("0.1.2alpha".utf8) + [0]], failures: failures, steps: steps)
    }

    @Test("opening resets, switches the transmitter off, stops and reads the version")
    func open() throws {
        let transport = Self.transport()
        let probe = try Self.open(transport)
        #expect(transport.order == [[14, 0], [12, 0], [11, 0], [3, 0]])
        #expect(probe.origin.device == "test 1209:0001 Maker ODP Test SN0001, firmware 0.1.2alpha")
        #expect(probe.origin.isSimulated)
        #expect(probe.origin.declaredMechanicalIndexPerMille == nil)
    }

    @Test("a build that does not tell its version is opened all the same")
    func noVersion() throws {
        let probe = try Self.open(Self.transport(failures: [3: .stalled(request: 3)]))
        #expect(probe.origin.device.hasSuffix("firmware unknown"))
    }

    @Test("settings become ticks of 64 MHz, and what is in force is reckoned back from them")
    func ticks() throws {
        let transport = Self.transport()
        let inForce = try Self.open(transport).prepare(Self.settings)
        // PRF 5 kHz: 12,800 ticks. 10 cycles of 4 MHz: 160. Gate 47.5 to 52.5 mm at 1540 m/s: 3948.05 and 4363.64.
        #expect(
            Array(transport.order.dropFirst(4)) == [
                [12, 0], [5, 2], [6, 12_800], [7, 160], [8, 3948], [9, 4364], [10, 416],
            ])
        #expect(transport.calls.last == .expect(bytesPerSecond: 40_000))
        #expect(inForce.centreFrequencyHz == 4_000_000)
        #expect(inForce.prfMilliHz == 5_000_000)
        #expect(inForce.burstCycles == 10)
        #expect(inForce.firstGateDepthUm == 50_002)
        #expect(inForce.gateLengthUm == 5005)
        #expect(inForce.transmitLevelPerMille == 1000)
    }

    @Test("a pulse repetition frequency between ticks is told as it really is")
    func prfBetweenTicks() throws {
        var wanted = Self.settings
        wanted.prfMilliHz = 7_000_000
        // 64 MHz / 7 kHz = 9142.86, so 9143 ticks, which are 6999.891 Hz.
        #expect(try Self.open(Self.transport()).prepare(wanted).prfMilliHz == 6_999_891)
    }

    @Test(
        "a value that the probe cannot do is refused before anything is sent",
        arguments: [
            { $0.centreFrequencyHz = 3_000_000 }, { $0.prfMilliHz = 1_999_999 }, { $0.prfMilliHz = 12_000_001 },
            { $0.gates = 2 }, { $0.streams = [.iq, .bMode] }, { $0.transmitLevelPerMille = 500 },
            { $0.receiveGainCentiDb = 100 }, { $0.burstCycles = 0 }, { $0.gateLengthUm = 0 },
            { $0.firstGateDepthUm = 2_000 }, { $0.firstGateDepthUm = 3_000 }, { $0.firstGateDepthUm = 160_000 },
            { $0.firstGateDepthUm = .max }, { $0.gateLengthUm = .max },
        ] as [@Sendable (inout AcquisitionSettings) -> Void])
    func impossible(change: @Sendable (inout AcquisitionSettings) -> Void) throws {
        let transport = Self.transport()
        let probe = try Self.open(transport)
        var wanted = Self.settings
        change(&wanted)
        do {
            _ = try probe.prepare(wanted)
            Issue.record("was accepted")
        } catch .link(.settingNotPossible) {
            #expect(transport.order.count == 4)
        }
    }

    @Test("a run switches on receiver, transmitter and stream, and off again transmitter first")
    func order() throws {
        let transport = Self.transport(steps: [.stream(hex("00000001 00000002 00000003 00000004 00")), .stop])
        let probe = try Self.open(transport)
        _ = try probe.prepare(Self.settings)
        var sink = CollectingSink()
        let counters = try probe.run(into: &sink, until: transport.stop)
        #expect(
            Array(transport.order.suffix(7)) == [[13, 1], [12, 1], [11, 1], [-1], [12, 0], [11, 0], [13, 0]])
        #expect(transport.calls.contains(.run(nil)))
        #expect(counters.pulses == 2)
        #expect(counters.cutOff == 0)
        #expect(sink.frames.first?.flags == [.first, .transmitting])
    }

    @Test("transmit level 0 never switches the transmitter on")
    func receiveOnly() throws {
        let transport = Self.transport(steps: [.stream(hex("00000001 00000002")), .stop])
        let probe = try Self.open(transport)
        var wanted = Self.settings
        wanted.transmitLevelPerMille = 0
        _ = try probe.prepare(wanted)
        var sink = CollectingSink()
        _ = try probe.run(into: &sink, until: transport.stop)
        #expect(!transport.order.contains([12, 1]))
        #expect(sink.frames.first?.flags == .first)
    }

    @Test("every way out switches the transmitter off, and the first error is told", arguments: [UInt8(13), 11])
    func wayOut(request: UInt8) throws {
        let transport = Self.transport()
        let probe = try Self.open(transport)
        _ = try probe.prepare(Self.settings)
        transport.fail(request, with: .stalled(request: request))
        var sink = CollectingSink()
        do {
            _ = try probe.run(into: &sink, until: transport.stop)
            Issue.record("did not fail")
        } catch {
            #expect(error.reason == .link(.stalled(request: request)))
        }
        #expect(transport.order.suffix(3) == [[12, 0], [11, 0], [13, 0]])
    }

    @Test("without settings, or after settings that failed half-way, nothing is started")
    func unprepared() throws {
        let transport = Self.transport()
        let probe = try Self.open(transport)
        _ = try probe.prepare(Self.settings)
        transport.fail(8, with: .stalled(request: 8))
        #expect(throws: SourceError.self) { try probe.prepare(Self.settings) }
        var sink = CollectingSink()
        #expect(throws: SourceRunError.self) { try probe.run(into: &sink, until: transport.stop) }
        #expect(!transport.order.contains([12, 1]) && !transport.order.contains([11, 1]))
    }
}
