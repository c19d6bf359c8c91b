import ProbeSimulator
import Testing

@Suite("ARM, keep-alive and faults")
struct TransmissionTests {
    @Test("RUN without ARM streams receive-only noise")
    func receiveOnly() {
        var rig = ProbeRig.running(NumberedSource())
        rig.pass(milliseconds: 100)
        let packets = rig.packets()
        #expect(!packets.isEmpty)
        #expect(packets.allSatisfy { !$0.isTransmitting && $0.payload[2..<4] == [0, 0] })
        #expect(rig.status().transmittingMs == 0)
    }

    @Test("transmit level 0 is the same as disarmed, but armed reads 1 and keep-alive runs")
    func levelZero() {
        var rig = ProbeRig.running(NumberedSource(), armed: true, level: 0)
        rig.pass(milliseconds: 999)
        #expect(rig.packets().allSatisfy { !$0.isTransmitting && $0.payload[2..<4] == [0, 0] })
        #expect(rig.status().armed == 1)
        rig.pass(milliseconds: 1)
        #expect(rig.status().armed == 0)
        #expect(rig.status().faults == 0b10)
    }

    @Test("packets of every type are cut at ARM 1 and ARM 0, so that bit 1 is true of the whole of each")
    func cutAtArm() {
        var rig = ProbeRig.running(NumberedSource(), mask: 9)
        rig.pass(milliseconds: 5.5)
        _ = rig.send(0x20, value: 1)
        rig.pass(milliseconds: 7)
        _ = rig.send(0x20, value: 0)
        rig.pass(milliseconds: 100)
        let iq = rig.packets().filter { $0.type == 1 }
        // Pulses 0 to 5 lie before 5.5 ms, pulses 6 to 12 before 12.5 ms.
        #expect(iq.prefix(2).map(\.endPulse) == [6, 13])
        #expect(iq.map(\.isTransmitting).prefix(3) == [false, true, false])
        for packet in iq {
            for pulse in 0..<packet.records {
                let quadrature = packet.payload[(4 * pulse + 2)..<(4 * pulse + 4)]
                #expect(quadrature == (packet.isTransmitting ? [0xE8, 0x03] : [0, 0]))
            }
        }
    }

    @Test("physiology packets carry the transmitting bit of their pulses")
    func physiologyCut() {
        var rig = ProbeRig.running(NumberedSource(), mask: 8)
        rig.pass(milliseconds: 10)
        _ = rig.send(0x20, value: 1)
        rig.pass(milliseconds: 8)
        _ = rig.send(0x20, value: 0)
        rig.pass(milliseconds: 30)
        let packets = rig.packets()
        #expect(packets.prefix(3).map(\.isTransmitting) == [false, true, false])
        #expect(packets.prefix(2).map(\.records) == [3, 2])
    }

    @Test("a packet is cut at a self-disarm, and the stream goes on receive-only")
    func cutAtSelfDisarm() {
        var rig = ProbeRig.running(NumberedSource(), armed: true)
        rig.pass(milliseconds: 3000)
        let packets = rig.packets()
        #expect(packets.contains { $0.isTransmitting && $0.endPulse == 1000 })
        #expect(packets.allSatisfy { $0.isTransmitting == ($0.pulse < 1000) })
        #expect((packets.last?.endPulse ?? 0) > 2970)
        #expect(rig.status().transmittingMs == 1000)
    }

    @Test("ARM 1 while armed cuts the packet, too")
    func armAgainCuts() {
        var rig = ProbeRig.running(armed: true)
        rig.pass(milliseconds: 3)
        _ = rig.send(0x20, value: 1)
        rig.pass(milliseconds: 50)
        #expect(rig.packets().first?.records == 3)
    }

    @Test("keep-alive counts from ARM 1, 1000 ms until set, in IDLE too")
    func keepAliveInIdle() {
        var rig = ProbeRig()
        rig.pass(milliseconds: 5000)
        _ = rig.send(0x20, value: 1)
        rig.pass(milliseconds: 999.9)
        #expect(rig.status().armed == 1)
        rig.pass(milliseconds: 0.1)
        #expect(rig.status().armed == 0)
        #expect(rig.status().faults == 0b10)
        #expect(rig.status().state == 0)
    }

    @Test("keep-alive counts from each KEEPALIVE and takes its time")
    func keepAliveSet() {
        var rig = ProbeRig()
        _ = rig.send(0x20, value: 1)
        rig.pass(milliseconds: 900)
        _ = rig.send(0x23, value: 300)
        rig.pass(milliseconds: 299)
        #expect(rig.status().armed == 1)
        _ = rig.send(0x23, value: 300)
        rig.pass(milliseconds: 299)
        #expect(rig.status().armed == 1)
        rig.pass(milliseconds: 1)
        #expect(rig.status().armed == 0)
    }

    @Test("ARM 1 again restarts the keep-alive time")
    func armRestarts() {
        var rig = ProbeRig()
        _ = rig.send(0x20, value: 1)
        rig.pass(milliseconds: 900)
        _ = rig.send(0x20, value: 1)
        rig.pass(milliseconds: 900)
        #expect(rig.status().armed == 1)
    }

