internal import CVector

/// CRC-32C (Castagnoli) over bytes that arrive in pieces.
///
/// Reflected, initial and final value 0xFFFFFFFF; the ASCII digits `123456789` give 0xE3069283 (RFC 3720,
/// appendix B.4 gives the same polynomial). The processor's own instruction is used where it has one.
public struct CRC32C: Sendable, Hashable, BitwiseCopyable {
    /// Which implementation carries the register; both give the same values.
    public enum Path: Sendable, CaseIterable {
        /// Eight tables of 256 entries, on any processor.
        case tables
        /// The processor's instruction; only where `CRC32C.hasInstruction` says so.
        case instruction
    }

    /// Whether this processor has an instruction for CRC-32C, found once.
    public static let hasInstruction = checksum_has_crc32c() != 0

    /// The register, not inverted.
    var register: UInt32

    /// A checksum of no bytes yet.
    public init() { register = .max }

    /// A checksum that goes on from a register as it stands.
    init(register: UInt32) { self.register = register }

    /// The checksum of all bytes so far.
    public var value: UInt32 { ~register }

    /// Takes the next bytes, on the faster path that this processor has.
    public mutating func update(_ bytes: RawSpan) {
        update(bytes, path: Self.hasInstruction ? .instruction : .tables)
    }

    /// Takes the next bytes on a given path.
    ///
    /// Asking for the instruction where there is none takes the tables.
    public mutating func update(_ bytes: RawSpan, path: Path) {
        let before = register
        switch path {
        case .instruction where Self.hasInstruction:
            register = bytes.withUnsafeBytes { checksum_crc32c_hardware(before, $0.baseAddress, $0.count) }
        case .instruction, .tables:
            register = CRC32CTables.shared.carry(before, over: bytes)
        }
    }

    /// The checksum of some bytes at once.
    public static func checksum(of bytes: RawSpan) -> UInt32 {
        var checksum = CRC32C()
        checksum.update(bytes)
        return checksum.value
    }
}

/// The tables of the software path: "slicing by eight" (Kounavis and Berry 2005).
private struct CRC32CTables {
    /// The tables, made once.
    static let shared = CRC32CTables()

    /// Eight tables of 256 entries, one after the other; table k carries a byte over k zero bytes more.
    private let entries: [UInt32]

    private init() {
        var entries = [UInt32](repeating: 0, count: 8 * 256)
        for byte in 0..<256 {
            var register = UInt32(byte)
            for _ in 0..<8 {
                register = (register >> 1) ^ (register & 1 == 0 ? 0 : CRC32CPolynomial.reflected)
            }
            entries[byte] = register
        }
        for index in 256..<entries.count {
            let earlier = entries[index - 256]
            entries[index] = (earlier >> 8) ^ entries[Int(earlier & 0xFF)]
        }
        self.entries = entries
    }

    /// Carries the register over some bytes.
    func carry(_ before: UInt32, over bytes: RawSpan) -> UInt32 {
        var register = before
        var offset = 0
        let table = entries.span
        while bytes.byteCount - offset >= 8 {
            let low = bytes.uint32(at: offset) ^ register
            let high = bytes.uint32(at: offset + 4)
            var next: UInt32 = 0
            for byte in 0..<4 {
                let shift = UInt32(8 * byte)
                next ^= table[(7 - byte) * 256 + Int((low >> shift) & 0xFF)]
                next ^= table[(3 - byte) * 256 + Int((high >> shift) & 0xFF)]
            }
            register = next
            offset += 8
        }
        while offset < bytes.byteCount {
            register = (register >> 8) ^ table[Int((register ^ UInt32(bytes.uint8(at: offset))) & 0xFF)]
            offset += 1
        }
        return register
    }
}
