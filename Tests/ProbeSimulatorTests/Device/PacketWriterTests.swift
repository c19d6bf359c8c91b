import Testing

@testable import ProbeSimulator

@Suite("Packets on the wire")
struct PacketWriterTests {
    @Test("the checksum of 123456789 is 0xE3069283")
    func checkValue() {
        var crc = Castagnoli()
        crc.update(Array("123456789".utf8))
        #expect(crc.checksum == 0xE306_9283)
    }

    @Test("the checksum of bytes taken in two pieces is that of the whole", arguments: 0..<9)
    func pieces(cut: Int) {
        let bytes = Array("123456789".utf8)
        var crc = Castagnoli()
        crc.update(Array(bytes[..<cut]))
        crc.update(Array(bytes[cut...]))
        #expect(crc.checksum == 0xE306_9283)
    }

    @Test("the table and the bitwise definition agree", arguments: 0..<20)
    func agrees(length: Int) {
        let bytes = (0..<(length * 7)).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ length) }
        var crc = Castagnoli()
        crc.update(bytes)
        #expect(crc.checksum == bitwiseCRC32C(bytes))
    }

    @Test("the page's example packet comes out byte for byte")
    func example() {
        let writer = PacketWriter(sequence: 5)
        let packet = writer.packet(
            PacketWriter.Description(kind: .iq, flags: 2, pulseIndex: 320, items: 1, records: 2),
            payload: [0x64, 0, 0, 0, 0, 0, 0x64, 0])
        #expect(
            packet == [
                0x4F, 0x44, 0x50, 0x53, 0x01, 0x02, 0x20, 0x00, 0x08, 0, 0, 0, 0x05, 0, 0, 0,
                0x40, 0x01, 0, 0, 0, 0, 0, 0, 0x01, 0x00, 0x02, 0x00, 0xAA, 0xA2, 0x85, 0x7C,
                0x64, 0, 0, 0, 0, 0, 0x64, 0,
            ])
    }

    @Test("the sequence number wraps, and the packet behind the wrap is not the first of its type")
    func wraps() {
        var writer = PacketWriter(sequence: .max)
        let description = PacketWriter.Description(kind: .iq, flags: 0, pulseIndex: 0, items: 1, records: 1)
        #expect(writer.packet(description, payload: [0, 0, 0, 0])[12..<16] == [255, 255, 255, 255])
        writer.note(.iq, dropped: false)
        let next = writer.packet(description, payload: [0, 0, 0, 0])
        #expect(next[12..<16] == [0, 0, 0, 0])
        #expect(next[5] == 0)
    }

    @Test("types have sequence numbers and gaps of their own")
    func separate() {
        var writer = PacketWriter()
        let iq = PacketWriter.Description(kind: .iq, flags: 0, pulseIndex: 0, items: 1, records: 1)
        let physiology = PacketWriter.Description(kind: .physiology, flags: 0, pulseIndex: 0, items: 2, records: 1)
        writer.note(.iq, dropped: true)
        #expect(writer.packet(iq, payload: [])[5] == 1)
        #expect(writer.packet(iq, payload: [])[12] == 1)
        #expect(writer.packet(physiology, payload: [])[5] == 8)
        #expect(writer.packet(physiology, payload: [])[12] == 0)
    }
}
