import TestSupport
import Testing

@testable import ProbeSimulator

@Suite("USB/IP connections")
struct USBIPConnectionTests {
    private var device: any SimulatedDevice = ScriptedDevice()
    private var connection: USBIPConnection

    init() throws {
        connection = USBIPConnection(try USBIPExport(&device, speed: .high))
    }

    private mutating func answer(_ text: String, isFree: Bool = true) throws -> [UInt8] {
        try connection.receive(hex(text), device: &device, isFree: isFree)
        return connection.serve(&device, unsentBytes: 0)
    }

    private static func busID(_ id: String) -> String {
        id.utf8.map { String($0, radix: 16) }.joined() + String(repeating: "00", count: 32 - id.utf8.count)
    }

    /// Bus 1, address 2, high speed; ids, release, class; configuration 7, one configuration, two interfaces.
    private static let facts = "00000001 00000002 00000003 1209 0001 1234 ff4401 07 01 02"

    @Test("the list names the one device with its interfaces, each in its first setting")
    mutating func list() throws {
        let answer = try answer("0111 8005 00000000")
        #expect(answer.prefix(12).elementsEqual(hex("0111 0005 00000000 00000001")))
        #expect(answer[12..<268].prefix { $0 != 0 }.elementsEqual("/sys/devices/platform/dopplerbridge/usb1/1-1".utf8))
        #expect(answer[268..<300].elementsEqual(hex(Self.busID("1-1"))))
        #expect(answer[300...].elementsEqual(hex(Self.facts + "ff440100 01020300")))
        #expect(!connection.isAttached)
    }

    @Test("an import answers with the device and makes the connection its bus")
    mutating func importing() throws {
        let answer = try answer("0111 8003 00000000" + Self.busID("1-1"))
        #expect(answer.prefix(8).elementsEqual(hex("0111 0003 00000000")))
        #expect(answer.count == 8 + USBIPExport.announcementBytes)
        #expect(answer[296...].elementsEqual(hex(Self.facts)))
        #expect(connection.isAttached)
    }

    @Test("no device of that name, and a device that another host has, are different answers")
    mutating func refusals() throws {
        #expect(try answer("0111 8003 00000000" + Self.busID("1-2")) == hex("0111 0003 00000004"))
        #expect(try answer("0111 8003 00000000" + Self.busID("1-1"), isFree: false) == hex("0111 0003 00000001"))
        #expect(!connection.isAttached)
    }

    @Test("another version and an unknown operation end the connection")
    mutating func unknown() {
        #expect(throws: USBIPError.unknownVersion(0x0106)) { try answer("0106 8005 00000000") }
        #expect(throws: USBIPError.unknownOperation(code: 0x8001)) {
            var other = USBIPConnection(try USBIPExport(&device, speed: .high))
            try other.receive(hex("0111 8001 00000000"), device: &device, isFree: true)
        }
    }

    @Test("an import and a first transfer in pieces of any size are answered the same", arguments: 1..<60)
    mutating func pieces(_ size: Int) throws {
        let bytes = hex(
            "0111 8005 00000000 0111 8003 00000000" + Self.busID("1-1")
                + """
                00000001 00000007 00010002 00000001 00000000 00000200 00000008 00000000 00000000 00000000
                c0 01 00 00 00 00 08 00
                """)
        var answers: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            let piece = Array(bytes[start..<min(bytes.count, start + size)])
            try connection.receive(piece, device: &device, isFree: true)
            answers += connection.serve(&device, unsentBytes: 0)
        }
        #expect(answers.count == 12 + 312 + 8 + 8 + 312 + 48 + 8)
        #expect(answers.suffix(8).elementsEqual(1...8))
    }

    @Test("while too many bytes wait for the socket, the device is not asked")
    mutating func backPressure() throws {
        device = ScriptedDevice(reads: [0x81: [.bytes([5], endsTransfer: true)]])
        var attached = USBIPConnection(try USBIPExport(&device, speed: .high), isAttached: true)
        let submit =
            "00000001 00000001 00010002 00000001 00000001 00000000 00000002" + String(repeating: "00", count: 20)
        try attached.receive(hex(submit), device: &device, isFree: false)
        #expect(attached.serve(&device, unsentBytes: USBIPTransfers.mostReplyBytes).isEmpty)
        #expect(attached.isWaiting)
        #expect(attached.serve(&device, unsentBytes: 0).count == 49)
        #expect(!attached.isWaiting)
    }

    @Test("whatever a host sends, the connection goes on or ends with an error", arguments: 0..<200)
    mutating func hostile(_ seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        var attached = USBIPConnection(try USBIPExport(&device, speed: .high), isAttached: seed % 2 == 0)
        for _ in 0..<20 {
            var bytes = (0..<Int.random(in: 0...120, using: &generator)).map { _ in
                UInt8.random(in: 0...3, using: &generator)
            }
            if bytes.count > 8, Bool.random(using: &generator) { bytes.replaceSubrange(0..<4, with: [0, 0, 0, 1]) }
            do throws(USBIPError) {
                try attached.receive(bytes, device: &device, isFree: true)
            } catch {
                return
            }
            #expect(attached.serve(&device, unsentBytes: 0).count < 1 << 20)
        }
    }
}
