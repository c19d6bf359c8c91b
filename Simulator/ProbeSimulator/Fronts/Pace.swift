/// How fast the simulated probe's time goes.
public enum Pace: Sendable {
    /// As fast as the host has room: the probe's time moves only while somebody streams, and nothing is lost.
    case accelerated
    /// With a clock: the probe's time moves always, and a host that is too slow makes the FIFO overrun.
    case realTime(any Clock<Duration>)

    /// Reads the time since now by the pace's clock; `nil` when accelerated.
    var elapsed: (@Sendable () -> Duration)? {
        switch self {
        case .accelerated: nil
        case .realTime(let clock): Self.elapsed(by: clock)
        }
    }

    private static func elapsed<Ticking: Clock<Duration>>(by clock: Ticking) -> @Sendable () -> Duration {
        let start = clock.now
        return { start.duration(to: clock.now) }
    }
}

extension Duration {
    /// Whole nanoseconds, from 0 on.
    var wholeNanoseconds: UInt64 {
        let nanosecondsPerSecond: Int128 = 1_000_000_000
        let attosecondsPerNanosecond: Int64 = 1_000_000_000
        let parts = components
        let sum = Int128(parts.seconds) * nanosecondsPerSecond + Int128(parts.attoseconds / attosecondsPerNanosecond)
        return UInt64(clamping: sum)
    }
}
