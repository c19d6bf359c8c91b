import OpenIGTLink

/// Bytes from hexadecimal digits; blanks and line ends are passed over.
func hex(_ text: String) -> [UInt8] {
    let digits = text.filter { !$0.isWhitespace }.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}

/// A message of header version 1 by hand.
///
/// - Parameter checksum: of the body, computed by crcmod 1.7 (`mkCrcFun(0x142F0E1EBA9EA3693, rev=False, initCrc=0)`) where a
///   test says nothing else.
func handMade(_ type: String, _ deviceName: String, time: UInt64 = 0, checksum: UInt64, _ body: [UInt8]) -> [UInt8] {
    let padded = { (text: String, size: Int) in
        Array(text.utf8) + [UInt8](repeating: 0, count: size - text.utf8.count)
    }
    let number = { (value: UInt64) in (0..<8).map { UInt8(truncatingIfNeeded: value >> UInt64(56 - 8 * $0)) } }
    return [0, 1] + padded(type, 12) + padded(deviceName, 20) + number(time) + number(UInt64(body.count))
        + number(checksum) + body
}

/// What a call throws; `nil` where it throws nothing.
func failure(_ body: () throws(IGTLError) -> Void) -> IGTLError? {
    do throws(IGTLError) { try body() } catch { return error }
    return nil
}

/// The messages of some bytes.
func messages(_ bytes: [UInt8], mostBodyBytes: Int = 1 << 20) throws(IGTLError) -> [IGTLMessage] {
    var reader = IGTLMessageReader(mostBodyBytes: mostBodyBytes)
    reader.append(bytes)
    var found: [IGTLMessage] = []
    while let next = try reader.next() { found.append(next.message) }
    return found
}
