/// What the recordings' own reader says of a recording's file.
public enum RecordingCondition: Sendable, Hashable {
    /// Every block's checksum is right, and the closing block is there.
    case whole
    /// It breaks off; carries the bytes at its end that are in no whole block.
    case cutOff(unreadableBytes: Int)
    /// Not even its first block can be read.
    case unreadable

    /// As the database keeps it.
    var text: String {
        switch self {
        case .whole: "whole"
        case .cutOff(let bytes): "cut off, \(bytes) unreadable bytes"
        case .unreadable: "unreadable"
        }
    }
}

/// Reads a recording and says in what condition it is: the seam to the module that knows the files.
public typealias RecordingReader = @Sendable (_ path: String) -> RecordingCondition
