import TestSupport
import Testing

@testable import ProbeSimulator

/// Bytes from groups of hexadecimal digits.
func hex(_ text: String) -> [UInt8] {
    let digits = text.filter { !$0.isWhitespace }.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}

@Suite("USB/IP commands")
struct USBIPCommandTests {
    /// The example of an interrupt transfer in Linux, Documentation/usb/usbip_protocol.rst.
    private static let interruptIn = """
        00000001 00000d05 0001000f 00000001 00000001 00000200 00000040 ffffffff 00000000 00000004 00000000 00000000
        """

    private func submission(_ text: String) throws -> USBIPSubmission? {
        guard let (command, count) = try USBIPCommand.read(hex(text)[...]) else { return nil }
        #expect(count == hex(text).count)
        guard case .submit(let submission) = command else { return nil }
        return submission
    }

    @Test("the documentation's interrupt transfer is read as it says")
    func documentedInterrupt() throws {
        let read = try #require(try submission(Self.interruptIn))
        #expect(read == USBIPSubmission(sequence: 0xD05, endpoint: 0x81, flags: 0x200, length: 0x40))
    }

    @Test("a control transfer has its setup stage in the order of the bus")
    func control() throws {
        let read = try #require(
            try submission(
                """
                00000001 00000007 00010002 00000001 00000000 00000200 00000012 00000000 00000000 00000000
                80 06 00 01 09 04 12 00
                """))
        #expect(read.isControl && read.isIn)
        #expect(
            read.setup == USBSetup(requestType: 0x80, request: 6, value: 0x0100, index: 0x0409, length: 0x12))
    }

    @Test("an OUT transfer brings its bytes, and is not read before the last of them is there")
    func out() throws {
        let text = """
            00000001 00000008 00010002 00000000 00000002 00000000 00000003 ffffffff 00000000 00000000
            00000000 00000000 aabbcc
            """
        #expect(try submission(text)?.out == [0xAA, 0xBB, 0xCC])
        #expect(try submission(text)?.endpoint == 2)
        for count in 0..<hex(text).count {
            #expect(try USBIPCommand.read(hex(text).prefix(count)) == nil)
        }
    }

    @Test("isochronous packets are read behind the header")
    func packets() throws {
        let read = try submission(
            """
            00000001 00000009 00010002 00000001 00000003 00000002 00000800 00000000 00000002 00000001
            00000000 00000000
            00000000 00000400 00000000 00000000  00000400 00000400 00000000 00000000
            """)
        #expect(read?.packets.map(\.offset) == [0, 0x400])
        #expect(read?.packets.map(\.length) == [0x400, 0x400])
    }

    @Test("an unlinking names the transfer that is taken back")
    func unlink() throws {
        let bytes = hex("00000002 0000000a 00010002 00000000 00000000 00000009" + String(repeating: "00", count: 24))
        let read = try #require(try USBIPCommand.read(bytes[...]))
        #expect(read.command == .unlink(sequence: 10, victim: 9))
        #expect(read.count == 48)
    }

    @Test(
        "what no host sends is refused by its header alone",
        arguments: [
            ("00000005" + String(repeating: "00", count: 44), USBIPError.unknownCommand(5)),
            (
                "00000001 00000001 00010002 00000001 00000010" + String(repeating: "00", count: 28),
                .noSuchEndpoint(number: 16, direction: 1)
            ),
            (
                "00000001 00000001 00010002 00000002 00000001" + String(repeating: "00", count: 28),
                .noSuchEndpoint(number: 1, direction: 2)
            ),
            (
                "00000001 00000001 00010002 00000000 00000001 00000000 ffffffff" + String(repeating: "00", count: 20),
                .transferTooLong(bytes: .max)
            ),
            (
                "00000001 00000001 00010002 00000001 00000001 00000000 00000010 00000000 00000401"
                    + String(repeating: "00", count: 12), .tooManyPackets(1025)
            ),
        ])
    func refused(_ text: String, _ problem: USBIPError) {
        #expect(throws: problem) { try USBIPCommand.read(hex(text)[...]) }
    }

    @Test("a packet outside its buffer is refused, also where its end would not fit into 32 bits")
    func outside() {
        let head = """
            00000001 00000009 00010002 00000001 00000003 00000002 00000800 00000000 00000001 00000001
            00000000 00000000
            """
        for (offset, length) in [("00000400", "00000401"), ("00000801", "00000000"), ("00000001", "ffffffff")] {
            #expect(throws: USBIPError.self) {
                try USBIPCommand.read(hex(head + offset + length + "0000000000000000")[...])
            }
        }
    }

    @Test("whatever arrives, reading ends with a command, with patience or with an error", arguments: 0..<200)
    func hostile(_ seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        var bytes = (0..<Int.random(in: 0...200, using: &generator)).map { _ in
            UInt8.random(in: 0...255, using: &generator)
        }
        if Bool.random(using: &generator), bytes.count > 4 { bytes.replaceSubrange(0..<4, with: [0, 0, 0, 1]) }
        do throws(USBIPError) {
            guard let (_, count) = try USBIPCommand.read(bytes[...]) else { return }
            #expect(count >= USBIPCommand.headerBytes && count <= bytes.count)
        } catch {
            #expect(!error.description.isEmpty)
        }
    }
}
