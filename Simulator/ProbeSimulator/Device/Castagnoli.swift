/// CRC-32C, the checksum of ODP packets, by a table of one byte.
///
/// Polynomial 0x1EDC6F41, reflected, initial and final value 0xFFFFFFFF (RFC 3720, appendix B.4). This is the
/// device's own, so that it and the host's are independent witnesses.
struct Castagnoli {
    /// The polynomial with its bits reversed.
    private static let reflectedPolynomial: UInt32 = 0x82F6_3B78

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in
            value & 1 == 1 ? (value >> 1) ^ reflectedPolynomial : value >> 1
        }
    }

    private var register = UInt32.max

    /// Takes bytes in the order of the wire.
    mutating func update(_ bytes: ArraySlice<UInt8>) {
        var value = register
        let table = Self.table
        for byte in bytes { value = (value >> 8) ^ table[Int(UInt8(truncatingIfNeeded: value) ^ byte)] }
        register = value
    }

    /// The checksum of what was taken so far.
    var checksum: UInt32 { ~register }
}
