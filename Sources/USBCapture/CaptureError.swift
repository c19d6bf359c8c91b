/// Why a capture could not be written, read or replayed.
public enum CaptureError: Error, Sendable, Equatable {
    /// The file could not be made.
    case notWritable(file: String, reason: String)
    /// Writing failed half-way; so many bytes are kept.
    case writeFailed(file: String, reason: String, keptBytes: UInt64)
    /// The file could not be read.
    case notReadable(file: String, reason: String)
    /// The bytes are no capture of USB traffic that this program reads.
    case notACapture(file: String, reason: String)
    /// What stands at an offset contradicts itself.
    case damaged(file: String, offset: Int, reason: String)
}

extension CaptureError: CustomStringConvertible {
    /// What happened, where, and what to do next.
    public var description: String {
        switch self {
        case .notWritable(let file, let reason):
            "\(file): cannot write the capture here (\(reason)): choose another name with --capture, or free the place"
        case .writeFailed(let file, let reason, let kept):
            "\(file): writing the capture failed (\(reason)): \(kept) bytes are kept; free space and capture again"
        case .notReadable(let file, let reason):
            "\(file): cannot read (\(reason)): check the name and the permissions"
        case .notACapture(let file, let reason):
            "\(file): not a capture of USB traffic (\(reason)): give a pcapng file with link type 220, such as one of "
                + "`acquire --capture` or of usbmon"
        case .damaged(let file, let offset, let reason):
            "\(file): damaged at byte \(offset) (\(reason)): capture again, or repair the file with Wireshark"
        }
    }
}
