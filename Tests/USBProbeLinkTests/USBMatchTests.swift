import ProbeLink
import Testing

@testable import USBProbeLink

@Suite("USB match")
struct USBMatchTests {
    static func device(
        product: USBDeviceString = .read("ODP Reference"), bcdDevice: UInt16 = 0x0100,
        endpoints: [USBEndpoint] = [
            USBEndpoint(address: 0x85, attributes: 2, packetBytes: 512),
            USBEndpoint(address: 0x02, attributes: 2, packetBytes: 512),
            USBEndpoint(address: 0x86, attributes: 3, packetBytes: 16),
        ]
    ) -> USBAttachedDevice {
        USBAttachedDevice(
            vendorID: 0x1209, productID: 1, bcdDevice: bcdDevice, deviceClass: [0xFF, 0, 0], bus: 1, address: 2,
            speedMbitPerS: 480, manufacturer: .absent, product: product, serialNumber: .read("1"),
            interfaces: [
                USBInterfaceSetting(
                    number: 0, alternate: 0, interfaceClass: [0xFF, 0x44, 0x01], endpoints: endpoints)
            ])
    }

    static func differences(_ device: USBAttachedDevice, _ rule: USBMatchRule = CounterDevice.rule) -> [String] {
        if case .differences(let list) = device.matches(rule) { list } else { [] }
    }

    @Test("endpoints are found by type and direction, whatever their addresses")
    func findsEndpoints() throws {
        guard case .match(let match) = Self.device().matches(CounterDevice.rule) else {
            Issue.record("no match")
            return
        }
        #expect(match.setting.endpoints(.bulkIn).map(\.address) == [0x85])
        #expect(match.setting.endpoints(.interruptIn).map(\.address) == [0x86])
    }

    @Test("every difference is named")
    func namesDifferences() {
        let device = Self.device(product: .read("Mouse"), bcdDevice: 0x0210, endpoints: [])
        #expect(
            Self.differences(device) == [
                "device release 2 instead of 1", "product \"Mouse\" instead of \"ODP ...\"",
                "interface 0 has 0 bulkIn instead of 1", "interface 0 has 0 interruptIn instead of 1",
            ])
    }

    @Test("a string that could not be read is a difference with its reason")
    func unreadableString() {
        let device = Self.device(product: .unreadable(reason: "no permission to open the device"))
        #expect(
            Self.differences(device) == ["product string could not be read (no permission to open the device)"])
    }

    @Test("a string that the rule does not ask for may be unreadable")
    func unaskedString() {
        let rule = USBMatchRule(vendorID: 0x1209, productID: 1)
        #expect(Self.differences(Self.device(product: .unreadable(reason: "")), rule).isEmpty)
    }

    @Test("other ids, an exact string and the manufacturer are compared too")
    func comparesTheRest() {
        let rule = USBMatchRule(
            vendorID: 0x1FC9, productID: 0x0085, manufacturer: "HS-Ulm.de", product: "Ultrasonic Doppler",
            deviceClass: [0xFF, 0, 1])
        #expect(
            Self.differences(Self.device(), rule) == [
                "ids 1209:0001 instead of 1fc9:0085", "device class ff/00/00 instead of ff/00/01",
                "no manufacturer string instead of \"HS-Ulm.de\"",
                "product \"ODP Reference\" instead of \"Ultrasonic Doppler\"",
            ])
    }
}
