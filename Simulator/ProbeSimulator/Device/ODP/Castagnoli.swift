/// CRC-32C, the checksum of ODP packets, by eight tables of one byte each.
///
/// Polynomial 0x1EDC6F41, reflected, initial and final value 0xFFFFFFFF (RFC 3720, appendix B.4). Eight bytes are
/// taken at once: the register after them is the exclusive or of what each does by itself (Kounavis and Berry 2008,
/// "slicing by 8"). This is the device's own, so that it and the host's are independent witnesses.
struct Castagnoli {
    /// The polynomial with its bits reversed.
    private static let reflectedPolynomial: UInt32 = 0x82F6_3B78
    /// Bytes that are taken at once.
    private static let stride = 8

    /// Table k at 256 k: what a byte does to the register when k zero bytes follow it.
    private static let tables: [UInt32] = {
        var tables: [UInt32] = (0..<256).map { index in
            (0..<8).reduce(UInt32(index)) { value, _ in
                value & 1 == 1 ? (value >> 1) ^ reflectedPolynomial : value >> 1
            }
        }
        for place in 256..<(256 * stride) {
            let before = tables[place - 256]
            tables.append((before >> 8) ^ tables[Int(before & 0xFF)])
        }
        return tables
    }()

    private var register = UInt32.max

    /// Takes bytes in the order of the wire.
    mutating func update(_ bytes: [UInt8]) {
        register = Self.tables.withUnsafeBufferPointer { tables in
            bytes.withUnsafeBytes { Self.register(register, after: $0, tables) }
        }
    }

    /// The checksum of what was taken so far.
    var checksum: UInt32 { ~register }

    private static func register(
        _ start: UInt32, after bytes: UnsafeRawBufferPointer, _ tables: UnsafeBufferPointer<UInt32>
    ) -> UInt32 {
        var value = start
        var offset = 0
        while bytes.count - offset >= stride {
            let word =
                UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) ^ UInt64(value)
            value = 0
            for place in 0..<stride {
                let byte = Int(truncatingIfNeeded: word >> (8 * UInt64(place))) & 0xFF
                value ^= tables[256 * (stride - 1 - place) + byte]
            }
            offset += stride
        }
        while offset < bytes.count {
            value = (value >> 8) ^ tables[Int(UInt8(truncatingIfNeeded: value) ^ bytes[offset])]
            offset += 1
        }
        return value
    }
}
