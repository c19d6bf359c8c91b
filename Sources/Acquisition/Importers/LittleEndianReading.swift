/// Little-endian numbers of bytes from outside: `nil` where they do not stand.
extension [UInt8] {
    /// 16 bits without sign.
    func uint16(at offset: Int) -> UInt16? {
        guard offset >= 0, offset <= count - 2 else { return nil }
        return UInt16(self[offset]) | UInt16(self[offset + 1]) << 8
    }

    /// 16 bits with sign.
    func int16(at offset: Int) -> Int16? { uint16(at: offset).map { Int16(bitPattern: $0) } }

    /// 32 bits without sign.
    func uint32(at offset: Int) -> UInt32? {
        guard let low = uint16(at: offset), let high = uint16(at: offset + 2) else { return nil }
        return UInt32(low) | UInt32(high) << 16
    }

    /// Whether these characters stand at an offset.
    func has(_ characters: StaticString, at offset: Int) -> Bool {
        guard offset >= 0, offset <= count - characters.utf8CodeUnitCount else { return false }
        return characters.withUTF8Buffer { wanted in self[offset..<(offset + wanted.count)].elementsEqual(wanted) }
    }

    /// Appends 16 bits.
    mutating func append(littleEndian value: Int16) {
        let bits = UInt16(bitPattern: value)
        append(UInt8(truncatingIfNeeded: bits))
        append(UInt8(truncatingIfNeeded: bits >> 8))
    }
}
