import ProbeSimulator
import Testing

@Suite("The simulated DigiDop")
struct DigiDopTests {
    /// Words of request 3: 4 MHz, 5 kHz, burst, gates of 4 mm at 20 and 40 mm.
    private static func configuration(
        period: UInt16 = 12_800, gates: [UInt16] = [1504, 1837, 3166, 3499]
    ) -> [UInt8] {
        ([4, period, 0, 128] + gates).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    }

    private func running(_ order: SampleByteOrder, gates: [UInt16] = [1504, 1837, 3166, 3499]) -> DeviceHost {
        let host = DeviceHost(SimulatedDigiDop(serialNumber: "D1", source: CountingSource(), byteOrder: order))
        host.configure(interface: 1)
        #expect(host.send(0x40, 3, data: Self.configuration(gates: gates)) == .acknowledge)
        #expect(host.send(0x40, 2, value: 1) == .acknowledge)
        return host
    }

    /// I1, Q1, I2, Q2 of each frame.
    private func frames(_ bytes: [UInt8], _ order: SampleByteOrder) -> [[Int32]] {
        stride(from: 0, to: bytes.count - 16, by: 17).map { start in
            #expect(bytes[start] == 0xAA)
            return (0..<4).map { part in
                let four = bytes[(start + 1 + 4 * part)..<(start + 5 + 4 * part)]
                let value =
                    order == .mostSignificantFirst
                    ? four.reduce(0) { $0 << 8 | UInt32($1) } : four.reversed().reduce(0) { $0 << 8 | UInt32($1) }
                return Int32(bitPattern: value) >> 14
            }
        }
    }

    @Test("frames of both gates straddle the packets in either byte order", arguments: SampleByteOrder.allCases)
    func frames(order: SampleByteOrder) {
        let host = running(order)
        host.pass(milliseconds: 100)
        let packets = host.packets()
        #expect(packets.count == 100)
        #expect(packets.allSatisfy { $0.count % 4 == 0 && (80...92).contains($0.count) })
        var end = 0
        let cuts = packets.map { packet -> Int in
            end += packet.count
            return end % 17
        }
        #expect(Set(cuts).count > 2)
        let all = frames(packets.flatMap { $0 }, order)
        #expect(all.count >= 499)
        #expect(all.prefix(3) == [[0, 1, 0, 2], [1, 1, 1, 2], [2, 1, 2, 2]])
        #expect(all.indices.allSatisfy { all[$0][0] == Int32($0) })
    }

    @Test("gates may come in either order of depth, and one may be closed")
    func gateOrder() {
        let swapped = running(.mostSignificantFirst, gates: [3166, 3499, 1504, 1837])
        swapped.pass(milliseconds: 4)
        #expect(frames(swapped.packets().flatMap { $0 }, .mostSignificantFirst).first == [0, 2, 0, 1])
        let single = running(.mostSignificantFirst, gates: [1504, 1837, 0, 0])
        single.pass(milliseconds: 4)
        #expect(frames(single.packets().flatMap { $0 }, .mostSignificantFirst).first == [0, 1, 0, 0])
    }

    @Test("selected but not running, each millisecond has a packet without bytes")
    func idle() {
        let host = DeviceHost(SimulatedDigiDop(serialNumber: "D1", source: CountingSource()))
        host.configure(interface: 1)
        host.pass(milliseconds: 5)
        #expect(host.packets() == Array(repeating: [], count: 5))
        _ = host.send(0x01, 11, value: 0, index: 1)
        #expect(host.device.read(endpoint: 0x81, atMost: 512) == .stalled)
    }

    @Test("it gives its settings back and says what it cannot do")
    func settings() {
        let host = DeviceHost(SimulatedDigiDop(serialNumber: "D1", source: CountingSource()))
        #expect(host.send(0x40, 2, value: 1) == .stall)
        #expect(host.send(0x40, 3, data: Self.configuration()) == .acknowledge)
        #expect(host.ask(0xC0, 4) == Self.configuration())
        #expect(host.ask(0xC0, 7) == [0])
        #expect(host.send(0x40, 3, data: Self.configuration(period: 1600)) == .stall)
        #expect(host.ask(0xC0, 7) == [1])
        #expect(host.ask(0xC0, 4) == Self.configuration())
        #expect(host.send(0x40, 3, data: [1, 2, 3]) == .stall)
        #expect(host.ask(0xC0, 8) == nil)
    }

    @Test("packets that nobody collects go, the oldest first, and are counted")
    func uncollected() {
        let host = running(.mostSignificantFirst)
        host.pass(milliseconds: 300)
        #expect(host.packets().count == 256)
        #expect((host.device as? SimulatedDigiDop)?.uncollectedPackets == 44)
    }

    @Test("a new start begins with the first frame")
    func restart() {
        let host = running(.leastSignificantFirst)
        host.pass(milliseconds: 7)
        _ = host.send(0x40, 2, value: 0)
        _ = host.send(0x40, 2, value: 1)
        host.pass(milliseconds: 2)
        #expect(frames(host.packets().flatMap { $0 }, .leastSignificantFirst).first == [0, 1, 0, 2])
    }
}
