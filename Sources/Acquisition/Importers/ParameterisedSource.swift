public import ProbeLink

/// A file of samples that cannot say everything that they mean: what it does not say is told, or not known.
public protocol ParameterisedSource: FrameSource {
    /// What the samples mean, from the options, the side file and the file itself.
    var parameters: FileParameters { get }
    /// The description that this program gave the recording; `nil` = another program's file, or one that cannot hold it.
    var recording: RecordingDescription? { get }
}

extension ParameterisedSource {
    /// Files that cannot hold a description have none.
    public var recording: RecordingDescription? { nil }

    /// The names of what scoring and velocities need and is not known; empty = the source may be scored.
    public var missingForScoring: [String] { parameters.missingForScoring }
}
