import Testing

@testable import ProbeSimulator

@Suite("Descriptors for a gadget and for SuperSpeed")
struct FunctionFSDescriptorsTests {
    /// The reference probe's configuration at high speed.
    private static let probe = hex(
        """
        09 02 20 00 01 01 00 80 fa  09 04 00 00 02 ff 44 01 00
        07 05 81 02 00 02 00  07 05 82 03 10 00 04
        """)

    @Test("FunctionFS is given the interface for three speeds, byte for byte as its header file says")
    func blob() throws {
        let made = try FunctionFSDescriptors(highSpeed: Self.probe, device: "probe")
        let interface = "09 04 00 00 02 ff 44 01 00"
        let expected = hex(
            "03000000 69000000 47000000 03000000 03000000 05000000"
                + interface + "07 05 81 02 40 00 00  07 05 82 03 10 00 01"
                + interface + "07 05 81 02 00 02 00  07 05 82 03 10 00 04"
                + interface + "07 05 81 02 00 04 00  06 30 03 00 00 00  07 05 82 03 10 00 04  06 30 00 00 10 00")
        #expect(made.bytes == expected)
        #expect(made.bytes.count == 0x69)
        #expect(made.endpoints.map(\.address) == [0x81, 0x82])
        #expect(made.endpoints.map(\.packetBytes) == [512, 16])
        #expect(FunctionFSDescriptors.strings == hex("02000000 10000000 00000000 00000000"))
    }

    @Test("the simulated probe can be a gadget, and a sound interface cannot")
    func possible() throws {
        let probe = SimulatedProbe(identity: DeviceIdentity(serialNumber: "1"), source: ToneSource.silence)
        _ = try FunctionFSGadget(probe, clock: ContinuousClock())
        #expect(
            throws: FunctionFSError.notPossible(device: "scripted", what: "3 interfaces or settings instead of one")
        ) {
            try FunctionFSGadget(ScriptedDevice(), clock: ContinuousClock())
        }
        var isochronous = Self.probe
        isochronous[21] = 1
        #expect(throws: FunctionFSError.notPossible(device: "x", what: "isochronous endpoints")) {
            try FunctionFSDescriptors(highSpeed: isochronous, device: "x")
        }
    }

    @Test("a configuration that is cut off or lies about lengths never traps")
    func damaged() {
        for count in 0...Self.probe.count {
            let cut = Array(Self.probe.prefix(count))
            _ = SuperSpeedDescriptors.configuration(cut)
            _ = try? FunctionFSDescriptors(highSpeed: cut, device: "x")
        }
        for place in 0..<Self.probe.count {
            for value: UInt8 in [0, 1, 255] {
                var lying = Self.probe
                lying[place] = value
                _ = SuperSpeedDescriptors.configuration(lying)
                _ = try? FunctionFSDescriptors(highSpeed: lying, device: "x")
            }
        }
    }

    @Test("events of ep0 are read, and half an event is not")
    func events() {
        let bytes = hex("c0 01 0000 0000 4000 04 000000  0000000000000000 02 000000  0000000000000000 03 000000 00")
        #expect(
            FunctionFSEvent.all(in: bytes)
                == [.setup(USBSetup(requestType: 0xC0, request: 1, length: 64)), .enable, .disable])
        #expect(FunctionFSEvent.all(in: Array(bytes.prefix(11))).isEmpty)
    }

    @Test("at SuperSpeed the device says so, with companions, larger packets and power in 8 mA")
    func superSpeed() {
        var device = SuperSpeedDevice(
            SimulatedProbe(identity: DeviceIdentity(serialNumber: "1"), source: ToneSource.silence))
        func descriptor(_ kind: UInt16, length: UInt16 = 255) -> ControlAnswer {
            device.control(USBSetup(requestType: 0x80, request: 6, value: kind << 8, length: length), out: [])
        }
        #expect(
            descriptor(1) == .bytes(hex("12 01 00 03 ff 00 00 09 09 12 01 00 00 01 01 02 03 01")))
        #expect(
            descriptor(2)
                == .bytes(
                    hex(
                        """
                        09 02 2c 00 01 01 00 80 3f  09 04 00 00 02 ff 44 01 00
                        07 05 81 02 00 04 00  06 30 03 00 00 00  07 05 82 03 10 00 04  06 30 00 00 10 00
                        """)))
        #expect(descriptor(2, length: 9) == .bytes(hex("09 02 2c 00 01 01 00 80 3f")))
        #expect(descriptor(6) == .stall)
        guard case .bytes(let capabilities) = descriptor(15) else { return #expect(Bool(false)) }
        #expect(capabilities.count == Int(capabilities[2]))
    }

    @Test("an isochronous endpoint's companion has all its packets of an interval")
    func isochronousCompanion() {
        let made = SuperSpeedDescriptors.configuration(ScriptedDevice.configuration)
        // 0x0A00: 512 bytes, two packets in a microframe.
        #expect(made.suffix(20).prefix(13).elementsEqual(hex("07 05 83 01 00 02 01  06 30 01 00 00 04")))
    }

    @Test("requests that are new with USB 3 are acknowledged, others reach the device")
    func newRequests() {
        var device = SuperSpeedDevice(ScriptedDevice())
        #expect(
            device.control(USBSetup(requestType: 0, request: 48, length: 6), out: [0, 0, 0, 0, 0, 0]) == .acknowledge)
        #expect(device.control(USBSetup(requestType: 0, request: 49, value: 40), out: []) == .acknowledge)
        #expect(device.control(USBSetup(requestType: 0xC0, request: 1, length: 8), out: []) == .bytes(Array(1...8)))
        #expect(device.control(USBSetup(requestType: 0x40, request: 99), out: []) == .stall)
    }
}
