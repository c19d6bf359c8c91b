/// The clocks of a console: a composition passes the machine's, a test its own.
public struct RoomClock: Sendable {
    /// Seconds since any moment; they never go back.
    public var secondsNow: @Sendable () -> Double
    /// Milliseconds since 1970 by the clock of the wall, which pieces are stamped with.
    public var unixMs: @Sendable () -> Double
    /// Sleeps so many seconds, or until the task is cancelled.
    public var sleep: @Sendable (Double) async -> Void

    /// A clock from its parts.
    public init(
        secondsNow: @escaping @Sendable () -> Double, unixMs: @escaping @Sendable () -> Double,
        sleep: @escaping @Sendable (Double) async -> Void
    ) {
        self.secondsNow = secondsNow
        self.unixMs = unixMs
        self.sleep = sleep
    }

    /// A clock that follows one of Swift's, such as the machine's continuous one.
    ///
    /// - Parameter unixMs: the clock of the wall, ms since 1970.
    public init<Ticking: Clock<Duration>>(_ clock: Ticking, unixMs: @escaping @Sendable () -> Double) {
        self.unixMs = unixMs
        let start = clock.now
        secondsNow = { start.duration(to: clock.now) / .seconds(1) }
        sleep = { seconds in
            do { try await clock.sleep(for: .seconds(seconds)) } catch { return }
        }
    }
}
