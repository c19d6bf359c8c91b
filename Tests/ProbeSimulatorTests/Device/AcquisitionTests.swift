import ProbeSimulator
import Testing

@Suite("SET_ACQUISITION and GET_ACQUISITION")
struct AcquisitionTests {
    /// What is in force after a SET; empty when it was refused.
    private func set(_ bytes: [UInt8]) -> [UInt8] {
        var rig = ProbeRig()
        guard rig.send(0x10, data: bytes) == .acknowledge else { return [] }
        return rig.data(0x11)
    }

    @Test("settings that the probe can do come back byte for byte")
    func unchanged() {
        let bytes = ProbeRig.acquisition(gates: 3, mask: 9, gain: 1234)
        #expect(set(bytes) == bytes)
        #expect(bytes.count == 48)
        #expect(set(bytes)[20..<28] == [3, 0, 8, 9, 0xE8, 0x03, 0xD2, 0x04])
    }

    @Test("GET_ACQUISITION stalls until a SET has succeeded")
    func noneYet() {
        var rig = ProbeRig()
        #expect(rig.ask(0x11) == .stall)
        #expect(rig.send(0x10, data: ProbeRig.acquisition(gates: 0)) == .stall)
        #expect(rig.ask(0x11) == .stall)
        #expect(rig.send(0x10, data: ProbeRig.acquisition()) == .acknowledge)
        #expect(rig.ask(0x11) == .bytes(ProbeRig.acquisition()))
    }

    @Test(
        "0 gates, PRF or frequency and an empty mask stall, and the earlier settings stay",
        arguments: [
            ProbeRig.acquisition(gates: 0), ProbeRig.acquisition(prfMilliHz: 0), ProbeRig.acquisition(frequencyHz: 0),
            ProbeRig.acquisition(mask: 0), ProbeRig.acquisition(mask: 0b0000_0100), ProbeRig.acquisition(mask: 0xF4),
        ])
    func refused(bytes: [UInt8]) {
        var rig = ProbeRig.ready()
        #expect(rig.send(0x10, data: bytes) == .stall)
        #expect(rig.data(0x11) == ProbeRig.acquisition())
    }

    @Test("unknown bits of the mask are cleared")
    func maskBits() {
        #expect(set(ProbeRig.acquisition(mask: 0xFF))[23] == 0b1011)
        #expect(set(ProbeRig.acquisition(mask: 0b0111))[23] == 0b0011)
    }

    @Test("a frequency out of range moves to the nearest", arguments: [(1, 1_000_000), (99_000_000, 12_000_000)])
    func frequency(asked: UInt32, expected: UInt64) {
        #expect(number(set(ProbeRig.acquisition(frequencyHz: asked))[0..<4]) == expected)
    }

    @Test("a PRF below the range moves to the lowest")
    func lowPrf() {
        #expect(number(set(ProbeRig.acquisition(prfMilliHz: 1))[4..<8]) == 100_000)
    }

    @Test("a PRF above the range moves to the highest where the depth allows it")
    func highPrf() {
        #expect(number(set(ProbeRig.acquisition(prfMilliHz: .max, depthUm: 20_000))[4..<8]) == 20_000_000)
    }

    @Test("a PRF that leaves no time for the deepest gate's far edge is moved down")
    func prfByDepth() {
        // One gate from 99.5 to 100.5 mm: 1540 m/s / (2 x 0.1005 m) = 7661.69 Hz.
        #expect(number(set(ProbeRig.acquisition(prfMilliHz: 20_000_000, depthUm: 100_000))[4..<8]) == 7_661_691)
        // 80 further gates of 1 mm: far edge 180.5 mm: 4265.92 Hz.
        let many = set(ProbeRig.acquisition(prfMilliHz: 20_000_000, depthUm: 100_000, gates: 81))
        #expect(number(many[4..<8]) == 4_265_927)
        #expect(number(many[20..<22]) == 81)
    }

    @Test("gates that reach beyond the greatest depth are fewer gates")
    func fewerGates() {
        // The far edge of gate n (from 0) is at 190.5 + n mm, the greatest depth 200 mm: n = 9 is the last.
        let settings = set(ProbeRig.acquisition(depthUm: 190_000, gates: 100))
        #expect(number(settings[20..<22]) == 10)
        #expect(number(settings[8..<12]) == 190_000)
    }

    @Test("a gate that ends at the greatest depth stays")
    func lastGateFits() {
        #expect(number(set(ProbeRig.acquisition(depthUm: 190_500, gates: 10))[20..<22]) == 10)
        #expect(number(set(ProbeRig.acquisition(depthUm: 190_501, gates: 10))[20..<22]) == 9)
    }

    @Test("a first gate beyond the greatest depth moves to the deepest place that it fits")
    func deepestGate() {
        let settings = set(ProbeRig.acquisition(depthUm: .max, spacingUm: .max, gates: .max))
        #expect(number(settings[8..<12]) == 199_500)
        #expect(number(settings[20..<22]) == 1)
    }

    @Test("a first gate that would begin behind the transducer's face moves down")
    func shallowestGate() {
        #expect(number(set(ProbeRig.acquisition(depthUm: 0))[8..<12]) == 500)
    }

    @Test("no more gates than the probe has")
    func mostGates() {
        #expect(
            number(set(ProbeRig.acquisition(depthUm: 1000, spacingUm: 100, lengthUm: 100, gates: 60_000))[20..<22])
                == 512)
    }

    @Test("spacing, length, burst, level and gain move into the probe's range")
    func others() {
        let high = set(
            ProbeRig.acquisition(
                spacingUm: 1, lengthUm: .max, burst: 255, level: 60_000, gain: .max))
        #expect(number(high[12..<16]) == 100)
        #expect(number(high[16..<20]) == 20_000)
        #expect(high[22] == 64)
        #expect(number(high[24..<26]) == 1000)
        #expect(number(high[26..<28]) == 6000)
        let low = set(ProbeRig.acquisition(lengthUm: 0, burst: 0, gain: -1))
        #expect(number(low[16..<20]) == 100)
        #expect(low[22] == 1)
        #expect(number(low[26..<28]) == 0)
    }

    @Test("B-mode fields and the reserved one come back 0 where the mask has no B-mode")
    func noBMode() {
        var bytes = ProbeRig.acquisition()
        for place in 28..<48 { bytes[place] = 0xA5 }
        #expect(set(bytes) == ProbeRig.acquisition())
    }

    @Test("whatever 48 bytes are asked for, what is in force is asked for again unchanged", arguments: 0..<200)
    func settled(seed: UInt64) {
        var state = seed &+ 0x9E37_79B9_7F4A_7C15
        let bytes = (0..<48).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 40)
        }
        let inForce = set(bytes)
        if bytes[23] & 0b1011 == 0 {
            #expect(inForce.isEmpty)
        } else {
            #expect(inForce.count == 48)
            #expect(set(inForce) == inForce)
        }
    }
}
