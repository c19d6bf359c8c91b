import ProbeSimulator
import Testing

@Suite("B-mode on the wire")
struct BModeStreamTests {
    /// A source whose samples tell frame, line and sample.
    struct NumberedPicture: SignalSource {
        var samples = 1
        var lines = 1

        mutating func begin(_ settings: DeviceSettings) {
            samples = Int(settings.bModeSamplesPerLine)
            lines = Int(settings.bModeLines)
        }
        mutating func appendIQ(firstPulse: UInt64, count: Int, transmitting: Bool, to samples: inout [Int16]) {
            samples += [Int16](repeating: 7, count: 2 * count)
        }
        mutating func physiology(atSeconds seconds: Double) -> (ecgMicroV: Int16, respiration: Int16) { (0, 0) }
        mutating func bModeFrame(_ index: UInt32, atSeconds seconds: Double, transmitting: Bool) -> [UInt8]? {
            guard transmitting else { return nil }
            return (0..<lines * samples).map {
                UInt8(truncatingIfNeeded: 50 * Int(index) + 10 * ($0 / samples) + $0 % samples)
            }
        }
    }

    static func acquisition(
        mask: UInt8, rateMilliHz: UInt32 = 25_000, lines: UInt16 = 2, samples: UInt16 = 3, depthUm: UInt32 = 40_000,
        pitchNm: UInt32 = 200_000
    ) -> [UInt8] {
        func bytes<Number: FixedWidthInteger>(_ value: Number) -> [UInt8] {
            (0..<Number.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        return ProbeRig.acquisition(mask: mask)[0..<28] + bytes(rateMilliHz) + bytes(lines) + bytes(samples)
            + bytes(depthUm) + bytes(pitchNm) + [0, 0, 0, 0]
    }

    static func running(_ bytes: [UInt8], source: any SignalSource = NumberedPicture(), armed: Bool = true) -> ProbeRig
    {
        var rig = ProbeRig(source)
        _ = rig.send(0x10, data: bytes)
        if armed { _ = rig.send(0x20, value: 1) }
        _ = rig.send(0x21, value: 1)
        return rig
    }

    @Test("the second frame of two lines of three samples is these bytes")
    func vector() {
        // 1 kHz, 25 frames a second: frame 1 at 40 ms, pulse 40.
        var rig = Self.running(Self.acquisition(mask: 2))
        rig.pass(milliseconds: 41.5)
        let stream = rig.drain()
        #expect(stream.count == 2 * (32 + 8 + 6))
        let header: [UInt8] = [
            0x4F, 0x44, 0x50, 0x53, 2, 0b0010, 32, 0, 14, 0, 0, 0, 1, 0, 0, 0, 40, 0, 0, 0, 0, 0, 0, 0, 2, 0, 3, 0,
        ]
        let payload: [UInt8] = [1, 0, 0, 0, 0, 0, 2, 0, 50, 51, 52, 60, 61, 62]
        let checksum = bitwiseCRC32C(header + payload)
        let sum = (0..<4).map { UInt8(truncatingIfNeeded: checksum >> (8 * $0)) }
        #expect(Array(stream[46...]) == header + sum + payload)
        #expect(stream[5] == 0b1010)
    }

    @Test("limits move to the nearest possible, and come back unchanged when asked for again")
    func limits() {
        var rig = ProbeRig()
        func inForce(_ bytes: [UInt8]) -> [UInt8] {
            guard rig.send(0x10, data: bytes) == .acknowledge else { return [] }
            return rig.data(0x11)
        }
        let high = inForce(
            Self.acquisition(
                mask: 2, rateMilliHz: .max, lines: .max, samples: .max, depthUm: .max, pitchNm: .max))
        #expect(
            high
                == Self.acquisition(
                    mask: 2, rateMilliHz: 200_000, lines: 256, samples: 1024, depthUm: 200_000, pitchNm: 1_000_000))
        let low = inForce(Self.acquisition(mask: 2, rateMilliHz: 0, lines: 0, samples: 0, depthUm: 0, pitchNm: 0))
        #expect(
            low == Self.acquisition(mask: 2, rateMilliHz: 1000, lines: 1, samples: 1, depthUm: 5000, pitchNm: 20_000))
        #expect(inForce(high) == high && inForce(low) == low)
    }

    @Test("a probe without B-mode does not say it, and clears the bit")
    func without() {
        var identity = DeviceIdentity(serialNumber: "1")
        identity.hasBMode = false
        var rig = ProbeRig(identity: identity)
        let bytes = rig.data(0x01)
        #expect(bytes[12] == 0b0011_1001 && bytes[50..<58].allSatisfy { $0 == 0 })
        #expect(rig.send(0x10, data: Self.acquisition(mask: 2)) == .stall)
        #expect(rig.send(0x10, data: Self.acquisition(mask: 3)) == .acknowledge)
        #expect(rig.data(0x11) == ProbeRig.acquisition(mask: 1))
    }

