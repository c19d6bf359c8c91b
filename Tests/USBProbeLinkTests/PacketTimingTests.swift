import Testing

@testable import USBProbeLink

@Suite("Packet timing")
struct PacketTimingTests {
    /// 100 transfers of 4 packets of 1 ms: the queue lasts 400 ms.
    private static func timing() -> PacketTiming {
        let endpoint = USBEndpoint(address: 0x81, attributes: 5, packetBytes: 192)
        return PacketTiming(endpoint, plan: TransferPlan(endpoint, bytesPerSecond: 0))
    }
    private static let millisecondNs: UInt64 = 1_000_000

    @Test("nothing is told before anything has come")
    func silentAtFirst() {
        var timing = Self.timing()
        timing.ranDry(atNs: 900 * Self.millisecondNs)
        timing.resumed(atNs: 950 * Self.millisecondNs)
        #expect(timing.takeUntold() == 0)
    }

    @Test("a host that sleeps longer than the queue lasts is told the rest, once")
    func ranDry() {
        var timing = Self.timing()
        timing.submitted(atNs: 1_000 * Self.millisecondNs)
        timing.ranDry(atNs: 1_390 * Self.millisecondNs)
        #expect(timing.takeUntold() == 0)
        timing.ranDry(atNs: 1_425 * Self.millisecondNs)
        #expect(timing.takeUntold() == 25)
        #expect(timing.takeUntold() == 0)
    }

    @Test("after trouble, the time since the last arrival is told, and every attempt adds its own")
    func resumed() {
        var timing = Self.timing()
        timing.arrived(atNs: 2_000 * Self.millisecondNs)
        timing.resumed(atNs: 2_007 * Self.millisecondNs)
        timing.resumed(atNs: 2_057 * Self.millisecondNs)
        #expect(timing.takeUntold() == 57)
        timing.resumed(atNs: 2_057 * Self.millisecondNs + 1)
        #expect(timing.takeUntold() == 1, "at least one")
    }
}
