/// Who gives way when a stream is slower than its source.
public enum StreamPace: Sendable, Hashable {
    /// The source goes by a clock of its own: what the stream is too slow for is missed here, and counted.
    case byTheProbe
    /// The source can wait, as files do: it goes so many times as fast as real time, above 0, and nothing is missed.
    case timesRealTime(Double)

    /// The factor; `nil` where the probe sets the pace.
    public var factor: Double? {
        switch self {
        case .byTheProbe: nil
        case .timesRealTime(let factor): factor
        }
    }
}
