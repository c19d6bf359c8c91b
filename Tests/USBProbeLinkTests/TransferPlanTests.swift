import ProbeLink
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

    @Test("more than the system allows is refused before anything is sent, with both figures")
    func memoryLimit() {
        let plan = TransferPlan(bytesPerSecond: 41_000_000, packetBytes: 512)
        let refusal = TransportError.memoryLimit(neededBytes: plan.bytes + 32, limitBytes: 2 << 20)
        #expect(throws: refusal) { try plan.check(extraBytes: 32, limitMegabytes: 2) }
        #expect(refusal.description.contains("usbfs_memory_mb"))
    }

    @Test("no limit, an unknown one and a sufficient one are no obstacle", arguments: [0, nil, 16, .max])
    func noLimit(megabytes: Int?) {
        let plan = TransferPlan(bytesPerSecond: 41_000_000, packetBytes: 512)
        #expect(throws: Never.self) { try plan.check(extraBytes: 32, limitMegabytes: megabytes) }
    }
}
