/// Why a recording could not be written or read.
public enum RecordingError: Error, Sendable, Equatable {
    /// The file could not be made.
    case notWritable(file: String, reason: String)
    /// Writing failed half-way; so many bytes in whole blocks are kept.
    case writeFailed(file: String, reason: String, keptBytes: Int)
    /// The file could not be read.
    case notReadable(file: String, reason: String)
    /// The file is not a recording, or its beginning is damaged.
    case notARecording(file: String, reason: String)
}

extension RecordingError: CustomStringConvertible {
    /// What happened, where, and what to do next.
    public var description: String {
        switch self {
        case .notWritable(let file, let reason):
            "\(file): cannot write here (\(reason)): choose another folder with --output, or free the place"
        case .writeFailed(let file, let reason, let kept):
            "\(file): writing failed (\(reason)): \(kept) bytes in whole blocks are kept; free space and record again"
        case .notReadable(let file, let reason):
            "\(file): cannot read (\(reason)): check the name and the permissions"
        case .notARecording(let file, let reason):
            "\(file): not a recording of this program (\(reason)): give a .dbrec file or an exam's folder"
        }
    }
}
