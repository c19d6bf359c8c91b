/// Writes the fields of a message; the wire is big-endian but for pixels.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ more: some Sequence<UInt8>) { bytes.append(contentsOf: more) }

    mutating func append(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func append(_ value: Float) { append(value.bitPattern) }

    mutating func append(_ value: Double) { append(value.bitPattern) }

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
