import ProbeLink
import Testing
import UMockdevRig

@testable import USBProbeLink

extension RigSuite {
    @Suite("discovery")
    struct DiscoveryTests {
        @Test("an attached device is listed with ids, strings and endpoints, and nothing is asked of it")
        func listsDevices() throws {
            try RigSuite.withRig { rig in
                let devices = try USBDeviceDiscovery().attached()
                let device = try #require(devices.first)
                #expect(devices.count == 1)
                #expect(device.label == "usb 1209:0001 ODP Reference SN0001")
                #expect(device.manufacturer == .read("Rig"))
                #expect(device.bcdDevice == 0x0100)
                #expect(device.deviceClass == [0xFF, 0, 0])
                #expect(device.speedMbitPerS == 480)
                #expect(device.interfaces.first?.endpoints(.bulkIn).map(\.address) == [0x81])
                #expect(device.interfaces.first?.endpoints(.bulkIn).map(\.packetBytes) == [512])
                #expect(device.interfaces.first?.endpoints(.interruptIn).map(\.packetBytes) == [16])
                #expect(rig.counts.vendor_requests == 0)
                #expect(rig.counts.claimed == 0)
            }
        }

        @Test("a device with every feature of the rule is found, also by its serial number")
        func findsMatch() throws {
            try RigSuite.withRig { rig in
                let found = try USBDeviceDiscovery().find(CounterDevice.rule, serialNumber: "SN0001")
                #expect(found.serialNumber.text == "SN0001")
                #expect(throws: TransportError.notFound(wanted: "usb 1209:0001 with serial number SN0002")) {
                    try USBDeviceDiscovery().find(CounterDevice.rule, serialNumber: "SN0002")
                }
                #expect(rig.counts.vendor_requests == 0)
            }
        }

        @Test("a device with the right ids alone is refused in words, and is sent nothing")
        func refusesPartialMatch() throws {
            try RigSuite.withRig(
                descriptors: CounterDevice.descriptors(interfaceClass: [0xFF, 0x00, 0x00])
            ) { rig in
                let refusal = TransportError.mismatch(
                    device: "usb 1209:0001 ODP Reference SN0001",
                    differences: ["interface 0 has class ff/00/00 instead of ff/44/01"])
                #expect(throws: refusal) { try USBDeviceDiscovery().find(CounterDevice.rule) }
                let device = try #require(try USBDeviceDiscovery().attached().first)
                #expect(throws: refusal) { try USBProbeTransport(opening: device, matching: CounterDevice.rule) }
                #expect(rig.counts.vendor_requests == 0)
                #expect(rig.counts.claimed == 0)
            }
        }

        @Test("control characters in a device's strings do not reach the terminal")
        func cleansStrings() throws {
            let strings = ["Rig", "ODP \u{1B}[2J\u{7}", "S\n1"]
            try RigSuite.withRig(strings: strings) { _ in
                let device = try #require(try USBDeviceDiscovery().attached().first)
                #expect(device.label == "usb 1209:0001 ODP ?[2J? S?1")
            }
        }

        @Test("without a device of these ids nothing is found")
        func findsNothing() throws {
            try RigSuite.withRig(descriptors: CounterDevice.descriptors(productID: 2)) { rig in
                #expect(throws: TransportError.notFound(wanted: "usb 1209:0001")) {
                    try USBDeviceDiscovery().find(CounterDevice.rule)
                }
                #expect(rig.counts.vendor_requests == 0)
            }
        }

        @Test("a device that was unplugged between finding and opening is disconnected")
        func opensNothingAfterUnplug() throws {
            try RigSuite.withRig { rig in
                let found = try USBDeviceDiscovery().find(CounterDevice.rule)
                rig.unplug()
                #expect(throws: TransportError.disconnected(device: found.label)) {
                    try USBProbeTransport(opening: found, matching: CounterDevice.rule)
                }
            }
        }

        @Test("a kernel driver is detached for the probe and given back afterwards")
        func givesDriverBack() throws {
            try RigSuite.withRig { rig in
                rig.boundDrivers = 1
                var transport: USBProbeTransport? = try RigSuite.open()
                #expect(transport?.label == "usb 1209:0001 ODP Reference SN0001")
                #expect(rig.boundDrivers == 0)
                #expect(rig.counts.claimed == 1)
                transport = nil
                #expect(rig.boundDrivers == 1)
                #expect(rig.counts.claimed == 0)
            }
        }

        @Test("a device that is already claimed is busy, and opening it does not disturb its owner")
        func refusesSecondOwner() throws {
            try RigSuite.withRig { rig in
                let owner = try RigSuite.open()
                #expect(throws: TransportError.busy(device: owner.label)) { try RigSuite.open() }
                #expect(rig.counts.claimed == 1)
                #expect(try owner.control(ControlRequest(0x01, body: .in(length: 4))) == Array("ODP1".utf8))
            }
        }
    }
}
