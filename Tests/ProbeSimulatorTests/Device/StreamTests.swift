import ProbeSimulator
import Testing

@Suite("The stream")
struct StreamTests {
    @Test("an IQ packet carries I and Q of each gate of each pulse, little-endian, pulse by pulse")
    func payload() {
        var rig = ProbeRig.running(NumberedSource(), armed: true, gates: 2)
        rig.pass(milliseconds: 2)
        _ = rig.send(0x21, value: 0)
        let packets = rig.packets()
        #expect(packets.count == 1)
        #expect(packets.first?.items == 2)
        #expect(packets.first?.records == 2)
        #expect(
            packets.first?.payload == [
                0, 0, 0xE8, 0x03, 0, 0, 0xE9, 0x03, 1, 0, 0xE8, 0x03, 1, 0, 0xE9, 0x03,
            ])
    }

    @Test("the stream is packets back to back, each with the right checksum, and nothing else")
    func backToBack() {
        var rig = ProbeRig.running(armed: true, gates: 3, mask: 9)
        rig.pass(milliseconds: 500)
        _ = rig.send(0x21, value: 0)
        let packets = rig.packets()
        #expect(packets.count > 40)
        #expect(packets.allSatisfy { $0.checksumIsRight && ($0.type == 1 || $0.type == 4) })
    }

    @Test("sequence numbers count each type from 0, and only the first of a type is marked as first")
    func sequences() {
        var rig = ProbeRig.running(mask: 9)
        rig.pass(milliseconds: 300)
        let packets = rig.packets()
        for type: UInt8 in [1, 4] {
            let ofType = packets.filter { $0.type == type }
            #expect(ofType.count > 10)
            #expect(ofType.map(\.sequence) == (0..<UInt64(ofType.count)).map { $0 })
            #expect(ofType.map { $0.flags & 8 } == [8] + [UInt8](repeating: 0, count: ofType.count - 1))
        }
    }

    @Test("pulse indices follow each other without a gap")
    func pulses() {
        var rig = ProbeRig.running()
        rig.pass(milliseconds: 1000)
        _ = rig.send(0x21, value: 0)
        let packets = rig.packets()
        var next: UInt64 = 0
        for packet in packets {
            #expect(packet.pulse == next)
            next = packet.endPulse
        }
        #expect(next == 1000)
    }

    @Test("pulse i lies at i / PRF seconds after RUN")
    func pulseTimes() {
        var rig = ProbeRig.running(prfMilliHz: 4_265_927)
        rig.pass(milliseconds: 60_000)
        _ = rig.send(0x21, value: 0)
        // 60 s x 4265.927 Hz = 255955.62: pulses 0 to 255955.
        #expect(rig.status().pulses == 255_956)
    }

    @Test(
        "a packet of each enabled type is complete at least every 20 ms, wherever ARM cuts",
        arguments: [100_000, 149_000, 250_000, 333_333, 1_000_000, 5_000_000, 20_000_000], [0, 1, 2])
    func atLeastEvery20Ms(prf: UInt32, cuts: Int) {
        var rig = ProbeRig.running(NumberedSource(), prfMilliHz: prf, mask: 9)
        _ = rig.send(0x23, value: 60_000)
        var last: [UInt8: Int] = [1: 0, 4: 0]
        var longest = 0
        for tenthMs in 1...3000 {
            rig.pass(milliseconds: 0.1)
            if cuts > 0, tenthMs % (cuts == 1 ? 7 : 199) == 0 { _ = rig.send(0x20, value: UInt16(tenthMs % 2)) }
            for packet in rig.packets() where packet.checksumIsRight { last[packet.type] = tenthMs }
            longest = max(longest, tenthMs - (last[1] ?? 0), tenthMs - (last[4] ?? 0))
        }
        #expect(longest < 200)
    }

    @Test("a payload never exceeds 65,536 bytes, and 512 gates still arrive in time")
    func longest() {
        var rig = ProbeRig.ready()
        _ = rig.send(
            0x10,
            data: ProbeRig.acquisition(
                prfMilliHz: 5_000_000, depthUm: 5000, spacingUm: 100, lengthUm: 1000, gates: 512, mask: 9))
        _ = rig.send(0x21, value: 1)
        rig.pass(milliseconds: 20)
        let packets = rig.packets()
        #expect(packets.filter { $0.type == 1 }.map(\.records) == [32, 32, 16])
        #expect(packets.allSatisfy { $0.payload.count <= 65_536 && $0.checksumIsRight })
    }

    @Test("a mask without IQ streams physiology alone, and STATUS still counts pulses")
    func physiologyAlone() {
        var rig = ProbeRig.running(mask: 8)
        rig.pass(milliseconds: 100)
        _ = rig.send(0x21, value: 0)
        let packets = rig.packets()
        #expect(Set(packets.map(\.type)) == [4])
        #expect(rig.status().pulses == 100)
    }

    @Test("a physiology packet has a rate, two channels and the samples in the order of time")
    func physiologyLayout() {
        var rig = ProbeRig.running(NumberedSource(), mask: 8)
        rig.pass(milliseconds: 9)
        _ = rig.send(0x21, value: 0)
        let packet = rig.packets().first
        #expect(packet?.items == 2)
        #expect(packet?.records == 3)
        // 250,000 mHz, reserved, then (0, -1), (4, -1), (8, -1): a sample every 4 ms.
        #expect(
            packet?.payload == [
                0x90, 0xD0, 0x03, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 4, 0, 0xFF, 0xFF, 8, 0, 0xFF, 0xFF,
            ])
    }

    @Test("a physiology packet's index is the last pulse not after its first sample")
    func physiologyIndex() {
        var rig = ProbeRig.running(NumberedSource(), prfMilliHz: 1_234_567, mask: 8)
        rig.pass(milliseconds: 400)
        var sample: UInt64 = 0
        let packets = rig.packets()
        #expect(packets.count > 10)
        for packet in packets {
            #expect(packet.pulse == sample * 1_234_567 / 250_000)
            sample += UInt64(packet.records)
        }
    }

    @Test("a channel that the probe lacks is 0")
    func lackingChannel() {
        var identity = DeviceIdentity(serialNumber: "SN1")
        identity.hasRespiration = false
        var rig = ProbeRig.ready(NumberedSource(), mask: 8, identity: identity)
        _ = rig.send(0x21, value: 1)
        rig.pass(milliseconds: 9)
        _ = rig.send(0x21, value: 0)
        #expect(rig.packets().first?.payload.dropFirst(8) == [0, 0, 0, 0, 4, 0, 0, 0, 8, 0, 0, 0])
    }

    @Test("a sample at full scale sets the clipped bit of its packet", arguments: [32767, 32766, -32768])
    func clipped(level: Int16) {
        var rig = ProbeRig.running(NumberedSource(level: level), armed: true)
        rig.pass(milliseconds: 100)
        let packets = rig.packets()
        #expect(!packets.isEmpty)
        #expect(packets.allSatisfy { ($0.flags & 4 != 0) == (level != 32766) })
    }

    @Test("RUN 1 begins with an empty FIFO, on a packet's first byte and from 0")
    func runAgain() {
        var rig = ProbeRig.running(armed: true, fifoBytes: 5000)
        _ = rig.send(0x23, value: 60_000)
        rig.pass(milliseconds: 2000)
        #expect(rig.status().dropped > 0)
        _ = rig.probe.readStream(atMost: 512)
        _ = rig.send(0x21, value: 0)
        _ = rig.send(0x21, value: 1)
        let status = rig.status()
        #expect(status.dropped == 0 && status.pulses == 0 && status.highWater == 0)
        #expect(status.faults == 0b1000)
        rig.pass(milliseconds: 50)
        let packets = rig.packets()
        #expect(packets.first?.sequence == 0 && packets.first?.pulse == 0 && packets.first?.flags == 0b1010)
        #expect(packets.allSatisfy { $0.checksumIsRight })
    }

    @Test("after RUN 0 what is queued stays readable to the end of its last packet, which holds every pulse")
    func queuedStays() {
        var rig = ProbeRig.running()
        rig.pass(milliseconds: 123)
        _ = rig.send(0x21, value: 0)
        rig.pass(milliseconds: 5000)
        let packets = rig.packets()
        #expect(packets.allSatisfy { $0.checksumIsRight })
        #expect(packets.last?.endPulse == 123)
        #expect(rig.probe.readStream(atMost: 512) == .nothingYet)
    }

    @Test("RUN 0 right after RUN 1 sends nothing")
    func nothingSent() {
        var rig = ProbeRig.running(mask: 9)
        _ = rig.send(0x21, value: 0)
        #expect(rig.probe.readStream(atMost: 512) == .nothingYet)
    }

    @Test("the device clock does not overflow")
    func farFuture() {
        var rig = ProbeRig()
        rig.probe.advance(byNanoseconds: .max)
        rig.probe.advance(byNanoseconds: .max)
        #expect(rig.probe.nowNanoseconds == .max)
    }
}
