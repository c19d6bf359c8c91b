/// Writes the fields of a message; the wire is big-endian but for pixels.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ more: [UInt8]) { bytes.append(contentsOf: more) }

    mutating func append(_ more: ArraySlice<UInt8>) { bytes.append(contentsOf: more) }

    mutating func append(zeros count: Int) { bytes.append(contentsOf: repeatElement(0, count: count)) }

    mutating func append(_ value: UInt8) { bytes.append(value) }

    mutating func append(_ value: UInt16) { appendParts(of: value) }

    mutating func append(_ value: UInt32) { appendParts(of: value) }

    mutating func append(_ value: UInt64) { appendParts(of: value) }

    mutating func append(_ value: Int64) { appendParts(of: value) }

    mutating func append(_ value: Float) { appendParts(of: value.bitPattern) }

    mutating func append(_ value: Double) { appendParts(of: value.bitPattern) }

    // Many values at once, for these are most of what is sent.

    mutating func append(_ values: [Int16]) {
        values.map(\.bigEndian).withUnsafeBytes { bytes.append(contentsOf: $0) }
    }

    mutating func append(_ values: [Int32]) {
        values.map(\.bigEndian).withUnsafeBytes { bytes.append(contentsOf: $0) }
    }

    mutating func append(_ values: [Float]) {
        values.map(\.bitPattern.bigEndian).withUnsafeBytes { bytes.append(contentsOf: $0) }
    }

    /// Pixels: the only values that are little-endian here.
    mutating func append(pixels: [Float]) {
        pixels.map(\.bitPattern.littleEndian).withUnsafeBytes { bytes.append(contentsOf: $0) }
    }

    private mutating func appendParts(of value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }

    /// ASCII in a field that zeros fill.
    ///
    /// - Throws: `.badName` where it is not printable or too long for the field.
    mutating func append(_ text: String, field: String, bytes size: Int) throws(IGTLError) {
        let ascii = Array(text.utf8)
        guard ascii.count <= size, ascii.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw .badName(field: field, limitCharacters: size)
        }
        bytes += ascii
        bytes += repeatElement(0, count: size - ascii.count)
    }
}
