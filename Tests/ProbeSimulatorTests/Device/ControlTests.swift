import ProbeSimulator
import Testing

@Suite("Vendor requests")
struct ControlTests {
    @Test("a probe starts IDLE and disarmed, with nothing counted")
    func start() {
        var rig = ProbeRig()
        #expect(
            rig.ask(0x30)
                == .bytes([0, 0, 0xB8, 0x0B] + [UInt8](repeating: 0, count: 28)))
    }

    @Test("IN data are cut to wLength", arguments: [(0x01, 64), (0x11, 48), (0x30, 32)])
    func cut(request: UInt8, full: Int) {
        var rig = ProbeRig.ready()
        let whole = rig.data(request)
        #expect(whole.count == full)
        for length in [0, 1, full - 1, full, 1000] {
            #expect(rig.ask(request, length: UInt16(length)) == .bytes(Array(whole.prefix(length))))
        }
    }

    @Test("any other wIndex is a STALL", arguments: [0x01, 0x10, 0x11, 0x20, 0x21, 0x22, 0x23, 0x30])
    func otherIndex(request: UInt8) {
        var rig = ProbeRig.ready()
        let data = request == 0x10 ? ProbeRig.acquisition() : []
        let value: UInt16 = request == 0x23 ? 1000 : 0
        let isIn = [0x01, 0x11, 0x30].contains(request)
        for index: UInt16 in [1, 0x0100, 0xFFFF] {
            let answer =
                isIn ? rig.ask(request, index: index) : rig.send(request, value: value, index: index, data: data)
            #expect(answer == .stall)
        }
        let good = isIn ? rig.ask(request) : rig.send(request, value: value, data: data)
        #expect(good != .stall)
    }

    @Test(
        "any other wValue is a STALL",
        arguments: [(0x01, 1), (0x10, 1), (0x11, 1), (0x20, 2), (0x21, 2), (0x22, 1), (0x23, 0), (0x30, 1)])
    func otherValue(request: UInt8, value: UInt16) {
        var rig = ProbeRig.ready()
        let data = request == 0x10 ? ProbeRig.acquisition() : []
        let isIn = [0x01, 0x11, 0x30].contains(request)
        for bad in [value, 0xFF00 | value] where !(request == 0x23 && bad != 0) {
            #expect((isIn ? rig.ask(request, value: bad) : rig.send(request, value: bad, data: data)) == .stall)
        }
    }

    @Test("any other length of OUT data is a STALL", arguments: [0x10, 0x20, 0x21, 0x22, 0x23])
    func otherLength(request: UInt8) {
        var rig = ProbeRig.ready()
        let wrong = request == 0x10 ? [0, 1, 47, 49, 64] : [1, 48]
        for count in wrong {
            let data = Array((ProbeRig.acquisition() + ProbeRig.acquisition()).prefix(count))
            #expect(rig.send(request, value: request == 0x23 ? 1000 : 0, data: data) == .stall)
        }
    }

    @Test("an OUT request whose wLength differs from its data is a STALL")
    func lengthMismatch() {
        var rig = ProbeRig()
        let setup = USBSetup(requestType: 0x40, request: 0x10, length: 47)
        #expect(rig.probe.control(setup, out: ProbeRig.acquisition()) == .stall)
    }

    @Test("any other vendor request is a STALL, in both directions")
    func otherRequest() {
        var rig = ProbeRig.ready()
        let out: Set<UInt8> = [0x10, 0x20, 0x21, 0x22, 0x23]
        let incoming: Set<UInt8> = [0x01, 0x11, 0x30]
        for request in UInt8.min...UInt8.max {
            if !out.contains(request) { #expect(rig.send(request) == .stall) }
            if !incoming.contains(request) { #expect(rig.ask(request) == .stall) }
        }
    }

    @Test("a vendor request to an interface or an endpoint is a STALL", arguments: [0x41, 0x42, 0xC1, 0xC2])
    func otherRecipient(type: UInt8) {
        var rig = ProbeRig()
        for request: UInt8 in [0x01, 0x22] {
            #expect(rig.probe.control(USBSetup(requestType: type, request: request, length: 0)) == .stall)
        }
    }

    @Test("a class request is a STALL")
    func classRequest() {
        var rig = ProbeRig()
        #expect(rig.probe.control(USBSetup(requestType: 0xA0, request: 0x01, length: 64)) == .stall)
    }

    @Test("SET_ACQUISITION is for IDLE only")
    func onlyIdle() {
        var rig = ProbeRig.running()
        #expect(rig.send(0x10, data: ProbeRig.acquisition()) == .stall)
        rig.probe.inject(.supply)
        #expect(rig.send(0x10, data: ProbeRig.acquisition()) == .stall)
        #expect(rig.send(0x22) == .acknowledge)
        #expect(rig.send(0x10, data: ProbeRig.acquisition(mask: 8)) == .acknowledge)
    }

    @Test("ARM 1 is taken in IDLE and RUNNING and refused in FAULT; ARM 0 never stalls")
    func arm() {
        var rig = ProbeRig.ready()
        #expect(rig.send(0x20, value: 1) == .acknowledge)
        #expect(rig.status().armed == 1)
        #expect(rig.send(0x20, value: 0) == .acknowledge)
        #expect(rig.status().armed == 0)
        _ = rig.send(0x21, value: 1)
        #expect(rig.send(0x20, value: 1) == .acknowledge)
        #expect(rig.status().armed == 1)
        rig.probe.inject(.overTemperature)
        #expect(rig.send(0x20, value: 1) == .stall)
        #expect(rig.send(0x20, value: 0) == .acknowledge)
        #expect(rig.status().armed == 0)
    }

    @Test("RUN 1 stalls without settings, in RUNNING, in FAULT and at full speed")
    func runRefused() {
        var bare = ProbeRig()
        #expect(bare.send(0x21, value: 1) == .stall)
        var rig = ProbeRig.ready()
        #expect(rig.send(0x21, value: 1) == .acknowledge)
        #expect(rig.send(0x21, value: 1) == .stall)
        rig.probe.inject(.supply)
        #expect(rig.send(0x21, value: 1) == .stall)
        var slow = ProbeRig(speed: .full)
        #expect(slow.send(0x10, data: ProbeRig.acquisition()) == .acknowledge)
        #expect(slow.send(0x21, value: 1) == .stall)
        #expect(slow.status().state == 0)
    }

    @Test("RUN 0 never stalls, and leaves FAULT as it is")
    func stopAlways() {
        var rig = ProbeRig()
        #expect(rig.send(0x21, value: 0) == .acknowledge)
        rig = ProbeRig.running()
        #expect(rig.status().state == 1)
        #expect(rig.send(0x21, value: 0) == .acknowledge)
        #expect(rig.status().state == 0)
        rig.probe.inject(.supply)
        #expect(rig.send(0x21, value: 0) == .acknowledge)
        #expect(rig.status().state == 2)
    }

    @Test("RUN 0 keeps ARM")
    func stopKeepsArm() {
        var rig = ProbeRig.running(armed: true)
        _ = rig.send(0x21, value: 0)
        #expect(rig.status().armed == 1)
    }

    @Test("RESET: IDLE, disarmed, faults, counters, FIFO and events cleared, settings stay")
    func reset() {
        var rig = ProbeRig.running(armed: true, fifoBytes: 200)
        rig.pass(milliseconds: 200)
        rig.probe.report(.button(1, isReleased: false))
        rig.probe.inject(.supply)
        #expect(rig.status().faults == 0b1100)
        #expect(rig.send(0x22) == .acknowledge)
        #expect(
            rig.status()
                == ProbeRig.Status(
                    state: 0, armed: 0, transmittingMs: 0, dropped: 0, faults: 0, pulses: 0, highWater: 0))
        #expect(rig.drain().isEmpty)
        #expect(rig.events().isEmpty)
        #expect(rig.data(0x11) == ProbeRig.acquisition())
        rig.probe.report(.button(1, isReleased: false))
        #expect(rig.events().first?[2..<4] == [0, 0])
    }

    @Test("SET_CONFIGURATION acts as RESET")
    func setConfiguration() {
        var rig = ProbeRig.running(armed: true)
        rig.pass(milliseconds: 100)
        #expect(rig.probe.control(USBSetup(requestType: 0, request: 9, value: 1)) == .acknowledge)
        #expect(rig.status().state == 0)
        #expect(rig.status().armed == 0)
        #expect(rig.drain().isEmpty)
        #expect(rig.probe.control(USBSetup(requestType: 0x80, request: 8, length: 1)) == .bytes([1]))
        #expect(rig.probe.control(USBSetup(requestType: 0, request: 9, value: 2)) == .stall)
    }

    @Test("SET_INTERFACE is no RESET")
    func setInterface() {
        var rig = ProbeRig.running(armed: true)
        #expect(rig.probe.control(USBSetup(requestType: 1, request: 11)) == .acknowledge)
        #expect(rig.status().state == 1)
        #expect(rig.status().armed == 1)
        #expect(rig.probe.control(USBSetup(requestType: 1, request: 11, value: 1)) == .stall)
    }

    @Test("a reset of the bus leaves the probe as RESET does and not configured")
    func busReset() {
        var rig = ProbeRig.running(armed: true)
        _ = rig.probe.control(USBSetup(requestType: 0, request: 9, value: 1))
        rig.probe.stallStream()
        rig.probe.resetBus()
        #expect(rig.probe.control(USBSetup(requestType: 0x80, request: 8, length: 1)) == .bytes([0]))
        #expect(rig.probe.readStream(atMost: 512) == .nothingYet)
        #expect(rig.data(0x11) == ProbeRig.acquisition())
    }

    @Test("a probe that was unplugged comes back without settings, its clock going on")
    func powerCycle() {
        var rig = ProbeRig.running(armed: true)
        rig.pass(milliseconds: 5)
        rig.probe.cyclePower()
        #expect(rig.ask(0x11) == .stall)
        #expect(rig.status().armed == 0)
        #expect(rig.probe.nowNanoseconds == 5 * ProbeRig.millisecond)
    }
}