    @Test("ARM 0 ends the keep-alive time without a fault")
    func armZeroEnds() {
        var rig = ProbeRig()
        _ = rig.send(0x20, value: 1)
        _ = rig.send(0x20, value: 0)
        rig.pass(milliseconds: 5000)
        #expect(rig.status().faults == 0)
        #expect(rig.events().isEmpty)
    }

    @Test("the keep-alive time stays over RESET")
    func keepAliveStays() {
        var rig = ProbeRig()
        _ = rig.send(0x23, value: 200)
        _ = rig.send(0x22)
        _ = rig.send(0x20, value: 1)
        rig.pass(milliseconds: 199)
        #expect(rig.status().armed == 1)
        rig.pass(milliseconds: 1)
        #expect(rig.status().armed == 0)
    }

    @Test("KEEPALIVE is accepted in every state, and while disarmed sets the time only")
    func keepAliveEverywhere() {
        var rig = ProbeRig.ready()
        #expect(rig.send(0x23, value: 100) == .acknowledge)
        rig.pass(milliseconds: 500)
        #expect(rig.status().faults == 0)
        _ = rig.send(0x21, value: 1)
        #expect(rig.send(0x23, value: 100) == .acknowledge)
        rig.probe.inject(.supply)
        #expect(rig.send(0x23, value: 100) == .acknowledge)
    }

    @Test("a lost keep-alive latches its bit until RESET, and ARM 1 is allowed again")
    func latched() {
        var rig = ProbeRig.running(armed: true)
        rig.pass(milliseconds: 1500)
        #expect(rig.send(0x20, value: 1) == .acknowledge)
        #expect(rig.status().armed == 1)
        #expect(rig.status().faults == 0b10)
        #expect(rig.status().state == 1)
        _ = rig.send(0x22)
        #expect(rig.status().faults == 0)
    }

    @Test("events of a lost keep-alive: disarmed, then fault; the second time disarmed alone")
    func keepAliveEvents() {
        var rig = ProbeRig.running(armed: true)
        rig.pass(milliseconds: 1500)
        #expect(
            rig.events() == [
                [4, 1, 0, 0, 0, 0, 0, 0, 0xE8, 0x03, 0, 0, 0, 0, 0, 0],
                [5, 1, 1, 0, 0, 0, 0, 0, 0xE8, 0x03, 0, 0, 0, 0, 0, 0],
            ])
        _ = rig.send(0x20, value: 1)
        rig.pass(milliseconds: 1500)
        #expect(rig.events().map { $0.prefix(4) } == [[4, 1, 2, 0]])
    }

    @Test(
        "a fault disarms, ends the stream behind what is queued, and only RESET leaves FAULT",
        arguments: zip(SimulatedProbe.InjectedFault.allCases, [UInt8(0), 2]))
    func faults(fault: SimulatedProbe.InjectedFault, bit: UInt8) {
        var rig = ProbeRig.running(armed: true)
        rig.pass(milliseconds: 45)
        rig.probe.inject(fault)
        rig.pass(milliseconds: 500)
        let status = rig.status()
        #expect(status.state == 2 && status.armed == 0 && status.faults == 1 << UInt64(bit))
        #expect(status.pulses == 45)
        #expect(rig.events().map { $0.prefix(4) } == [[4, bit, 0, 0], [5, bit, 1, 0]])
        let packets = rig.packets()
        #expect(packets.last?.endPulse == 45)
        #expect(packets.allSatisfy { $0.checksumIsRight && $0.isTransmitting })
        _ = rig.send(0x21, value: 0)
        _ = rig.send(0x20, value: 0)
        #expect(rig.status().state == 2)
        _ = rig.send(0x22)
        #expect(rig.status().state == 0)
        #expect(rig.send(0x21, value: 1) == .acknowledge)
    }

    @Test("a fault of a disarmed probe sends no event of being disarmed")
    func faultWhileDisarmed() {
        var rig = ProbeRig()
        rig.probe.inject(.supply)
        #expect(rig.events() == [[5, 2] + [UInt8](repeating: 0, count: 14)])
        rig.probe.inject(.supply)
        #expect(rig.events().isEmpty)
    }

    @Test("transmitting time counts since RESET over several runs")
    func transmittingTime() {
        var rig = ProbeRig.running(armed: true)
        rig.pass(milliseconds: 400)
        _ = rig.send(0x21, value: 0)
        rig.pass(milliseconds: 100)
        #expect(rig.status().transmittingMs == 400)
        _ = rig.send(0x20, value: 1)
        _ = rig.send(0x21, value: 1)
        rig.pass(milliseconds: 300)
        _ = rig.send(0x21, value: 0)
        #expect(rig.status().transmittingMs == 700)
        #expect(rig.status().pulses == 300)
    }

    @Test("STATUS counts up to the last packet made")
    func upToLastPacket() {
        var rig = ProbeRig.running()
        rig.pass(milliseconds: 45.3)
        let made = rig.packets().last?.endPulse
        #expect(rig.status().pulses == made)
        #expect(made != 46)
    }

    @Test("the face temperature stands in STATUS as hundredths of a degree")
    func temperature() {
        var rig = ProbeRig()
        rig.probe.faceTemperatureCentiC = -150
        #expect(rig.data(0x30)[2..<4] == [0x6A, 0xFF])
    }
}
