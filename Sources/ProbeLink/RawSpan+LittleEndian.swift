/// Little-endian numbers at any offset; an offset outside the bytes is a broken invariant of the caller.
extension RawSpan {
    func uint8(at offset: Int) -> UInt8 { unsafeLoad(fromByteOffset: offset, as: UInt8.self) }

    func uint16(at offset: Int) -> UInt16 {
        UInt16(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }

    func uint32(at offset: Int) -> UInt32 {
        UInt32(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    func uint64(at offset: Int) -> UInt64 {
        UInt64(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    func int16(at offset: Int) -> Int16 { Int16(bitPattern: uint16(at: offset)) }
}

/// Writes little-endian numbers.
extension [UInt8] {
    mutating func appendLittleEndian(_ value: some FixedWidthInteger) {
        for byte in 0..<(value.bitWidth / 8) {
            append(UInt8(truncatingIfNeeded: value >> (8 * byte)))
        }
    }
}
