import ProbeSimulator
import TestSupport
import Testing

@Suite("A faulty cable")
struct FaultyDeviceTests {
    /// An ODP probe at 1 kHz with 8 gates that streams through a cable; transfers of 16 pulses, 544 bytes.
    private func probe(_ plan: CableFaults) -> DeviceHost {
        let device = SimulatedProbe(identity: DeviceIdentity(serialNumber: "C1"), source: NumberedSource(gates: 8))
        let host = DeviceHost(FaultyDevice(device, plan))
        _ = host.send(0x40, 0x10, data: ProbeRig.acquisition(gates: 8))
        _ = host.send(0x40, 0x21, value: 1)
        return host
    }

    private func injected(_ host: DeviceHost) -> [InjectedCableFault] { (host.device as? FaultyDevice)?.injected ?? [] }

    /// What a host that clears stalls gets: transfers as they end.
    private func transfers(_ host: DeviceHost, milliseconds: Int = 160) -> (bytes: [[UInt8]], stalls: Int) {
        var whole: [[UInt8]] = []
        var current: [UInt8] = []
        var stalls = 0
        for _ in 0..<(milliseconds / 4) {
            host.pass(milliseconds: 4)
            reading: while true {
                switch host.device.read(endpoint: 0x81, atMost: 4096) {
                case .nothingYet: break reading
                case .stalled:
                    stalls += 1
                    _ = host.send(0x02, 1, value: 0, index: 0x81)
                case .bytes(let bytes, let ends):
                    current += bytes
                    guard ends else { continue }
                    whole.append(current)
                    current = []
                }
            }
        }
        return (whole + (current.isEmpty ? [] : [current]), stalls)
    }

    @Test("a cable in order changes nothing")
    func inOrder() {
        let host = probe(CableFaults())
        let through = transfers(host).bytes.flatMap { $0 }
        let plain = probe(CableFaults([CableFault(.stall, at: .packet(1))]))
        #expect(Packet.all(in: through).allSatisfy { $0.checksumIsRight })
        #expect(transfers(plain).bytes.flatMap { $0 } == through)
        #expect(injected(host).isEmpty && !through.isEmpty)
    }

    @Test("what loses no bytes leaves the stream as it was", arguments: [CableFault.Kind.split, .zeroLength, .stall])
    func harmless(kind: CableFault.Kind) {
        let plain = transfers(probe(CableFaults())).bytes
        let host = probe(CableFaults([CableFault(kind, at: .packet(2), size: 100)]))
        let (bytes, stalls) = transfers(host)
        #expect(bytes.flatMap { $0 } == plain.flatMap { $0 })
        #expect(stalls == (kind == .stall ? 1 : 0))
        #expect(bytes.count == plain.count + (kind == .stall ? 0 : kind == .split ? 2 : 1))
        #expect(injected(host).map(\.kind) == [kind])
        #expect(injected(host).first?.odpPackets == [])
    }

    @Test("a lost packet is missing at its place, and the ODP packet that it belonged to is named")
    func lost() throws {
        let plain = transfers(probe(CableFaults())).bytes.flatMap { $0 }
        let host = probe(CableFaults([CableFault(.lost, at: .packet(2))]))
        let bytes = transfers(host).bytes.flatMap { $0 }
        let fault = try #require(injected(host).first)
        #expect(fault.byteOffset == 544 && fault.bytes == 512 && fault.packet == 2 && fault.run == 1)
        #expect(fault.odpPackets.map(\.sequence) == [1])
        #expect(fault.odpPackets.first?.pulseIndex == 16)
        #expect(bytes == Array(plain[..<544]) + plain[1056...])
    }

    @Test("a doubled packet comes twice, a short one loses its rest")
    func doubledAndShort() {
        let plain = transfers(probe(CableFaults())).bytes.flatMap { $0 }
        let host = probe(
            CableFaults([CableFault(.doubled, at: .packet(0)), CableFault(.short, at: .packet(4), size: 100)]))
        let bytes = transfers(host).bytes.flatMap { $0 }
        #expect(bytes == Array(plain[..<512]) + plain[..<1188] + plain[1600...])
        #expect(injected(host).map(\.odpPackets).map { $0.map(\.sequence) } == [[], [2]])
        #expect(injected(host)[1].byteOffset == 1188 && injected(host)[1].bytes == 412)
    }

