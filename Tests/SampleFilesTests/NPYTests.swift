import Acquisition
import Foundation
import ProbeLink
import Testing

/// An archive made by hand: members stored, as PKWARE's APPNOTE 4.3 lays them out.
private struct HandMadeZIP {
    var bytes: [UInt8] = []
    private var directory: [UInt8] = []
    private var members = 0

    mutating func add(_ name: String, _ data: [UInt8]) {
        let offset = bytes.count
        let common: [UInt8] =
            [20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0] + Self.bytes(UInt32(Self.crc(data))) + Self.bytes(UInt32(data.count))
            + Self.bytes(UInt32(data.count)) + [UInt8(name.utf8.count), 0, 0, 0]
        bytes += [0x50, 0x4B, 3, 4] + common + Array(name.utf8) + data
        directory += [0x50, 0x4B, 1, 2, 20, 0] + common + [UInt8](repeating: 0, count: 10)
        directory += Self.bytes(UInt32(offset)) + Array(name.utf8)
        members += 1
    }

    /// With the directory and its end.
    var whole: [UInt8] {
        bytes + directory + [0x50, 0x4B, 5, 6, 0, 0, 0, 0, UInt8(members), 0, UInt8(members), 0]
            + Self.bytes(UInt32(directory.count)) + Self.bytes(UInt32(bytes.count)) + [0, 0]
    }

    private static func bytes(_ number: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }

    private static func crc(_ data: [UInt8]) -> UInt32 {
        ~data.reduce(0xFFFF_FFFF) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
        }
    }
}

@Suite("Arrays of NumPy, byte by byte")
struct NPYTests {
    /// An array of version 1.0 with a head of these characters.
    private static func array(_ head: String, _ data: [UInt8], version: [UInt8] = [1, 0]) -> [UInt8] {
        let count = head.utf8.count
        let length =
            version == [1, 0]
            ? [UInt8(count & 255), UInt8(count >> 8)] : [UInt8(count & 255), UInt8(count >> 8), 0, 0]
        return [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59] + version + length + Array(head.utf8) + data
    }

    /// An archive of these samples at 5 kHz.
    private static func archive(_ samples: [UInt8]) -> [UInt8] {
        var archive = HandMadeZIP()
        archive.add("iq.npy", samples)
        archive.add("prf_hz.npy", array("{'descr':'<u2','fortran_order':False,'shape':(),}", [0x88, 0x13]))
        return archive.whole
    }

    private static let plain = "{'descr': '<i2', 'fortran_order': False, 'shape': (2, 1, 2), }"
    private static let samples: [UInt8] = [1, 0, 0xFE, 0xFF, 2, 1, 3, 0]

    @Test(
        "heads that say the same are the same samples",
        arguments: [
            (plain, [UInt8]([1, 0])), (plain + "   \n", [1, 0]), (plain + "\n", [2, 0]), (plain, [3, 0]),
            ("{\"shape\":(2,2),\"descr\":\"<i2\",\"fortran_order\":False}", [1, 0]),
            ("{'descr': '<i2' , 'fortran_order':False, 'shape' : ( 2 ,1, 2)}", [1, 0]),
        ])
    func same(head: String, version: [UInt8]) throws {
        let bytes = Self.archive(Self.array(head, Self.samples, version: version))
        try ArrayKind.withFile(bytes) { path in
            let delivered = try Delivered(try ArrayKind.npz.source(path))
            #expect(delivered.bytes == Self.samples && delivered.headers.map(\.items) == [1])
        }
    }

    @Test("high byte first is turned")
    func bigEndian() throws {
        let head = Self.plain.replacingOccurrences(of: "<i2", with: ">i2")
        let bytes = Self.archive(Self.array(head, [0, 1, 0xFF, 0xFE, 1, 2, 0, 3]))
        try ArrayKind.withFile(bytes) { path in
            let delivered = try Delivered(try ArrayKind.npz.source(path))
            #expect(delivered.bytes == Self.samples)
        }
    }

