import ProbeSimulator
import Testing

@Suite("Descriptors of every simulated device")
struct DescriptorBytesTests {
    private static func host(_ id: String, cold: Bool = false, speed: BusSpeed = .high) throws -> DeviceHost {
        var options = SimulatedDeviceOptions()
        options.startsCold = cold
        options.speed = speed
        return DeviceHost(
            try SimulatedDeviceCatalogue.device(
                forProfile: id, serialNumber: "SN1", source: CountingSource(), options: options))
    }

    @Test(
        "device and configuration are those written by hand",
        arguments: [
            (
                "hs-ulm/usd3.0", "12010002FF000040C91F8500000101020301",
                "0902200001010080320904000002FFF000040705810200020007058202000200"
            ),
            (
                "hs-ulm/digidop", "1201100100000040D804AAAA000101020301",
                """
                0902 3400 02 01 00 80 FA  090400000001010000  0924010001 0900 01 01
                090401000001020000  090401010101020000  07058101 1001 01
                """
            ),
            (
                "generic/usb-audio-stereo", "120110010000004009120200000101020301",
                """
                0902 9F00 02 01 00 80 32  090400000001010000
                0924010001 2800 01 01  0C240201 0306 00 02 0300 00 00  0A24060201 01 01 02 02 00
                09240303 0101 00 02 00
                090401000001020000
                090401010101020000  07240103 01 0100  0E240201 02 02 10 02 44AC00 80BB00
                09058405 C400 01 00 00  07250101 00 0000
                090401020101020000  07240103 01 0100  0E240201 02 03 18 02 44AC00 80BB00
                09058405 2601 01 00 00  07250101 00 0000
                """
            ),
            (
                "template/ftdi-sync-fifo", "120100020000004003041460000901020301",
                "0902 2000 01 01 00 A0 2D  0904000002FFFFFF02  07058102 0002 00  07050202 0002 00"
            ),
            (
                "template/cypress-fx2", "12010002FF000040091203000001" + "01020301",
                "0902 1900 01 01 00 80 FA  0904000001FF000000  07058602 0002 00"
            ),
        ])
    func writtenByHand(id: String, device: String, configuration: String) throws {
        let host = try Self.host(id)
        #expect(host.descriptor(1) == handMade(device))
        #expect(host.descriptor(2) == handMade(configuration))
    }

