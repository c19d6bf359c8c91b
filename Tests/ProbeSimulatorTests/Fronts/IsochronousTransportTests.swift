import ProbeLink
import ProbeSimulator
import Testing

/// Keeps packets, gaps and times, and stops after so many packets.
private struct PacketCollector: TransferSink, ~Copyable {
    let stop: StopSignal
    var enough: Int
    var packets: [[UInt8]] = []
    var missed: [(before: Int, count: Int)] = []
    var packetNanoseconds: UInt64 = 0
    var hostNanoseconds: [UInt64] = []

    init(stop: StopSignal, enough: Int) {
        self.stop = stop
        self.enough = enough
    }

    mutating func receive(_ span: RawSpan, from pipe: ProbePipe) {
        packets.append(span.withUnsafeBytes { Array($0) })
        if packets.count >= enough { stop.request() }
    }

    func hasRoom(forBytes count: Int) -> Bool { true }

    mutating func missed(packets count: Int, packetNanoseconds nanoseconds: UInt64) {
        missed.append((packets.count, count))
        packetNanoseconds = nanoseconds
    }

    mutating func transferArrived(hostNanoseconds: UInt64) { self.hostNanoseconds.append(hostNanoseconds) }
}

@Suite("Isochronous and other devices in this process")
struct IsochronousTransportTests {
    private func audio(_ faults: [CableFault] = []) -> any SimulatedDevice {
        var options = SimulatedUSBAudio.Options()
        options.channels = .iq
        let device = SimulatedUSBAudio(serialNumber: "A1", source: CountingSource(), options: options)
        return FaultyDevice(device, CableFaults(faults))
    }

    private func run(_ transport: InProcessTransport, packets: Int) throws -> PacketCollector {
        let stop = StopSignal()
        var sink = PacketCollector(stop: stop, enough: packets)
        try transport.run(into: &sink, heartbeat: nil, until: stop)
        return sink
    }

    @Test("packets come one by one, with the host's time, which drifts as told")
    func packets() throws {
        let transport = InProcessTransport(audio(), pace: .accelerated, clockDriftPpm: 200)
        try transport.control(
            ControlRequest(1, value: 0x0100, index: 0x84, body: .out([0x80, 0xBB, 0]), scope: .classEndpoint))
        let sink = try run(transport, packets: 1001)
        #expect(sink.packets.allSatisfy { $0.count == 192 })
        #expect(sink.missed.isEmpty)
        #expect(sink.hostNanoseconds[1000] - sink.hostNanoseconds[0] == 1_000_200_000)
    }

    @Test("missed packets are told at their place, several in a row at once")
    func missed() throws {
        let faults = [3, 4, 5, 20].map { CableFault(.lost, at: .packet($0)) } + [CableFault(.damaged, at: .packet(9))]
        let transport = InProcessTransport(audio(faults), pace: .accelerated)
        let sink = try run(transport, packets: 40)
        #expect(sink.packetNanoseconds == 1_000_000)
        #expect(sink.missed.reduce(0) { $0 + $1.count } == 5)
        #expect(Set(sink.missed.map(\.before)) == [3, 6, 16])
        #expect(transport.with(FaultyDevice.self) { $0.injected.map(\.packet) } == [3, 4, 5, 9, 20])
    }

    @Test("every start begins with the first sample", arguments: 0..<3)
    func restarts(times: Int) throws {
        let transport = InProcessTransport(audio(), pace: .accelerated)
        for _ in 0...times {
            let sink = try run(transport, packets: 5)
            #expect(sink.packets.first.map { Array($0.prefix(6)) } == [0, 0, 1, 0, 1, 0])
        }
    }

    @Test("a device that never answers again ends the run")
    func silent() throws {
        let faults = [CableFault(.silence, at: .packet(10), size: 0)]
        let transport = InProcessTransport(audio(faults), pace: .accelerated)
        #expect(throws: TransportError.self) { _ = try run(transport, packets: 100) }
        #expect(throws: TransportError.timedOut(what: transport.label, milliseconds: 1000)) {
            try transport.control(ControlRequest(0, body: .in(length: 1)))
        }
        transport.plugIn()
        #expect(try run(transport, packets: 3).packets.count == 3)
    }

    @Test("an FX2 that got its firmware leaves the bus and is plugged in again as a probe that streams")
    func firmware() throws {
        let transport = InProcessTransport(
            SimulatedFX2(serialNumber: "X1", source: CountingSource()), pace: .accelerated)
        try transport.control(ControlRequest(0xA0, value: 0xE600, body: .out([1])))
        try transport.control(ControlRequest(0xA0, body: .out([0x80, 0xFE])))
        try transport.control(ControlRequest(0xA0, value: 0xE600, body: .out([0])))
        #expect(throws: TransportError.self) { try transport.control(ControlRequest(0xA0, body: .in(length: 1))) }
        transport.plugIn()
        #expect(transport.label == "sim FX2 Doppler template X1")
        let sink = try run(transport, packets: 3)
        #expect(sink.packets.first?.starts(with: Array("ODPS".utf8)) == true)
    }

    @Test("the catalogue has a device for every shipped profile, and names those it knows")
    func catalogue() throws {
        #expect(
            SimulatedDeviceCatalogue.profileIDs == [
                "generic/usb-audio-stereo", "hs-ulm/digidop", "hs-ulm/usd3.0", "odp/reference",
                "template/cypress-fx2", "template/ftdi-sync-fifo",
            ])
        #expect(
            throws: SimulatedDeviceError.unknownProfile(id: "no/such", known: SimulatedDeviceCatalogue.profileIDs)
        ) {
            try SimulatedDeviceCatalogue.device(forProfile: "no/such", serialNumber: "1", source: CountingSource())
        }
    }
}

@Suite("The repeating pattern")
struct PatternSourceTests {
    @Test("it repeats, is the same in any pieces, and falls silent without transmission")
    func pattern() {
        var source = PatternSource(periodPulses: 64, turnsPerPeriod: 4, noiseAmplitude: 0, seed: 3)
        source.begin(
            DeviceSettings(
                centreFrequencyHz: 4_000_000, prfMilliHz: 5_000_000, firstGateDepthUm: 20_000, gateLengthUm: 1000,
                gates: 3))
        var whole: [Int16] = []
        source.appendIQ(firstPulse: 0, count: 200, transmitting: true, to: &whole)
        var pieces: [Int16] = []
        for first in stride(from: 0, to: 200, by: 25) {
            source.appendIQ(firstPulse: UInt64(first), count: 25, transmitting: true, to: &pieces)
        }
        #expect(whole.count == 1200 && whole == pieces)
        #expect(Array(whole[0..<384]) == Array(whole[384..<768]))
        #expect(whole[0] == 8000 && whole[1] == 0 && whole[24] == 0 && whole[25] == 8000)
        var silent: [Int16] = []
        source.appendIQ(firstPulse: 0, count: 10, transmitting: false, to: &silent)
        #expect(silent == Array(repeating: 0, count: 60))
    }
}
