import TestSupport
import Testing

@testable import USBProbeLink

@Suite("USB endpoint")
struct USBEndpointTests {
    private static func isochronous(
        _ maxPacketSize: UInt16, interval: UInt8 = 1, speed: Int?, extra: [UInt8] = []
    ) -> USBEndpoint {
        USBEndpoint(
            address: 0x81, attributes: 5, maxPacketSize: maxPacketSize, interval: interval, speedMbitPerS: speed,
            extra: extra)
    }

    @Test(
        "the interval follows the speed and the exponent, whatever that is",
        arguments: [
            (UInt8(1), 12, UInt64(1_000_000)), (1, 480, 125_000), (4, 480, 1_000_000), (4, 12, 8_000_000),
            (1, 5_000, 125_000), (0, 480, 125_000), (255, 480, 4_096_000_000), (16, 12, 32_768_000_000),
        ])
    func intervals(interval: UInt8, speed: Int, expectedNs: UInt64) {
        #expect(Self.isochronous(100, interval: interval, speed: speed).intervalNanoseconds == expectedNs)
    }

    @Test("at high speed up to two further packets come in a microframe")
    func furtherPackets() {
        #expect(Self.isochronous(0x0400, speed: 480).packetBytes == 1_024)
        #expect(Self.isochronous(0x0C00, speed: 480).packetBytes == 2_048)
        #expect(Self.isochronous(0x1400, speed: 480).packetBytes == 3_072)
        #expect(Self.isochronous(0x1C00, speed: 480).packetBytes == 3_072, "3 is not allowed")
        #expect(Self.isochronous(0x0C00, speed: 12).packetBytes == 1_024)
    }

    @Test("at SuperSpeed the companion says what an interval brings, if it is whole")
    func companion() {
        let companion: [UInt8] = [6, 0x30, 2, 0, 0x00, 0x0C]
        #expect(Self.isochronous(0x0400, speed: 5_000, extra: companion).packetBytes == 3_072)
        #expect(Self.isochronous(0x0400, speed: 5_000, extra: [6, 0x30, 2, 0, 0x00]).packetBytes == 1_024)
        #expect(Self.isochronous(0x0400, speed: 5_000, extra: [6, 0x30, 2, 0, 0xFF, 0xFF]).packetBytes == 49_152)
        #expect(Self.isochronous(0, speed: 5_000, extra: companion).packetBytes == 0)
    }

    @Test("a bulk packet has its size alone")
    func bulk() {
        let endpoint = USBEndpoint(
            address: 0x81, attributes: 2, maxPacketSize: 0xFA00, interval: 0, speedMbitPerS: 480)
        #expect(endpoint.packetBytes == 512)
    }
}
