/// CRC-64 of ECMA-182 as OpenIGTLink has it: most significant bit first, from 0, not inverted.
///
/// Source: ECMA-182, annex B, and the protocol's page of the header.
enum CRC64 {
    private static let polynomial: UInt64 = 0x42F0_E1EB_A9EA_3693

    /// What each byte does to the remainder.
    private static let table: [UInt64] = (0..<256).map { byte in
        (0..<8).reduce(UInt64(byte) << 56) { remainder, _ in
            remainder & 1 << 63 == 0 ? remainder << 1 : remainder << 1 ^ polynomial
        }
    }

    /// The checksum of some bytes; 0 of none.
    static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        table.withUnsafeBufferPointer { table in
            bytes.withUnsafeBufferPointer { bytes in
                var remainder: UInt64 = 0
                for byte in bytes {
                    remainder = remainder << 8 ^ table[Int(UInt8(truncatingIfNeeded: remainder >> 56) ^ byte)]
                }
                return remainder
            }
        }
    }
}
