import ProbeLink
import Testing

@Suite struct USBAudioProbeTests {
    static let stream = USBAudioStream(sampleRateHz: 44_100, sampleBits: 16, channels: .iq)

    static func open(
        _ transport: ScriptedTransport, stream: USBAudioStream = stream, wireChannels: Int? = nil
    ) throws(SourceError) -> USBAudioProbe {
        try USBAudioProbe.open(
            over: transport, specifier: "test", profileID: "audio", isSimulated: false, stream: stream,
            endpoint: 0x84, wireChannels: wireChannels, pulsesPerFrame: 4)
    }

    static func transport(
        rate: [UInt8] = hex("44ac00"), failures: [UInt8: TransportError] = [:], steps: [ScriptedTransport.Step] = []
    ) -> ScriptedTransport {
        ScriptedTransport(answers: [0x81: rate], failures: failures, steps: steps)
    }

    @Test("opening sets the sampling frequency of the endpoint by the class request, and sends nothing else")
    func opening() throws {
        let transport = Self.transport()
        let probe = try Self.open(transport)
        #expect(
            transport.calls == [
                .control(
                    ControlRequest(
                        0x01, value: 0x0100, index: 0x84, body: .out(hex("44ac00")), scope: .classEndpoint)),
                .control(
                    ControlRequest(0x81, value: 0x0100, index: 0x84, body: .in(length: 3), scope: .classEndpoint)),
            ])
        #expect(probe.origin.device == "test 1209:0001 Maker ODP Test SN0001, 44100 Hz, 16 bits, I left, Q right")
    }

    @Test("a device that refuses the request, because it has one rate, is accepted", arguments: [UInt8(0x01), 0x81])
    func oneRate(request: UInt8) throws {
        _ = try Self.open(Self.transport(failures: [request: .stalled(request: request)]))
    }

    @Test("a device that keeps another rate is refused, one that rounds is not")
    func otherRate() throws {
        #expect(throws: SourceError.self) { try Self.open(Self.transport(rate: hex("80bb00"))) }
        _ = try Self.open(Self.transport(rate: hex("43ac00")))
        _ = try Self.open(Self.transport(rate: []))
        _ = try Self.open(Self.transport(rate: hex("000000")))
    }

    @Test("any other failure of the request is told")
    func otherFailure() {
        let gone = TransportError.disconnected(device: "audio")
        #expect(throws: SourceError.link(gone)) { try Self.open(Self.transport(failures: [0x01: gone])) }
    }

    @Test(
        "a stream that cannot be is refused before anything is sent",
        arguments: [
            { $0.sampleRateHz = 0 }, { $0.sampleRateHz = .max }, { $0.sampleBits = 20 }, { $0.rightGain = 0 },
            { $0.rightGain = .nan }, { $0.rightGain = 11 }, { $0.rightPhaseDegrees = 46 },
            { $0.rightPhaseDegrees = .infinity },
        ] as [@Sendable (inout USBAudioStream) -> Void])
    func impossible(change: @Sendable (inout USBAudioStream) -> Void) {
        let transport = Self.transport()
        var stream = Self.stream
        change(&stream)
        #expect(throws: SourceError.self) { try Self.open(transport, stream: stream) }
        #expect(transport.calls.isEmpty)
    }

    @Test("two channels do not come from an interface with one")
    func tooFewChannels() throws {
        #expect(throws: SourceError.self) { try Self.open(Self.transport(), wireChannels: 1) }
        var mono = Self.stream
        mono.channels = .mono
        for channels in [nil, 1, 2] { _ = try Self.open(Self.transport(), stream: mono, wireChannels: channels) }
        #expect(throws: SourceError.self) { try Self.open(Self.transport(), stream: mono, wireChannels: 3) }
    }

    @Test("the settings in force are one gate at the sampling frequency, with what the user says of the Doppler")
    func prepare() throws {
        let transport = Self.transport()
        let inForce = try Self.open(transport).prepare(.test())
        #expect(inForce.prfMilliHz == 44_100_000)
        #expect(inForce.centreFrequencyHz == 2_000_000)
        #expect(inForce.firstGateDepthUm == 50_000)
        #expect(inForce.gates == 1)
        #expect(inForce.streams == .iq)
        #expect(inForce.transmitLevelPerMille == 0)
        #expect(transport.calls.last == .expect(bytesPerSecond: 176_400))
    }

    @Test("a run asks nothing of the device, marks gaps and measures the drift")
    func run() throws {
        // 441 samples each 9.9995 ms: 50 parts in a million too fast.
        let transfer = USBAudioWire.bytes([(Int, Int)](repeating: (5, 6), count: 441))
        let steps = (1...700).flatMap { number -> [ScriptedTransport.Step] in
            let arrived = ScriptedTransport.Step.arrived(hostNanoseconds: UInt64(number) * 9_999_500)
            return number == 300
                ? [arrived, .missed(packets: 10, packetNanoseconds: 1_000_000)] : [arrived, .stream(transfer)]
        }
        let transport = Self.transport(steps: steps + [.stop])
        let probe = try Self.open(transport)
        _ = try probe.prepare(.test())
        let before = transport.calls.count
        var sink = CollectingSink()
        let counters = try probe.run(into: &sink, until: transport.stop)
        #expect(Array(transport.calls.dropFirst(before)) == [.run(nil)])
        #expect(counters.missingPulses == 441)
        #expect(counters.pulses == 699 * 441)
        let drift = try #require(counters.clockDriftPartsPerMillion)
        #expect(abs(drift - 50) < 1)
    }

    @Test("what came before a failure is delivered, and the failure told")
    func failure() throws {
        let gone = TransportError.disconnected(device: "audio")
        let transport = Self.transport(steps: [.stream(USBAudioWire.bytes([(1, 2)])), .fail(gone)])
        let probe = try Self.open(transport)
        _ = try probe.prepare(.test())
        var sink = CollectingSink()
        do {
            _ = try probe.run(into: &sink, until: transport.stop)
            Issue.record("did not fail")
        } catch {
            #expect(error.reason == .link(gone))
            #expect(error.counters.pulses == 1)
        }
    }
}
