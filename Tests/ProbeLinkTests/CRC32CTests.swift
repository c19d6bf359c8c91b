import TestSupport
import Testing

@testable import ProbeLink  // the polynomial arithmetic is internal

@Suite struct CRC32CTests {
    @Test("the check value of the digits 1 to 9 is the published one", arguments: CRC32C.Path.allCases)
    func checkValue(path: CRC32C.Path) {
        var checksum = CRC32C()
        checksum.update(Array("123456789".utf8).span.bytes, path: path)
        #expect(checksum.value == 0xE306_9283)
    }

    @Test("32 zero bytes and 32 bytes of 0xFF give the values of RFC 3720", arguments: CRC32C.Path.allCases)
    func iscsiVectors(path: CRC32C.Path) {
        for (byte, expected) in [(UInt8(0), UInt32(0x8A91_36AA)), (0xFF, 0x62A8_AB43)] {
            var checksum = CRC32C()
            checksum.update([UInt8](repeating: byte, count: 32).span.bytes, path: path)
            #expect(checksum.value == expected)
        }
    }

    @Test("both paths equal the bitwise definition at every length and offset", arguments: UInt64(0)..<20)
    func pathsAgree(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let bytes = (0..<200).map { _ in UInt8.random(in: 0...255, using: &generator) }
        for offset in 0..<9 {
            let length = Int.random(in: 0...(bytes.count - offset), using: &generator)
            let expected = ODPWire.bitwiseCRC32C(Array(bytes[offset..<(offset + length)]))
            for path in CRC32C.Path.allCases {
                var checksum = CRC32C()
                checksum.update(bytes.span.bytes.extracting(offset..<(offset + length)), path: path)
                #expect(checksum.value == expected)
            }
        }
    }

    @Test("pieces give the checksum of the whole", arguments: UInt64(0)..<20)
    func incremental(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let bytes = (0..<300).map { _ in UInt8.random(in: 0...255, using: &generator) }
        var checksum = CRC32C()
        var offset = 0
        while offset < bytes.count {
            let end = min(bytes.count, offset + Int.random(in: 0...40, using: &generator))
            checksum.update(
                bytes.span.bytes.extracting(offset..<end), path: Bool.random(using: &generator) ? .tables : .instruction
            )
            offset = end
        }
        #expect(checksum.value == CRC32C.checksum(of: bytes.span.bytes))
    }

    @Test("carrying over zeros by arithmetic equals feeding zeros", arguments: [0, 1, 31, 255, 256, 257, 4097, 65_760])
    func zeros(count: Int) {
        var fed = CRC32C(register: 0x1234_5678)
        fed.update([UInt8](repeating: 0, count: count).span.bytes)
        #expect(CRC32CPolynomial.carry(0x1234_5678, overZeros: count) == fed.register)
    }

    @Test("the packet example of the protocol carries the checksum of its own bytes")
    func pageExample() {
        let packet = hex("4f445053 01 02 2000 08000000 05000000 4001000000000000 0100 0200 aaa2857c 64000000 00006400")
        let covered = Array(packet[0..<28] + packet[32...])
        #expect(CRC32C.checksum(of: covered.span.bytes) == 0x7C85_A2AA)
    }
}
