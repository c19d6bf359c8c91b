import ProbeLink
import TestSupport
import Testing

@testable import USBProbeLink

@Suite("Transfer plan")
struct TransferPlanTests {
    /// From one gate at 1 kHz to more than SuperSpeed carries, bytes per second.
    static let rates = [
        0, 1, 4_000, 20_000, 128_000, 256_000, 320_000, 1_000_000, 2_560_000, 20_500_000, 41_000_000, 400_000_000,
        5_000_000_000, .max,
    ]

    @Test("transfers are whole packets, four or more, and at most 4 MiB", arguments: rates, [64, 512, 1_024])
    func limits(rate: Int, packet: Int) {
        let plan = TransferPlan(bytesPerSecond: rate, packetBytes: packet)
        #expect(plan.transferBytes > 0)
        #expect(plan.transferBytes % packet == 0)
        #expect(plan.count >= 4)
        #expect(plan.bytes <= 4 << 20)
    }

    @Test(
        "a transfer lasts 2 to 5 ms where packets are small enough",
        arguments: [256_000, 320_000, 500_000, 1_000_000, 2_560_000, 20_500_000, 41_000_000, 200_000_000])
    func duration(rate: Int) {
        let plan = TransferPlan(bytesPerSecond: rate, packetBytes: 512)
        let milliseconds = Double(plan.transferBytes) / Double(rate) * 1_000
        #expect((2.0...5.0).contains(milliseconds))
    }

    @Test(
        "250 to 500 ms are queued where memory allows",
        arguments: [20_000, 100_000, 256_000, 320_000, 1_000_000, 2_560_000, 8_000_000])
    func queue(rate: Int) {
        let plan = TransferPlan(bytesPerSecond: rate, packetBytes: 512)
        let milliseconds = Double(plan.bytes) / Double(rate) * 1_000
        #expect((250.0...500.0).contains(milliseconds))
    }

    @Test("16 gates at 5 kHz: two packets each, for 400 ms")
    func example() {
        let plan = TransferPlan(bytesPerSecond: 320_000, packetBytes: 512)
        #expect(plan.transferBytes == 1_024)
        #expect(plan.count == 125)
    }

    @Test("a rate that is not known gives four transfers of one packet", arguments: [0, -1, .min])
    func unknownRate(rate: Int) {
        let plan = TransferPlan(bytesPerSecond: rate, packetBytes: 512)
        #expect(plan.transferBytes == 512)
        #expect(plan.count == 4)
    }

    @Test("a plan that exceeds what the system allows is halved until it fits", arguments: [4, 3, 2, 1])
    func halves(megabytes: Int) throws {
        let plan = TransferPlan(bytesPerSecond: 41_000_000, packetBytes: 512)
        let fitting = try plan.fitting(extraBytes: 32, limitMegabytes: megabytes)
        #expect(fitting.bytes + 32 <= megabytes << 20)
        #expect(fitting.count >= TransferPlan.leastCount)
        #expect(fitting.transferBytes == plan.transferBytes)
        #expect(megabytes > 3 || 2 * (fitting.count + 1) * plan.transferBytes > megabytes << 19)
    }

    @Test("when even the fewest transfers exceed it, that is refused with both figures")
    func memoryLimit() {
        let plan = TransferPlan(bytesPerSecond: 400_000_000, packetBytes: 1_024)
        let needed = TransferPlan.leastCount * plan.transferBytes + 32
        let refusal = TransportError.memoryLimit(neededBytes: needed, limitBytes: 1 << 20)
        #expect(needed > 1 << 20)
        #expect(throws: refusal) { try plan.fitting(extraBytes: 32, limitMegabytes: 1) }
        #expect(refusal.description.contains("usbfs_memory_mb"))
    }

    @Test("no limit, an unknown one and a sufficient one change nothing", arguments: [0, nil, 16, .max])
    func noLimit(megabytes: Int?) throws {
        let plan = TransferPlan(bytesPerSecond: 41_000_000, packetBytes: 512)
        #expect(try plan.fitting(extraBytes: 32, limitMegabytes: megabytes) == plan)
    }

    @Test(
        "an isochronous transfer lasts 4 ms and the queue 400 ms, as far as memory and the kernel allow",
        arguments: [
            (192, UInt64(1_000_000), 4, 100), (1_024, 125_000, 32, 100), (49_152, 125_000, 21, 4),
            (17, 4_096_000_000, 1, 4), (1, 125_000, 32, 100), (3_072, 125_000, 32, 42),
        ])
    func isochronous(packetBytes: Int, packetNs: UInt64, packets: Int, count: Int) {
        let plan = TransferPlan(isochronousPacketBytes: packetBytes, packetNanoseconds: packetNs)
        #expect(plan.packets == packets)
        #expect(plan.transferBytes == packets * packetBytes)
        #expect(plan.count == count)
    }

    @Test(
        "whatever an endpoint says of itself, its plan stays within the memory and the kernel's packets",
        arguments: 0..<64)
    func staysWithinBounds(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let endpoint = USBEndpoint(
            address: 0x81, attributes: 1, maxPacketSize: UInt16.random(in: 1...0xFFFF, using: &random),
            interval: UInt8.random(in: 0...255, using: &random),
            speedMbitPerS: [nil, 12, 480, 5_000, 10_000].randomElement(using: &random) ?? nil,
            extra: (0..<6).map { _ in UInt8.random(in: 0...255, using: &random) })
        guard endpoint.packetBytes > 0 else { return }
        let plan = TransferPlan(endpoint, bytesPerSecond: 0)
        #expect(plan.bytes <= TransferPlan.mostBytes)
        #expect((1...TransferPlan.mostPackets).contains(plan.packets))
        #expect(plan.count >= TransferPlan.leastCount)
    }
}
