import ProbeLink
import Testing

@Suite struct DigiDopProbeTests {
    static let settings = AcquisitionSettings(
        centreFrequencyHz: 4_000_000, prfMilliHz: 5_000_000, firstGateDepthUm: 20_000, gateSpacingUm: 10_000,
        gateLengthUm: 4_000, gates: 2, burstCycles: 8, streams: .iq, transmitLevelPerMille: 1000)

    /// The configuration of these settings at 1540 m/s, reckoned by hand.
    ///
    /// Period 12,800; burst 0 to 128; gates 18 to 22 mm and 28 to 32 mm: 2 x depth x 64 MHz / 1540 m/s + 8 ticks,
    /// which are 1504.1, 1836.6, 2335.3 and 2667.7.
    static let configuration = hex("0400 0032 0000 8000 e005 2d07 1f09 6c0a")

    static func open(
        _ transport: ScriptedTransport, speedOfSoundMPerS: Double = 1540
    ) throws(SourceError) -> DigiDopProbe {
        try DigiDopProbe.open(
            over: transport, specifier: "test", profileID: "digidop", isSimulated: true, byteOrder: .big,
            pulsesPerFrame: 2, speedOfSoundMPerS: speedOfSoundMPerS)
    }

    static func transport(
        answers: [UInt8: [UInt8]] = [6: Array("USBdop 1.2".utf8) + [0]], failures: [UInt8: TransportError] = [:],
        steps: [ScriptedTransport.Step] = []
    ) -> ScriptedTransport {
        ScriptedTransport(answers: answers, failures: failures, steps: steps)
    }

    @Test("opening stops the probe before it asks for its version")
    func opening() throws {
        let transport = Self.transport()
        let probe = try Self.open(transport)
        #expect(transport.order == [[2, 0], [6, 0]])
        #expect(probe.origin.device == "test 1209:0001 Maker ODP Test SN0001, firmware USBdop 1.2")
        #expect(probe.origin.isSimulated)
    }

    @Test("a build that does not tell its version is opened all the same")
    func noVersion() throws {
        let probe = try Self.open(Self.transport(failures: [6: .stalled(request: 6)]))
        #expect(probe.origin.device.hasSuffix("firmware unknown"))
    }

    @Test("settings become eight numbers of ticks, and what is in force is reckoned back from them")
    func ticks() throws {
        let transport = Self.transport()
        let inForce = try Self.open(transport).prepare(Self.settings)
        #expect(Array(transport.order.dropFirst(2)) == [[2, 0], [3, 0], [4, 0]])
        #expect(transport.calls.contains(.control(ControlRequest(3, body: .out(Self.configuration)))))
        #expect(transport.calls.last == .expect(bytesPerSecond: 85_000))
        #expect(inForce.prfMilliHz == 5_000_000)
        #expect(inForce.gates == 2)
        #expect(abs(Int(inForce.firstGateDepthUm) - 20_000) < 12)
        #expect(abs(Int(inForce.gateSpacingUm) - 10_000) < 12)
        #expect(abs(Int(inForce.gateLengthUm) - 4_000) < 13)
        #expect(inForce.burstCycles == 8)
        #expect(inForce.transmitLevelPerMille == 1000)
    }

    @Test("another speed of sound gives other ticks for the same depth")
    func speedOfSound() throws {
        let transport = Self.transport()
        _ = try Self.open(transport, speedOfSoundMPerS: 1500).prepare(Self.settings)
        // 18 mm at 1500 m/s: 2 x 0.018 x 64e6 / 1500 + 8 = 1544 ticks.
        let sent = transport.calls.compactMap { call -> [UInt8]? in
            if case .control(let request) = call, request.request == 3, case .out(let bytes) = request.body {
                return bytes
            }
            return nil
        }
        #expect(sent.first?[8...9] == [0x08, 0x06])
    }

    @Test("where one gate is wanted the second lies on the first")
    func oneGate() throws {
        var wanted = Self.settings
        wanted.gates = 1
        let inForce = try Self.open(Self.transport()).prepare(wanted)
        #expect(inForce.gates == 2 && inForce.gateSpacingUm == 0)
    }

