public import ProbeLink

/// A probe that is asked only for what its profile allows.
public struct ProfiledSource: FrameSource {
    private let source: any FrameSource
    private let profile: DeviceProfile

    /// Keeps a source within a profile's limits.
    public init(_ source: any FrameSource, within profile: DeviceProfile) {
        self.source = source
        self.profile = profile
    }

    /// What the frames come from.
    public var origin: SourceOrigin { source.origin }

    /// Asks the source for the nearest settings that the profile allows, and returns those in force.
    public func prepare(_ wanted: AcquisitionSettings) throws(SourceError) -> AcquisitionSettings {
        try source.prepare(profile.nearestPossible(to: wanted))
    }

    /// Delivers the source's frames.
    public func run<Sink: FrameSink & ~Copyable>(
        into sink: inout Sink, until stop: StopSignal
    ) throws(SourceRunError) -> LinkCounters { try source.run(into: &sink, until: stop) }
}