    @Test("the cold FX2 has Cypress's ids, no strings and four settings")
    func coldFX2() throws {
        let host = try Self.host("template/cypress-fx2", cold: true)
        #expect(host.descriptor(1) == handMade("12010002FFFFFF40B404138601A000000001"))
        let bulk = "07050102000200 07058102000200 07050202000200 07050402000200 07058602000200 07058802000200"
        let interrupt = "07050103400001 07058103400001 07050203000201 07050402000200 07058603000201 07058802000200"
        let isochronous = "07050103400001 07058103400001 07050201000201 07050402000200 07058601000201 07058802000200"
        #expect(
            host.descriptor(2)
                == handMade(
                    "0902AB00010100803209040000 00FFFFFF00" + "0904000106FFFFFF00" + bulk + "0904000206FFFFFF00"
                        + interrupt + "0904000306FFFFFF00" + isochronous))
        #expect(host.descriptor(3, 0) == nil)
        #expect(host.descriptor(3, 1) == nil)
    }

    @Test("at full speed bulk packets have 64 bytes, and each speed tells of the other")
    func fullSpeed() throws {
        for id in ["hs-ulm/usd3.0", "template/ftdi-sync-fifo"] {
            let high = try Self.host(id)
            let full = try Self.host(id, speed: .full)
            let atFull = try #require(full.descriptor(2))
            #expect(Array(atFull[22...23]) == [0x40, 0x00])
            #expect(high.descriptor(7)?.dropFirst(2) == atFull.dropFirst(2))
            #expect(full.descriptor(7)?.dropFirst(2) == high.descriptor(2)?.dropFirst(2))
            #expect(high.descriptor(7)?[1] == 7)
        }
        let usd3 = try Self.host("hs-ulm/usd3.0")
        #expect(usd3.descriptor(6) == handMade("0A060002FF0000400100"))
    }

    @Test("a full-speed device has no qualifier", arguments: ["hs-ulm/digidop", "generic/usb-audio-stereo"])
    func noQualifier(id: String) throws {
        let host = try Self.host(id)
        #expect(host.descriptor(6) == nil)
        #expect(host.descriptor(7) == nil)
    }

    @Test("the strings are those that the profiles match")
    func strings() throws {
        let wanted = [
            "hs-ulm/usd3.0": ["HS-Ulm.de", "Ultrasonic Doppler", "SN1"],
            "hs-ulm/digidop": ["HS-ULM", "DigiDop", "SN1"],
            "template/ftdi-sync-fifo": ["DopplerBridge", "FIFO Doppler template", "SN1"],
            "template/cypress-fx2": ["DopplerBridge", "FX2 Doppler template", "SN1"],
        ]
        for (id, texts) in wanted {
            let host = try Self.host(id)
            #expect((1...3).map { host.string($0) } == texts.map { $0 })
            #expect(host.string(9) == nil)
        }
        let usd3 = try Self.host("hs-ulm/usd3.0")
        #expect(usd3.descriptor(3, 0) == [4, 3, 0x07, 0x04])
        #expect(usd3.string(4) == "Stream")
        #expect(usd3.descriptor(3, 0xEE) == handMade("12034D005300460054003100300030008500"))
        #expect(usd3.ask(0xC0, 0x85, index: 4)?.count == 40)
        #expect(usd3.ask(0xC0, 0x85, index: 4).map { Array($0[18..<24]) } == Array("WINUSB".utf8))
    }

    @Test(
        "lengths add up as lsusb reads them", arguments: SimulatedDeviceCatalogue.profileIDs, [BusSpeed.full, .high])
    func rules(id: String, speed: BusSpeed) throws {
        let host = try Self.host(id, speed: speed)
        try Self.expectRules(host)
        let cold = try Self.host("template/cypress-fx2", cold: true, speed: speed)
        try Self.expectRules(cold)
    }

    /// Total length, counts of interfaces and endpoints, and the class-specific totals.
    private static func expectRules(_ host: DeviceHost) throws {
        let device = try #require(host.descriptor(1))
        #expect(device.count == 18 && device[0] == 18 && device[17] == 1)
        let bytes = try #require(host.descriptor(2))
        #expect(Int(bytes[2]) | Int(bytes[3]) << 8 == bytes.count)
        #expect(host.descriptor(2, length: 9) == Array(bytes.prefix(9)))
        var parts: [[UInt8]] = []
        var offset = 0
        while offset < bytes.count {
            let length = Int(bytes[offset])
            try #require(length >= 2 && offset + length <= bytes.count)
            parts.append(Array(bytes[offset..<(offset + length)]))
            offset += length
        }
        let interfaces = parts.filter { $0[1] == 4 }
        #expect(Set(interfaces.map { $0[2] }).count == Int(bytes[4]))
        #expect(Set(interfaces.map { [$0[2], $0[3]] }).count == interfaces.count)
        #expect(interfaces.reduce(0) { $0 + Int($1[4]) } == parts.filter { $0[1] == 5 }.count)
        for (index, part) in parts.enumerated() where part[1] == 0x24 && part[2] == 1 && part.count == 9 {
            let total = Int(part[5]) | Int(part[6]) << 8
            let following = parts[index...].prefix { $0[1] == 0x24 }
            #expect(following.reduce(0) { $0 + $1.count } == total)
        }
        for index in [device[14], device[15], device[16]] where index != 0 { #expect(host.string(index) != nil) }
    }

    @Test("status, configuration, settings and halts are answered", arguments: SimulatedDeviceCatalogue.profileIDs)
    func standardRequests(id: String) throws {
        let host = try Self.host(id)
        let selected = host.device.streamSetting
        host.configure(interface: selected.map { UInt16($0.interface) }, alternate: UInt16(selected?.alternate ?? 0))
        let endpoint = UInt16(host.device.streamEndpoint)
        #expect(host.ask(0x80, 8) == [1])
        #expect(host.ask(0x80, 0) == [0, 0])
        #expect(host.ask(0x81, 0, index: 0) == [0, 0])
        #expect(host.ask(0x81, 0, index: 9) == nil)
        #expect(host.ask(0x81, 10, index: UInt16(selected?.interface ?? 0)) == [selected?.alternate ?? 0])
        #expect(host.ask(0x82, 0, index: 0x0F) == nil)
        #expect(host.ask(0x82, 0, index: endpoint) == [0, 0])
        #expect(host.send(0x02, 3, value: 0, index: endpoint) == .acknowledge)
        #expect(host.ask(0x82, 0, index: endpoint) == [1, 0])
        #expect(host.send(0x02, 1, value: 0, index: endpoint) == .acknowledge)
        #expect(host.ask(0x82, 0, index: endpoint) == [0, 0])
        #expect(host.send(0x01, 11, value: 9, index: 0) == .stall)
        #expect(host.send(0x00, 9, value: 2) == .stall)
        #expect(host.descriptor(1, 1) == nil)
        #expect(host.descriptor(2, 1) == nil)
        #expect(host.descriptor(0x22) == nil)
        #expect(host.send(0x60, 0) == .stall)
    }
}
