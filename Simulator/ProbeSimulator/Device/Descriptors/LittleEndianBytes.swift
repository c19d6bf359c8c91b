extension [UInt8] {
    /// Appends an integer, least significant byte first.
    mutating func appendLittleEndian<Value: FixedWidthInteger>(_ value: Value) {
        var rest = value
        for _ in 0..<(Value.bitWidth / 8) {
            append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }

    /// The integer whose least significant byte stands at `offset`; bytes beyond the end read as 0.
    func littleEndian<Value: FixedWidthInteger>(at offset: Int, as type: Value.Type = Value.self) -> Value {
        var value: Value = 0
        for position in (0..<(Value.bitWidth / 8)).reversed() {
            let place = offset + position
            value = (value << 8) | Value(truncatingIfNeeded: indices.contains(place) ? self[place] : 0)
        }
        return value
    }
}