    @Test(
        "heads that are anything else are refused in words",
        arguments: [
            ("", "should have `{` here (character 1 of it)"),
            ("{}", "lacks `descr`, `fortran_order` or `shape`"),
            ("{'descr': '<i2', 'shape': (2, 1, 2)}", "lacks `descr`, `fortran_order` or `shape`"),
            ("{'descr': '<i2', 'descr': '<i2'}", "has `descr` twice"),
            ("{'descr': '<i2', 'x': 1}", "has the unknown entry `x`"),
            ("{'descr': __import__('os')}", "should have a quoted word here (character 11 of it)"),
            ("{'descr': '<i2', 'fortran_order': 0", "should have True or False here"),
            ("{'descr': '<i2', 'fortran_order': False, 'shape': (8)}", "has a shape that is no tuple"),
            ("{'descr': '<i2', 'fortran_order': False, 'shape': (2 1 2)}", "should have `,` here"),
            ("{'descr': '<i2', 'fortran_order': False, 'shape': (-2, 1, 2)}", "should have a length here"),
            ("{'descr': '<i2', 'fortran_order': False, 'shape': (9999999999999999999,)}", "should have a length here"),
            ("{'descr': '<i2', 'fortran_order': False, 'shape': (,)}", "should have a length here"),
            (plain + "x", "has more than blanks behind it"),
            ("{'descr': '<i2", "has a word without its closing quote"),
            ("{'descr': '|i2', 'fortran_order': False, 'shape': (2, 1, 2)}", "does not tell its byte order"),
            ("{'descr': '=i2', 'fortran_order': False, 'shape': (2, 1, 2)}", "is of type `=i2`, which is not read"),
            ("{'descr': '<f2', 'fortran_order': False, 'shape': (2, 1, 2)}", "is of type `<f2`, which is not read"),
            ("{'descr': '|O', 'fortran_order': False, 'shape': (2, 1, 2)}", "holds pickled Python objects"),
            ("{'descr': '<i2', 'fortran_order': True, 'shape': (2, 1, 2)}", "is in Fortran order"),
            (
                "{'descr': '<i2', 'fortran_order': False, 'shape': (999999999999, 999999999999)}",
                "has an impossible shape"
            ),
            ("{'descr': '<i2', 'fortran_order': False, 'shape': (999999999999, 1, 2)}", "has 8 bytes, which are not"),
            ("{'descr': '<i2', 'fortran_order': False, 'shape': (1, 1, 2)}", "has 8 bytes, which are not those of"),
        ])
    func refused(head: String, words: String) throws {
        let said = try ArrayKind.npz.refusal(Self.archive(Self.array(head, Self.samples)))
        #expect(said.hasPrefix("a.file: iq: ") && said.contains(words), "\(said)")
    }

    @Test("what does not begin as an array is refused in words")
    func beginning() throws {
        func said(_ array: [UInt8]) throws -> String { try ArrayKind.npz.refusal(Self.archive(array)) }
        #expect(try said([]) == "a.file: iq: ends before all of it was read")
        #expect(try said([UInt8](repeating: 7, count: 40)) == "a.file: iq: does not begin as an array of NumPy does")
        let fourth = Self.array(Self.plain, Self.samples, version: [4, 0])
        #expect(try said(fourth) == "a.file: iq: is of version 4.0 of NumPy's format: 1.0, 2.0 and 3.0 are read")
        #expect(try said(Array(Self.array(Self.plain, []).prefix(40))) == "a.file: iq: ends within its head")
        let long: [UInt8] =
            [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 2, 0, 0xFF, 0xFF, 0xFF, 0x7F] + [UInt8](repeating: 32, count: 90)
        #expect(try said(long) == "a.file: iq: has a head of 2147483659 bytes: this is no such array")
    }
}
