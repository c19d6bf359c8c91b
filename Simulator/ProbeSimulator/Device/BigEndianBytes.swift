extension [UInt8] {
    /// Appends an integer, most significant byte first.
    mutating func appendBigEndian<Value: FixedWidthInteger>(_ value: Value) {
        for place in (0..<(Value.bitWidth / 8)).reversed() {
            append(UInt8(truncatingIfNeeded: value >> Value(8 * place)))
        }
    }
}

extension ArraySlice<UInt8> {
    /// The integer whose most significant byte stands `offset` bytes after the beginning of the slice.
    ///
    /// Bytes beyond the end read as 0.
    func bigEndian<Value: FixedWidthInteger>(at offset: Int, as type: Value.Type = Value.self) -> Value {
        var value: Value = 0
        for place in 0..<(Value.bitWidth / 8) {
            let index = startIndex + offset + place
            value = (value << 8) | Value(truncatingIfNeeded: indices.contains(index) ? self[index] : 0)
        }
        return value
    }
}
