/// What is wrong with a firmware file, each case with the line it stands on, counted from 1.
public enum FX2FirmwareError: Error, Sendable, Equatable {
    /// The file is longer than any firmware can be.
    case tooLong(bytes: Int, most: Int)
    /// A line does not begin with a colon.
    case noRecord(line: Int)
    /// A line holds something else than pairs of hexadecimal digits behind its colon.
    case notHexadecimal(line: Int)
    /// A line has fewer or more bytes than it says.
    case wrongLength(line: Int, bytes: Int, expected: Int)
    /// A line's bytes do not add up to its checksum.
    case wrongChecksum(line: Int, found: UInt8, expected: UInt8)
    /// A record of a type that Intel HEX does not know, or one that does not have the data of its type.
    case unknownRecord(line: Int, type: UInt8)
    /// Data that lie outside the chip's memory.
    case outsideMemory(line: Int, address: UInt32)
    /// Data for an address that an earlier line has given data to.
    case overlap(line: Int, address: UInt32, earlierLine: Int)
    /// Something follows the end record.
    case afterEnd(line: Int)
    /// The file ends without an end record: it was cut off.
    case noEnd(lines: Int)
    /// There is not one byte to be loaded.
    case empty
}

extension FX2FirmwareError: CustomStringConvertible {
    /// What is wrong, where, and what to do next.
    public var description: String {
        switch self {
        case .tooLong(let bytes, let most):
            "the firmware has \(bytes) bytes and at most \(most) are read: give the file for this chip"
        case .noRecord(let line): "line \(line) does not begin with a colon: give a file in Intel HEX"
        case .notHexadecimal(let line): "line \(line) holds more than hexadecimal digits: get the file again"
        case .wrongLength(let line, let bytes, let expected):
            "line \(line) has \(bytes) bytes and says that it has \(expected): get the file again"
        case .wrongChecksum(let line, let found, let expected):
            "line \(line) has checksum \(Self.hex(found)) and its bytes add up to \(Self.hex(expected)): get the file "
                + "again"
        case .unknownRecord(let line, let type):
            "line \(line) is a record of type \(Self.hex(type)) that Intel HEX does not know in this form: get the "
                + "file again"
        case .outsideMemory(let line, let address):
            "line \(line) puts data at \(Self.hex(address)), outside the chip's memory: give firmware for the FX2LP"
        case .overlap(let line, let address, let earlier):
            "line \(line) puts data at \(Self.hex(address)), where line \(earlier) has put some: build the firmware anew"
        case .afterEnd(let line): "line \(line) follows the end record: give one firmware, not several in one file"
        case .noEnd(let lines): "the file has no end record after its \(lines) lines: it was cut off, get it again"
        case .empty: "the firmware holds no data: give the right file"
        }
    }

    private static func hex(_ number: some BinaryInteger) -> String { "0x" + String(number, radix: 16) }
}
