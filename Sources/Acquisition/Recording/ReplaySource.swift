internal import Glibc
public import ProbeLink

/// Plays a recording as if its probe were there.
///
/// Nothing is dropped: it waits while the readers are busy.
public struct ReplaySource: FrameSource {
    /// What is played.
    public let recording: Recording

    /// Plays a recording that was read.
    public init(_ recording: Recording) { self.recording = recording }

    /// The recording's own origin, simulation mark included.
    public var origin: SourceOrigin { recording.description.origin }

    /// A recording has its settings; those that are wanted are not applied.
    public func prepare(_ wanted: AcquisitionSettings) throws(SourceError) -> AcquisitionSettings {
        recording.description.settings
    }

    /// Delivers the recording's frames and marks.
    public func run<Sink: FrameSink & ~Copyable>(
        into sink: inout Sink, until stop: StopSignal
    ) throws(SourceRunError) -> LinkCounters {
        let counters = recording.closing?.link ?? LinkCounters()
        for block in 0..<recording.blockCount {
            while !sink.hasRoom(forBytes: recording.byteCount(ofBlock: block)) {
                if stop.isRequested { return counters }
                usleep(200)
            }
            if stop.isRequested { return counters }
            guard recording.deliver(block: block, to: &sink) else {
                let problem = "block \(block + 1) holds a record that makes no sense: the file was changed"
                throw SourceRunError(.data(file: recording.fileName, problem: problem), counters: counters)
            }
        }
        return counters
    }
}
