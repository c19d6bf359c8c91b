/// Reads Intel HEX line by line into what is to be loaded.
struct IntelHexReader {
    /// The longest file that is read, bytes (project choice: the whole memory one byte a line, four times over).
    static let mostBytes = 1 << 20

    /// The record types of Intel HEX (Hexadecimal Object File Format Specification, revision A).
    private enum RecordType {
        static let data: UInt8 = 0
        static let end: UInt8 = 1
        static let segmentAddress: UInt8 = 2
        static let segmentStart: UInt8 = 3
        static let linearAddress: UInt8 = 4
        static let linearStart: UInt8 = 5
    }

    /// Bytes of a record beside its data: length, address, type and checksum.
    private static let framingByteCount = 5

    /// A line's record, its checksum found right.
    private struct Record {
        var address: UInt32
        var type: UInt8
        var data: [UInt8]
    }

    /// Every byte that was given, and on which line.
    private var given: [UInt32: (byte: UInt8, line: Int)] = [:]
    /// What is added to the addresses of data records.
    private var base: UInt32 = 0
    /// Whether `base` came from a segment record, within which addresses wrap at 64 KiB.
    private var wrapsInSegment = true
    private var endLine: Int?

    /// Reads a whole file.
    mutating func read(_ file: [UInt8]) throws(FX2FirmwareError) -> [FX2Firmware.Segment] {
        guard file.count <= Self.mostBytes else { throw .tooLong(bytes: file.count, most: Self.mostBytes) }
        var lineNumber = 0
        var start = 0
        while start < file.count {
            var end = start
            while end < file.count, file[end] != UInt8(ascii: "\n"), file[end] != UInt8(ascii: "\r") { end += 1 }
            lineNumber += 1
            try read(line: file[start..<end], number: lineNumber)
            // A carriage return and a line feed are one line ending.
            if end + 1 < file.count, file[end] == UInt8(ascii: "\r"), file[end + 1] == UInt8(ascii: "\n") { end += 1 }
            start = end + 1
        }
        guard endLine != nil else { throw .noEnd(lines: lineNumber) }
        guard !given.isEmpty else { throw .empty }
        return segments
    }

    private mutating func read(line: ArraySlice<UInt8>, number: Int) throws(FX2FirmwareError) {
        let isBlank = line.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        guard !isBlank else { return }
        guard endLine == nil else { throw .afterEnd(line: number) }
        let record = try Self.record(line, number: number)
        switch (record.type, record.data.count) {
        case (RecordType.data, _): try place(record, line: number)
        case (RecordType.end, 0): endLine = number
        case (RecordType.segmentAddress, 2):
            base = Self.bigEndian(record.data) << 4
            wrapsInSegment = true
        case (RecordType.linearAddress, 2):
            base = Self.bigEndian(record.data) << 16
            wrapsInSegment = false
        case (RecordType.segmentStart, 4), (RecordType.linearStart, 4): break
        default: throw .unknownRecord(line: number, type: record.type)
        }
    }

    /// Reads the record of a line.
    private static func record(_ line: ArraySlice<UInt8>, number: Int) throws(FX2FirmwareError) -> Record {
        guard line.first == UInt8(ascii: ":") else { throw .noRecord(line: number) }
        var digits = line.dropFirst()
        while digits.last == UInt8(ascii: " ") || digits.last == UInt8(ascii: "\t") { digits.removeLast() }
        guard digits.count.isMultiple(of: 2) else { throw .notHexadecimal(line: number) }
        var bytes: [UInt8] = []
        var place = digits.startIndex
        while place < digits.endIndex {
            guard let high = nibble(digits[place]), let low = nibble(digits[place + 1]) else {
                throw .notHexadecimal(line: number)
            }
            bytes.append(high << 4 | low)
            place += 2
        }
        let expected = Int(bytes.first ?? 0) + framingByteCount
        guard bytes.count == expected else {
            throw .wrongLength(line: number, bytes: bytes.count, expected: expected)
        }
        let checksum = 0 &- bytes.dropLast().reduce(0, &+)
        let found = bytes[expected - 1]
        guard found == checksum else { throw .wrongChecksum(line: number, found: found, expected: checksum) }
        return Record(
            address: bigEndian(Array(bytes[1...2])), type: bytes[3], data: Array(bytes[4..<(expected - 1)]))
    }

    /// Puts the data of a record at their addresses.
    private mutating func place(_ record: Record, line: Int) throws(FX2FirmwareError) {
        for (index, byte) in record.data.enumerated() {
            var offset = record.address + UInt32(index)
            if wrapsInSegment { offset &= 0xFFFF }
            let address = base &+ offset
            guard FX2Firmware.writableMemory.contains(where: { $0.contains(address) }) else {
                throw .outsideMemory(line: line, address: address)
            }
            if let earlier = given[address] {
                throw .overlap(line: line, address: address, earlierLine: earlier.line)
            }
            given[address] = (byte, line)
        }
    }

    /// What was given, joined where bytes follow each other.
    private var segments: [FX2Firmware.Segment] {
        var segments: [FX2Firmware.Segment] = []
        var next: UInt32?
        for (address, entry) in given.sorted(by: { $0.key < $1.key }) {
            if address == next, !segments.isEmpty {
                segments[segments.count - 1].bytes.append(entry.byte)
            } else {
                segments.append(
                    FX2Firmware.Segment(address: UInt16(truncatingIfNeeded: address), bytes: [entry.byte]))
            }
            next = address + 1
        }
        return segments
    }

    private static func bigEndian(_ bytes: [UInt8]) -> UInt32 { bytes.reduce(0) { $0 << 8 | UInt32($1) } }

    /// The value of a hexadecimal digit.
    private static func nibble(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