    @Test("the configuration is read back where the probe answers, and another one is refused")
    func readBack() throws {
        let same = Self.transport(answers: [4: Self.configuration])
        _ = try Self.open(same).prepare(Self.settings)
        var other = Self.configuration
        other[2] = 1
        let transport = Self.transport(answers: [4: other])
        let probe = try Self.open(transport)
        #expect(throws: SourceError.self) { try probe.prepare(Self.settings) }
        #expect(throws: SourceRunError.self) {
            var sink = CollectingSink()
            _ = try probe.run(into: &sink, until: transport.stop)
        }
        #expect(!transport.order.contains([2, 1]))
    }

    @Test(
        "a value that the probe cannot do is refused before anything is sent",
        arguments: [
            { $0.centreFrequencyHz = 3_500_000 }, { $0.centreFrequencyHz = 0 }, { $0.centreFrequencyHz = 17_000_000 },
            { $0.prfMilliHz = 0 }, { $0.prfMilliHz = 900_000 }, { $0.prfMilliHz = .max }, { $0.gates = 0 },
            { $0.gates = 3 }, { $0.streams = .bMode }, { $0.transmitLevelPerMille = 500 },
            { $0.transmitLevelPerMille = 0 }, { $0.receiveGainCentiDb = 100 }, { $0.burstCycles = 0 },
            { $0.gateLengthUm = 0 }, { $0.gateLengthUm = .max }, { $0.firstGateDepthUm = .max },
            { $0.firstGateDepthUm = 1_000 }, { $0.gateSpacingUm = .max }, { $0.gateSpacingUm = 135_000 },
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
            #expect(transport.order.count == 2)
        }
    }

    @Test("the burst must end 3 mm before the first gate")
    func burst() throws {
        // 8 cycles of 4 MHz are 128 ticks, 3.08 mm at 1540 m/s; the gate may begin at 6.08 mm.
        let probe = try Self.open(Self.transport())
        var wanted = Self.settings
        wanted.firstGateDepthUm = 8_090
        _ = try probe.prepare(wanted)
        wanted.firstGateDepthUm = 8_070
        #expect(throws: SourceError.self) { try probe.prepare(wanted) }
    }

    @Test("a run starts the probe and stops it again, and its frames are marked as transmitted")
    func run() throws {
        let bytes = DigiDopWire.stream(DigiDopWire.numbered(4))
        let transport = Self.transport(steps: [
            .stream(bytes), .missed(packets: 1, packetNanoseconds: 1_000_000), .stream(bytes), .stop,
        ])
        let probe = try Self.open(transport)
        _ = try probe.prepare(Self.settings)
        var sink = CollectingSink()
        let counters = try probe.run(into: &sink, until: transport.stop)
        #expect(Array(transport.order.suffix(3)) == [[2, 1], [-1], [2, 0]])
        #expect(transport.calls.contains(.run(nil)))
        #expect(counters.pulses == 8)
        #expect(counters.missingPulses == 5)
        #expect(counters.lostPackets == 1)
        #expect(counters.clockDriftPartsPerMillion == nil)
        #expect(sink.frames.allSatisfy { $0.flags.contains(.transmitting) && $0.items == 2 })
    }

    @Test("the drift of the probe's clock is measured")
    func drift() throws {
        // Packets of five pulses each 1.0001 ms: 100 parts in a million too slow.
        let packet = DigiDopWire.stream(DigiDopWire.numbered(5))
        let steps = (1...8000).flatMap { number -> [ScriptedTransport.Step] in
            [.arrived(hostNanoseconds: UInt64(number) * 1_000_100), .stream(packet)]
        }
        let transport = Self.transport(steps: steps)
        let probe = try Self.open(transport)
        _ = try probe.prepare(Self.settings)
        var sink = CollectingSink()
        let drift = try #require(probe.run(into: &sink, until: transport.stop).clockDriftPartsPerMillion)
        #expect(abs(drift + 100) < 1)
    }

    @Test("every way out stops the probe, and the first error is told")
    func wayOut() throws {
        let lost = TransportError.disconnected(device: "probe")
        let transport = Self.transport(steps: [.stream(DigiDopWire.stream(DigiDopWire.numbered(4))), .fail(lost)])
        let probe = try Self.open(transport)
        _ = try probe.prepare(Self.settings)
        var sink = CollectingSink()
        do {
            _ = try probe.run(into: &sink, until: transport.stop)
            Issue.record("did not fail")
        } catch {
            #expect(error.reason == .link(lost))
            #expect(error.counters.pulses == 4)
        }
        #expect(transport.order.last == [2, 0])
    }

    @Test("without settings nothing is started")
    func unprepared() throws {
        let transport = Self.transport()
        let probe = try Self.open(transport)
        var sink = CollectingSink()
        #expect(throws: SourceRunError.self) { try probe.run(into: &sink, until: transport.stop) }
        #expect(!transport.order.contains([2, 1]))
    }
}
