public import ProbeLink

/// A file of samples that cannot say everything that they mean: what it does not say is told, or not known.
public protocol ParameterisedSource: FrameSource {
    /// What the samples mean, from the options, the side file and the file itself.
    var parameters: FileParameters { get }
}

extension ParameterisedSource {
    /// The names of what scoring and velocities need and is not known; empty = the source may be scored.
    public var missingForScoring: [String] { parameters.missingForScoring }
}
