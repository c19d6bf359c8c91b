import ProbeLink
import TestSupport
import Testing

@testable import USBCapture

@Suite("Reader of pcapng")
struct PcapngReaderTests {
    /// A file by hand from the formats' texts: a section, an interface of link type 220 with microseconds, and one
    /// bulk completion of 5 bytes, in either byte order.
    static func handMade(big: Bool, linkType: UInt16 = 220, extraOption: [UInt8] = []) -> [UInt8] {
        func number<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
            withUnsafeBytes(of: big ? value.bigEndian : value.littleEndian) { Array($0) }
        }
        func block(_ type: UInt32, _ body: [UInt8]) -> [UInt8] {
            let length = number(UInt32(12 + body.count))
            return number(type) + length + body + length
        }
        var usbmon: [UInt8] = number(UInt64(0xFFFF_8800_1234_5678)) + [0x43, 3, 0x81, 9] + number(UInt16(2))
        usbmon += [0x2D, 0] + number(Int64(1)) + number(Int32(500_000)) + number(Int32(0))
        usbmon += number(UInt32(5)) + number(UInt32(5)) + [UInt8](repeating: 0, count: 8)
        usbmon += number(Int32(0)) + number(Int32(0)) + number(UInt32(0x200)) + number(UInt32(0))
        let packet = usbmon + [1, 2, 3, 4, 5]
        let time = UInt64(1_500_000)
        let head = number(UInt32(0)) + number(UInt32(time >> 32)) + number(UInt32(truncatingIfNeeded: time))
        let lengths = number(UInt32(packet.count)) + number(UInt32(packet.count))
        return block(
            0x0A0D_0D0A, number(UInt32(0x1A2B_3C4D)) + number(UInt16(1)) + number(UInt16(0)) + number(Int64(-1)))
            + block(1, number(linkType) + [0, 0] + number(UInt32(0)) + extraOption)
            + block(6, head + lengths + packet + [0, 0, 0])
    }

    @Test("a file by hand is read in both byte orders", arguments: [false, true])
    func readsHandMade(big: Bool) throws {
        let capture = try PcapngReader(bytes: Self.handMade(big: big), fileName: "hand.pcapng")
        let captured = try #require(capture.records.first)
        #expect(
            captured.record
                == UsbmonRecord(
                    id: 0xFFFF_8800_1234_5678, event: .complete, type: .bulk, endpoint: 0x81, deviceAddress: 9, bus: 2,
                    status: 0, urbBytes: 5, nanoseconds: 1_500_000_000))
        #expect(Array(capture.data(of: captured)) == [1, 2, 3, 4, 5])
        #expect(capture.isWhole)
        #expect(capture.deviceLabel == nil)
    }

    @Test("the writer writes a bulk completion exactly as the formats' texts say")
    func writesByHand() {
        var writer = PcapngWriter()
        let fiveBytes: [UInt8] = [1, 2, 3, 4, 5]
        var file: [UInt8] = []
        let record = UsbmonRecord(
            id: 0xFFFF_8800_1234_5678, event: .complete, type: .bulk, endpoint: 0x81, deviceAddress: 9, bus: 2,
            status: 0,
            urbBytes: 5, nanoseconds: 1_500_000)
        writer.append(record, data: fiveBytes.span.bytes, to: &file)
        var expected = Array(Self.handMade(big: false).suffix(12 + 20 + 72))
        // Seconds and microseconds within the usbmon header: 0 s and 1500 us; transfer flags are not known.
        expected.replaceSubrange(28 + 16..<28 + 28, with: [0, 0, 0, 0, 0, 0, 0, 0, 0xDC, 0x05, 0, 0])
        expected.replaceSubrange(28 + 56..<28 + 60, with: [0, 0, 0, 0])
        #expect(file == expected)
    }

    @Test("a file of another link type is refused")
    func refusesOtherLinks() {
        #expect(throws: CaptureError.self) {
            try PcapngReader(bytes: Self.handMade(big: false, linkType: 1), fileName: "ethernet.pcapng")
        }
    }

    @Test("what is no pcapng is refused", arguments: [[], [1, 2, 3], [UInt8](repeating: 0xD4, count: 64)])
    func refusesOthers(bytes: [UInt8]) {
        #expect(throws: CaptureError.self) { try PcapngReader(bytes: bytes, fileName: "x") }
    }

    @Test(
        "the resolution of time stamps is kept to",
        arguments: [
            (0, 1_500_000_000_000_000), (3, 1_500_000_000_000), (9, 1_500_000), (12, 1500), (0x80 | 20, 1_430_511_474),
        ])
    func keepsResolution(resolution: Int, nanoseconds: UInt64) throws {
        let option: [UInt8] = [9, 0, 1, 0, UInt8(resolution), 0, 0, 0]
        let capture = try PcapngReader(bytes: Self.handMade(big: false, extraOption: option), fileName: "x")
        #expect(capture.records.first?.record.nanoseconds == nanoseconds)
    }

    @Test("a file that ends anywhere is read up to its last whole block", arguments: 0..<48)
    func readsCutOff(seed: UInt64) throws {
        let file = Self.handMade(big: seed % 2 == 0)
        let end = 49 + Int(seed) * (file.count - 50) / 47
        let capture = try PcapngReader(bytes: Array(file.prefix(end)), fileName: "x")
        #expect(capture.records.isEmpty)
        #expect(capture.unreadableBytes == end - 48)
        #expect(!capture.isWhole)
    }

    @Test(
        "lengths that contradict each other are refused with their offset",
        arguments: [
            (52, 7, 48), (52, 8, 48), (52, 100, 48), (56, 1, 56), (68, 0xFF, 56), (84, 0x42, 76), (85, 9, 76),
        ])
    func refusesContradictions(place: Int, value: UInt8, offset: Int) throws {
        var file = Self.handMade(big: false)
        file[place] = value
        do throws(CaptureError) {
            _ = try PcapngReader(bytes: file, fileName: "x")
            Issue.record("it was read")
        } catch {
            guard case .damaged(_, offset, _) = error else { throw error }
        }
    }

    @Test("more packets than fit an isochronous record are refused")
    func refusesManyPackets() {
        var file = Self.handMade(big: false)
        file[85] = 0
        file[136] = 1
        #expect(throws: CaptureError.self) { try PcapngReader(bytes: file, fileName: "x") }
    }

    @Test("damaged bytes are refused or read, and never more than there are", arguments: 0..<200 as Range<UInt64>)
    func survivesDamage(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var file = Self.handMade(big: seed % 3 == 0) + Self.handMade(big: seed % 2 == 0)
        for _ in 0..<Int.random(in: 1...8, using: &generator) {
            let place = Int.random(in: file.indices, using: &generator)
            file[place] = UInt8.random(in: 0...255, using: &generator)
        }
        do throws(CaptureError) {
            let capture = try PcapngReader(bytes: file, fileName: "x")
            #expect(capture.records.count <= 2)
            for record in capture.records { #expect(record.data.upperBound <= file.count) }
        } catch {
            #expect(!error.description.isEmpty)
        }
    }

    @Test("a description cannot send control characters to a terminal")
    func cleansLabel() throws {
        let option: [UInt8] = [3, 0, 4, 0, 0x41, 0x1B, 0x07, 0x42]
        let capture = try PcapngReader(bytes: Self.handMade(big: false, extraOption: option), fileName: "x")
        #expect(capture.deviceLabel == "A??B")
    }
}
