import ProbeSimulator
import Testing

@Suite("IDENTITY and descriptors")
struct IdentityTests {
    @Test("IDENTITY of the reference probe is these 64 bytes")
    func layout() {
        var rig = ProbeRig()
        let expected: [UInt8] =
            [0x4F, 0x44, 0x50, 0x31, 1, 0, 1, 0, 1, 0, 0, 0]
            + [0b0011_1011, 0, 0, 0]  // pulsed wave, B-mode, ECG, respiration, simulated
            + [0x40, 0x42, 0x0F, 0x00, 0x00, 0x1B, 0xB7, 0x00]  // 1 and 12 MHz
            + [0xA0, 0x86, 0x01, 0x00, 0x00, 0x2D, 0x31, 0x01]  // 100 Hz and 20 kHz
            + [0x00, 0x02, 0x64, 0x00, 0x40, 0x0D, 0x03, 0x00]  // 512 gates, 100 um, 200 mm
            + [0, 0, 0, 0, 0, 0, 0x70, 0x17, 1, 64]  // no indices, 0 to 60 dB, 1 to 64 cycles
            + [0, 1, 0, 4, 0x40, 0x0D, 0x03, 0]  // 256 lines of 1024 samples, 200 Hz
            + [UInt8](repeating: 0, count: 6)
        #expect(rig.ask(0x01) == .bytes(expected))
    }

    @Test("no field of the identity clears the simulated bit", arguments: [true, false])
    func alwaysSimulated(hasMore: Bool) {
        var identity = DeviceIdentity(serialNumber: "")
        identity.hasECG = hasMore
        identity.hasRespiration = hasMore
        identity.firmware = []
        identity.product = ""
        var rig = ProbeRig(identity: identity)
        let bytes = rig.data(0x01)
        #expect(bytes.count == 64)
        #expect(bytes[12] & 0x20 != 0)
        #expect(bytes[12] & 0x18 == (hasMore ? 0x18 : 0))
    }

    private func descriptor(_ value: UInt16, length: UInt16 = 255, speed: SimulatedProbe.Speed = .high) -> ControlAnswer
    {
        var rig = ProbeRig(speed: speed)
        return rig.probe.control(USBSetup(requestType: 0x80, request: 6, value: value, length: length))
    }

    @Test("the device descriptor names 1209:0001, class FF/00/00, USB 2.00 and protocol 1.0")
    func device() {
        let expected: [UInt8] = [18, 1, 0, 2, 0xFF, 0, 0, 64, 0x09, 0x12, 0x01, 0x00, 0x00, 0x01, 1, 2, 3, 1]
        #expect(descriptor(0x0100) == .bytes(expected))
        #expect(descriptor(0x0100, length: 8) == .bytes(Array(expected.prefix(8))))
    }

    @Test("the configuration has class FF/44/01, bulk IN 512 and interrupt IN 16 with bInterval 4")
    func configuration() {
        #expect(
            descriptor(0x0200)
                == .bytes([
                    9, 2, 32, 0, 1, 1, 0, 0x80, 250, 9, 4, 0, 0, 2, 0xFF, 0x44, 0x01, 0,
                    7, 5, 0x81, 2, 0x00, 0x02, 0, 7, 5, 0x82, 3, 16, 0, 4,
                ]))
    }

    @Test("at full speed the bulk endpoint is 64, and the other-speed configuration says 512")
    func fullSpeed() throws {
        guard case .bytes(let own) = descriptor(0x0200, speed: .full),
            case .bytes(let other) = descriptor(0x0700, speed: .full)
        else {
            Issue.record("no configuration")
            return
        }
        #expect(own[22..<24] == [64, 0])
        #expect(other[22..<24] == [0, 2])
        #expect(other[1] == 7)
    }

    @Test("there is a device qualifier at both speeds", arguments: [SimulatedProbe.Speed.full, .high])
    func qualifier(speed: SimulatedProbe.Speed) {
        #expect(descriptor(0x0600, speed: speed) == .bytes([10, 6, 0, 2, 0xFF, 0, 0, 64, 1, 0]))
    }

    @Test("the product string begins with ODP and the serial number is the one given")
    func strings() {
        let odp: [UInt8] = [0x4F, 0, 0x44, 0, 0x50, 0, 0x20, 0]
        guard case .bytes(let product) = descriptor(0x0302) else {
            Issue.record("no product string")
            return
        }
        #expect(Array(product[2..<10]) == odp)
        #expect(Int(product[0]) == product.count)
        #expect(descriptor(0x0303) == .bytes([8, 3, 0x53, 0, 0x4E, 0, 0x31, 0]))
        #expect(descriptor(0x0300) == .bytes([4, 3, 9, 4]))
    }

    @Test("a descriptor that the probe lacks is a STALL", arguments: [0x0304, 0x0201, 0x0F00, 0x2200])
    func unknown(value: UInt16) {
        #expect(descriptor(value) == .stall)
    }

    @Test("a serial number that is too long for a string descriptor is cut")
    func longString() {
        var rig = ProbeRig(identity: DeviceIdentity(serialNumber: String(repeating: "7", count: 400)))
        let answer = rig.probe.control(USBSetup(requestType: 0x80, request: 6, value: 0x0303, length: 1000))
        guard case .bytes(let bytes) = answer else {
            Issue.record("no serial number")
            return
        }
        #expect(bytes.count == 254 && bytes[0] == 254)
    }
}