    @Test("frames are cut into packets of whole lines of at most 65,536 bytes")
    func cut() {
        var rig = Self.running(Self.acquisition(mask: 2, rateMilliHz: 10_000, lines: 200, samples: 1000))
        rig.pass(milliseconds: 150)
        let packets = rig.packets()
        #expect(packets.allSatisfy { $0.type == 2 && $0.checksumIsRight && $0.payload.count <= 65_536 })
        #expect(packets.map(\.items) == [65, 65, 65, 5, 65, 65, 65, 5])
        #expect(packets.map { number($0.payload[4..<6]) } == [0, 65, 130, 195, 0, 65, 130, 195])
        #expect(packets.allSatisfy { number($0.payload[6..<8]) == 200 && $0.records == 1000 })
        #expect(packets.map(\.sequence) == Array(0..<8))
        #expect(packets.map(\.pulse) == [0, 0, 0, 0, 100, 100, 100, 100])
    }

    @Test("the pulse index is that of the last pulse not after the frame, and a transfer ends with each frame")
    func pulses() {
        // 30 frames a second at 1 kHz: frames at 0, 33.33, 66.67, 100 ms.
        var rig = Self.running(Self.acquisition(mask: 3, rateMilliHz: 30_000))
        var ends = 0
        var bytes: [UInt8] = []
        for _ in 0..<1001 {
            rig.pass(milliseconds: 0.1)
            while case .bytes(let some, let endsTransfer) = rig.probe.readStream(atMost: 16_384) {
                bytes += some
                if endsTransfer, Packet.all(in: some).last?.type == 2 { ends += 1 }
            }
        }
        let packets = Packet.all(in: bytes)
        #expect(packets.filter { $0.type == 2 }.map(\.pulse) == [0, 33, 66, 100])
        #expect(ends == 4)
        let iq = packets.filter { $0.type == 1 }
        #expect(zip(iq, iq.dropFirst()).allSatisfy { $0.endPulse == $1.pulse })
        #expect(iq.allSatisfy { $0.records <= 20 })
    }

    @Test("a receive-only probe shows black, and says that it did not transmit")
    func receiveOnly() {
        var rig = Self.running(Self.acquisition(mask: 2), armed: false)
        rig.pass(milliseconds: 10)
        let packets = rig.packets()
        #expect(packets.map(\.isTransmitting) == [false])
        #expect(packets.first?.payload.dropFirst(8).allSatisfy { $0 == 0 } == true)
    }

    @Test("a source without a picture gives frames of nothing")
    func noPicture() {
        var rig = Self.running(Self.acquisition(mask: 2), source: ToneSource(frequencyHz: 100, seed: 1))
        rig.pass(milliseconds: 90)
        #expect(rig.packets().map(\.payload) == (0..<3).map { [UInt8($0), 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0] })
    }

    @Test("a dropped packet uses up its number, and the next of its type carries the discontinuity")
    func dropped() {
        var rig = ProbeRig(NumberedPicture(), fifoBytes: 100)
        _ = rig.send(0x10, data: Self.acquisition(mask: 2))
        _ = rig.send(0x21, value: 1)
        rig.pass(milliseconds: 150)
        let first = rig.packets()
        rig.pass(milliseconds: 40)
        let second = rig.packets()
        #expect(first.map(\.sequence) == [0, 1] && second.map(\.sequence) == [4])
        #expect(second.map { $0.flags & 1 } == [1])
        #expect(rig.status().dropped == 2)
    }

    @Test("the steps in which time is moved change nothing", arguments: [0.3, 7, 19.9])
    func steps(milliseconds: Double) {
        func stream(_ step: Double) -> [UInt8] {
            var rig = Self.running(Self.acquisition(mask: 11, rateMilliHz: 61_000))
            var bytes: [UInt8] = []
            var left = 200.0
            while left > 0 {
                rig.pass(milliseconds: min(step, left))
                left -= step
                bytes += rig.drain()
            }
            _ = rig.send(0x21, value: 0)
            return bytes + rig.drain()
        }
        #expect(stream(milliseconds) == stream(200))
    }

    @Test("I/Q and physiology are the same with and without pictures")
    func others() {
        func samples(_ mask: UInt8) -> [UInt8: [UInt8]] {
            var rig = Self.running(Self.acquisition(mask: mask), source: ToneSource(frequencyHz: 90, seed: 4))
            rig.pass(milliseconds: 500)
            _ = rig.send(0x21, value: 0)
            return rig.packets().reduce(into: [:]) {
                $0[$1.type, default: []] += $1.payload.dropFirst($1.type == 4 ? 8 : 0)
            }
        }
        let (with, without) = (samples(11), samples(9))
        #expect(with[1] == without[1] && with[4] == without[4])
        #expect(with[2] != nil && without[2] == nil)
    }
}
