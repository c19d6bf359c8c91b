public import Acquisition

/// Why a recording could not be written as a file for other programs.
public enum SampleFileError: Error, Sendable, Equatable {
    /// The recording could not be read.
    case recording(RecordingError)
    /// A block of the recording makes no sense.
    case damaged(file: String, problem: String)
    /// The recording holds no sample of I and Q, or none that fits its settings.
    case noSamples(file: String, reason: String)
    /// With its gaps the recording is longer than one file may be.
    case tooLong(file: String, pulses: UInt64)
    /// The format cannot hold this recording.
    case doesNotFit(file: String, format: SampleFileFormat, reason: String)
    /// A file could not be made or written.
    case notWritable(file: String, reason: String)
}

extension SampleFileError: CustomStringConvertible {
    /// What happened, where, and what to do next.
    public var description: String {
        switch self {
        case .recording(let error): error.description
        case .damaged(let file, let problem): "\(file): \(problem)"
        case .noSamples(let file, let reason):
            "\(file): holds no samples that can be written (\(reason)): record again"
        case .tooLong(let file, let pulses):
            "\(file): is \(pulses) pulses long with its gaps, more than one file may hold: record shorter pieces"
        case .doesNotFit(let file, let format, let reason):
            "\(file): \(reason): `\(format.rawValue)` cannot hold that; choose another format with --to"
        case .notWritable(let file, let reason):
            "\(file): cannot be written (\(reason)): choose another folder with --output, or free the place"
        }
    }
}