    @Test("the ODP packets that arrive whole are all but those named", arguments: 0..<8)
    func everyHitIsNamed(seed: UInt64) {
        let plan = CableFaults.drawn(
            seed: seed, count: 12, amongPackets: 300, kinds: [.lost, .doubled, .damaged, .short, .split, .stall])
        let host = probe(plan)
        let bytes = transfers(host, milliseconds: 3200).bytes.flatMap { $0 }
        let sent = transfers(probe(CableFaults()), milliseconds: 3200).bytes.flatMap { $0 }
        let whole = Set(Self.wholePackets(in: bytes))
        let hit = Set(injected(host).flatMap { $0.odpPackets.map { UInt64($0.sequence) } })
        let all = Set(Packet.all(in: sent).map(\.sequence))
        #expect(injected(host).count == 12)
        #expect(all.count > 150 && !hit.isEmpty)
        #expect(whole == all.subtracting(hit))
    }

    /// Sequence numbers of the packets with a right checksum, wherever they begin.
    private static func wholePackets(in bytes: [UInt8]) -> [UInt64] {
        var found: [UInt64] = []
        for start in bytes.indices where bytes[start] == 0x4F && bytes[start...].starts(with: Array("ODPS".utf8)) {
            guard let packet = Packet.all(in: Array(bytes[start...].prefix(544))).first, packet.type == 1 else {
                continue
            }
            if packet.checksumIsRight { found.append(packet.sequence) }
        }
        return found
    }

    @Test("behind an FTDI the status bytes do not count")
    func behindFTDI() {
        let plan = CableFaults([CableFault(.lost, at: .packet(3))])
        let host = DeviceHost(FaultyDevice(SimulatedFTDI(serialNumber: "F", source: CountingSource()), plan))
        for _ in 0..<20 {
            host.pass(milliseconds: 10)
            _ = host.drain()
        }
        #expect(injected(host).first?.odpPackets.isEmpty == false)
        #expect(injected(host).first?.bytes ?? 0 <= 510)
    }

    @Test("a silent device answers nothing until its time is over, and then goes on")
    func silence() {
        let host = probe(CableFaults([CableFault(.silence, at: .time(nanoseconds: 50_000_000), size: 40)]))
        host.pass(milliseconds: 60)
        _ = host.drain()
        #expect(!host.device.isAnswering)
        #expect(host.ask(0x80, 8) == nil)
        host.pass(milliseconds: 39)
        #expect(host.drain().isEmpty)
        host.pass(milliseconds: 1)
        #expect(host.device.isAnswering)
        #expect(!host.drain().isEmpty)
    }

    @Test("lies are told in the configuration and nowhere else, and noted")
    func lies() {
        let truth = DeviceHost(SimulatedUSD3(source: CountingSource()))
        let told: [(DescriptorLie, Int, [UInt8])] = [
            (.totalLength(0xFFFF), 2, [0xFF, 0xFF]), (.length(atOffset: 9, 0), 9, [0]),
            (.endpointCount(interface: 0, 30), 13, [30]), (.packetBytes(endpoint: 0x82, 7), 29, [7, 0]),
        ]
        for (lie, offset, bytes) in told {
            let host = DeviceHost(FaultyDevice(SimulatedUSD3(source: CountingSource()), CableFaults(lies: [lie])))
            var expected = truth.descriptor(2) ?? []
            expected.replaceSubrange(offset..<(offset + bytes.count), with: bytes)
            #expect((host.device as? FaultyDevice)?.toldLies == [])
            #expect(host.descriptor(2) == expected)
            #expect(host.descriptor(1) == truth.descriptor(1))
            #expect((host.device as? FaultyDevice)?.toldLies == [lie])
        }
        let cut = CableFaults(lies: [.cutOff(kind: 1, bytes: 7)])
        let host = DeviceHost(FaultyDevice(SimulatedUSD3(source: CountingSource()), cut))
        #expect(host.descriptor(1)?.count == 7)
    }

    @Test("a drawn plan is the same for its seed, and has one fault a packet at most", arguments: 0..<10)
    func drawn(seed: UInt64) {
        let plan = CableFaults.drawn(seed: seed, count: 100, amongPackets: 1000, apart: 5)
        #expect(plan == CableFaults.drawn(seed: seed, count: 100, amongPackets: 1000, apart: 5))
        #expect(plan != CableFaults.drawn(seed: seed + 1, count: 100, amongPackets: 1000, apart: 5))
        let places = plan.faults.compactMap { fault -> UInt64? in
            guard case .packet(let packet) = fault.place else { return nil }
            return packet
        }
        #expect(places.count == 100)
        #expect(zip(places, places.dropFirst()).allSatisfy { $1 >= $0 + 5 })
        #expect(places.last ?? 1000 < 1000)
        #expect(CableFaults.drawn(seed: seed, count: 100, amongPackets: 10).faults.count == 10)
    }
}
