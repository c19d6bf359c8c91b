/// Arithmetic modulo the Castagnoli polynomial, in the reflected order of CRC-32C registers.
///
/// A register that is carried over n zero bytes is the register times x^(8n). With that, the register of a
/// stretch of bytes follows from two registers of a longer one, without reading the stretch again.
enum CRC32CPolynomial {
    /// The polynomial 0x1EDC6F41 with its bits reversed (Castagnoli, Bräuer and Herrmann 1993).
    static let reflected: UInt32 = 0x82F6_3B78

    /// The number 1 in this order: bit 31 is x^0.
    private static let one: UInt32 = 1 << 31

    /// How many bytes each coarse step of the powers below stands for (project choice: balances both tables).
    private static let coarseStep = 256

    /// x^(8n) for n below `coarseStep`.
    private static let finePowers: [UInt32] = powers(of: 0x0080_0000, count: coarseStep)

    /// x^(8 × 256 × n) for as many bytes as the longest ODP packet has.
    private static let coarsePowers: [UInt32] = powers(
        of: product(finePowers[coarseStep - 1], 0x0080_0000),
        count: ODPPacketHeader.longestPacket / coarseStep + 1)

    /// The product of two polynomials.
    static func product(_ first: UInt32, _ second: UInt32) -> UInt32 {
        var sum: UInt32 = 0
        var shifted = second
        var bits = first
        while bits != 0 {
            if bits & one != 0 { sum ^= shifted }
            bits <<= 1
            shifted = (shifted >> 1) ^ (shifted & 1 == 0 ? 0 : reflected)
        }
        return sum
    }

    /// Carries a register over zero bytes, at most as many as the longest ODP packet has.
    static func carry(_ register: UInt32, overZeros count: Int) -> UInt32 {
        product(product(register, finePowers[count % coarseStep]), coarsePowers[count / coarseStep])
    }

    private static func powers(of base: UInt32, count: Int) -> [UInt32] {
        var powers = [one]
        for index in 1..<count { powers.append(product(powers[index - 1], base)) }
        return powers
    }
}
